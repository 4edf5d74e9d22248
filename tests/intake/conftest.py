"""A PostgreSQL server for the tests of this folder, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.postgresql import Database, Server, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as one:
        yield one


@pytest.fixture
def database(server: Server) -> Database:
    """An empty database of its own."""
    return server.new_database()
