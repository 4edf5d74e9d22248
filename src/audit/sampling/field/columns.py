"""The two sheets of a field workbook: one row per household, and one row per item that is verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from audit.sampling.field.codes import REASONS, Mode, Result, Verdict

#: Bookkeeping: what a row is about, what was recorded when the sheet was written, what the import said.
KEY, BASE, SAMPLE, RESULT_COLUMN = "key", "base", "sample", "answer"
UNIT = "unit"


class Form(StrEnum):
    """How an answer is written in a cell."""

    TEXT = "text"
    WORD = "word"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes:
        name: the machine name in the hidden first row.
        width: in characters.
        form: of an answer: how it is written; None where nothing is filled in.
        options: the list of words that an answer takes, by its name in ``OPTIONS``.
        needed: whether an answer that is there may not be emptied.
        hidden: whether people see it.
    """

    name: str
    width: int
    form: Form | None = None
    options: str = ""
    needed: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Plan:
    """One sheet with its columns in order."""

    name: str
    columns: tuple[Column, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """The columns that inspectors fill in, in the order in which they are kept."""
        return tuple(column.name for column in self.columns if column.form)


OPTIONS: Mapping[str, Sequence[str]] = {
    "verdict": tuple(Verdict),
    "result": tuple(Result),
    "reason": tuple(REASONS),
    "mode": tuple(Mode),
}
_KEYS = (Column(KEY, 17), Column(BASE, 14, hidden=True), Column(SAMPLE, 20, hidden=True), Column(UNIT, 20))
VISITS = Plan(
    "visits",
    (
        *_KEYS,
        Column("head", 10),
        Column("place", 16),
        Column("visited_on", 12, Form.DATE, needed=True),
        Column("inspector", 12, Form.TEXT, needed=True),
        Column("mode", 10, Form.WORD, "mode"),
        Column("result", 14, Form.WORD, "result", needed=True),
        Column("reason", 22, Form.WORD, "reason"),
        Column("others", 30, Form.TEXT),
        Column("photos", 22, Form.TEXT),
        Column("note", 26, Form.TEXT),
    ),
)
ITEMS = Plan(
    "items",
    (
        *_KEYS,
        Column("head", 10),
        Column("item", 9),
        Column("question", 38),
        Column("look", 46),
        Column("registry", 30),
        Column("first_said", 22),
        Column("second_said", 22),
        Column("verdict", 12, Form.WORD, "verdict", needed=True),
        Column("found", 26, Form.TEXT),
        Column("photos", 20, Form.TEXT),
        Column("note", 24, Form.TEXT),
    ),
)
PLANS = (VISITS, ITEMS)
#: The answer that says whether anything is recorded in a row at all.
DECIDING: Mapping[str, str] = {"visits": "result", "items": "verdict"}
