"""The reference values of sampling, row by row, from ``reference.csv``: sources are named in its columns.

A test module that reproduces rows names them in ``COVERED`` and is listed in ``MODULES``; a test fails if a row is
covered by nobody. Rows with status ``source_differs`` hold the exact value; ``note`` says why the source is off.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

#: Modules that reproduce rows.
MODULES = (
    "tests.sampling.chance.test_chance_reference",
    "tests.sampling.test_plan_reference",
    "tests.sampling.test_allocation_reference",
    "tests.sampling.test_order_reference",
    "tests.sampling.estimate.test_estimate_reference",
)


@dataclass(frozen=True)
class Reference:
    """One row as it stands in the file."""

    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def id(self) -> str:
        return self["id"]

    def number(self, column: str) -> int:
        """A whole number; 0 where the cell is empty."""
        return int(self[column] or 0)

    def numbers(self, column: str) -> tuple[int, ...]:
        """Whole numbers joined by semicolons."""
        return tuple(int(part) for part in self[column].split(";"))

    def fraction(self, column: str) -> Fraction:
        """A decimal, exactly; 0 where the cell is empty."""
        return Fraction(self[column] or 0)

    @property
    def alpha(self) -> Fraction:
        """The risk that is left in all."""
        return 1 - self.fraction("confidence")


def every_row() -> tuple[Reference, ...]:
    """The whole file."""
    with (Path(__file__).parent / "reference.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Reference(row) for row in csv.DictReader(file))


def reference(*quantities: str) -> tuple[Reference, ...]:
    """The rows of some quantities; a quantity without a row is a mistake."""
    rows = tuple(row for row in every_row() if row["quantity"] in quantities)
    assert {row["quantity"] for row in rows} == set(quantities)
    return rows
