"""Every reference value is reproduced by some test."""

from __future__ import annotations

from importlib import import_module

from tests.sampling.reference import MODULES, every_row


def test_every_row_is_covered_once() -> None:
    covered = [row.id for module in MODULES for row in import_module(module).COVERED]
    assert len(covered) == len(set(covered))
    assert sorted(covered) == sorted(row.id for row in every_row())


def test_the_file_is_whole() -> None:
    rows = every_row()
    assert len(rows) == 97
    assert {row["status"] for row in rows} == {"confirmed", "computed", "source_differs"}
    assert all(row["note"] for row in rows if row["status"] == "source_differs")
