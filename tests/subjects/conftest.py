"""Facts of a subject, made from the smallest registry that shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import BARE
from tests.policy import shipped

from audit.accepted import accepted_registry, ask

Facts = Callable[..., list[tuple[object, ...]]]


@pytest.fixture(scope="session")
def facts() -> Facts:
    """Give some facts of every subject of a kind, in the order of the ids; as of 2024-12-31 unless said otherwise."""
    rulebook = shipped()

    def made(data: Path, subject: str, columns: str, as_of: date = date(2024, 12, 31)) -> list[tuple[object, ...]]:
        with accepted_registry(data, None, BARE) as accepted:
            assert accepted.con.execute("SELECT count(*) FROM quarantine").fetchall() == [(0,)]
            ask(accepted, rulebook.rules, rulebook.parameters, as_of, as_of.year, whole=True)
            return accepted.con.execute(f"SELECT {columns} FROM {subject}_facts ORDER BY subject_id").fetchall()

    return made
