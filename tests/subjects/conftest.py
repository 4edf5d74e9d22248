"""Facts of a subject, made from the smallest registry that shows them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import BARE
from tests.policy import shipped

from audit.accepted import accepted_registry
from audit.engine.facts import make_facts
from audit.engine.values_in_force import all_in_force
from audit.subjects import load_subject
from audit.subjects.asked import all_columns, asked_columns

Facts = Callable[..., list[tuple[object, ...]]]


@pytest.fixture(scope="session")
def facts() -> Facts:
    """Give some facts of every subject of a kind, in the order of the ids; as of 2024-12-31 unless said otherwise.

    All facts of the kind are made, and of other kinds those that they are made from.
    """
    parameters = shipped().parameters

    def made(data: Path, subject: str, columns: str, as_of: date = date(2024, 12, 31)) -> list[tuple[object, ...]]:
        with accepted_registry(data, None, BARE) as accepted:
            assert accepted.con.execute("SELECT count(*) FROM quarantine").fetchall() == [(0,)]
            in_force = all_in_force(parameters, as_of.year)
            make_facts(accepted.con, as_of, as_of.year, in_force, made_for(subject))
            return accepted.con.execute(f"SELECT {columns} FROM {subject}_facts ORDER BY subject_id").fetchall()

    return made


@cache
def made_for(subject: str) -> Mapping[str, Collection[str]]:
    """The columns to make for all facts of a kind."""
    asked = asked_columns({subject: load_subject(subject).facts.values()})
    return {**asked, subject: all_columns()[subject]}
