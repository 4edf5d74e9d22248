"""What each cell of a field sheet may say, declared in pandera: all mistakes of a sheet are found at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import cast

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from audit.contract.cells import BLANK_MARKS, SCIENTIFIC, UnreadableError, fold, read_date
from audit.errors import AuditError
from audit.report.masking import harmless
from audit.sampling.field.columns import Column, Form, Plan
from audit.sampling.field.words import CLEAR, code_of, tidy

#: More than this is no note any more, and would not fit on paper.
LONGEST = 2000
#: A date with the time of day behind it, as NOW() leaves it.
_TIME = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$")
_MARKS = BLANK_MARKS - {"/"}


@dataclass(frozen=True)
class Cleared:
    """A cell that says that what is recorded is to be emptied."""


Value = str | Cleared | AuditError


@dataclass(frozen=True)
class Checked:
    """A row as pandera has read it.

    Attributes:
        said: the answers that its filled cells give, by column.
        cleared: the columns that are to be emptied.
        refused: by column, what is wrong with a cell.
    """

    said: Mapping[str, str]
    cleared: frozenset[str]
    refused: Mapping[str, AuditError]


def sheet_schema(plan: Plan, today: date) -> pa.DataFrameSchema:
    """The schema of a sheet: each cell is read by a parser, and must not be a mistake.

    Args:
        plan: the sheet.
        today: the day on which it is read; nothing can have been visited later.
    """
    return pa.DataFrameSchema(
        {
            name: pa.Column(
                object,
                parsers=pa.Parser(partial(_read_all, column=plan.by_name[name], today=today), name="read"),
                checks=pa.Check(_readable, element_wise=True, name="readable", error="readable"),
            )
            for name in plan.answers
        }
    )


def check_cells(plan: Plan, rows: Sequence[Mapping[str, str]], today: date) -> tuple[Checked, ...]:
    """Hold the cells of a sheet against its schema.

    Args:
        plan: the sheet.
        rows: the texts of each row by column; a column that the sheet lacks counts as blank.
        today: the day on which the sheet is read.
    """
    if not rows:
        return ()
    schema = sheet_schema(plan, today)
    frame = pd.DataFrame([{name: row.get(name, "") for name in plan.answers} for row in rows], dtype=object)
    refused: list[dict[str, AuditError]] = [{} for _ in rows]
    try:
        parsed = schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        parsed = cast("pd.DataFrame", errors.data)
        for column, number in errors.failure_cases[["column", "index"]].itertuples(index=False):
            wrong = parsed.at[int(number), str(column)]
            if isinstance(wrong, AuditError):
                refused[int(number)][str(column)] = wrong
    records: list[dict[str, object]] = [dict(zip(plan.answers, values, strict=True)) for values in parsed.to_numpy()]
    return tuple(
        Checked(
            {name: value for name, value in cells.items() if isinstance(value, str) and value},
            frozenset(name for name, value in cells.items() if isinstance(value, Cleared)),
            wrong,
        )
        for cells, wrong in zip(records, refused, strict=True)
    )


def _readable(value: object) -> bool:
    return not isinstance(value, AuditError)


def _read_all(cells: pd.Series, column: Column, today: date) -> pd.Series:
    return pd.Series([_read(str(cell), column, today) for cell in cells], index=cells.index, dtype=object)


def _read(cell: str, column: Column, today: date) -> Value:
    """The answer that a cell gives: blank, a text, a code, a day as 2025-01-31; or what is wrong with it."""
    written = tidy(cell)
    if fold(written).upper() in _MARKS:
        return ""
    if written in CLEAR:
        return AuditError("field.not_cleared") if column.needed else Cleared()
    try:
        match column.form:
            case Form.WORD:
                return code_of(column.options, written)
            case Form.DATE:
                return _day(written, today)
    except AuditError as error:
        return error
    if SCIENTIFIC.fullmatch(fold(written)):
        return AuditError("field.lost_digits")
    if len(written) > LONGEST:
        return AuditError("field.too_long", length=len(written), longest=LONGEST)
    return harmless(written)


def _day(written: str, today: date) -> str:
    plain = "".join(_TIME.sub("", fold(written)).split())
    try:
        # 202401 is a month of an export; nobody visits for a month.
        if len(plain) == 6 and plain.isdigit():
            raise UnreadableError
        day = read_date(plain)
    except UnreadableError as error:
        raise AuditError("field.no_date") from error
    if day > today:
        raise AuditError("field.future", today=today)
    return day.isoformat()
