"""Understands one row of a workbook: which rule, case or value it is about, and what its cells say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.contract.cells import UnreadableError, fold, read_int
from audit.errors import AuditError
from audit.language import LANGUAGES
from audit.model.document import Plain
from audit.rulebook.rule_file import REQUIRED
from audit.rulebook_workbook.answers import Problem
from audit.rulebook_workbook.cell_values import CLEAR, read_value, tidy, write_value
from audit.rulebook_workbook.columns import NUMBER, RESULT, Column, Form
from audit.rulebook_workbook.entries import Entry, RuleFiles
from audit.rulebook_workbook.read import Row, owner_in


@dataclass(frozen=True)
class Reading:
    """A row as understood.

    Attributes:
        row: the row.
        owner: the rule or parameter that it names.
        number: the case or value that it names; 0 if it names none.
        entry: what the files say of it; None if it is new.
        values: what its filled cells say; None for one that is to be emptied.
        problems: what can't be understood.
    """

    row: Row
    owner: str
    number: int
    entry: Entry | None
    values: Mapping[str, Plain]
    problems: tuple[Problem, ...]


def understand(row: Row, files: RuleFiles) -> Reading:
    """Read all cells of a row; a cell that can't be read is a problem, not an error."""
    problems = [Problem(name, fault) for name, fault in row.faults.items() if name != RESULT]
    owner = owner_in(row.plan, row.cells)
    number = _number(row, problems)
    entry = files.by_place.get((row.plan.name, owner, number))
    values: dict[str, Plain] = {}
    for column in row.plan.columns:
        cell = tidy(row.cells.get(column.name, ""))
        if not cell or column.name == row.plan.key or column.name in row.faults:
            continue
        current = entry.values.get(column.name) if entry else None
        try:
            values[column.name] = _value(cell, column, current)
        except AuditError as error:
            problems.append(Problem(column.name, error))
    return Reading(row, owner, number, entry, values, tuple(problems))


def _value(cell: str, column: Column, current: Plain) -> Plain:
    if cell in CLEAR:
        # What a rule must say, but may leave empty, such as its evidence, stays as an empty list.
        return [] if column.form is Form.LIST and column.name in REQUIRED else None
    for lang in LANGUAGES:
        if current is not None and cell == tidy(write_value(current, column, lang)):
            return current
    return read_value(cell, column)


def _number(row: Row, problems: list[Problem]) -> int:
    written = fold(tidy(row.cells.get(NUMBER, "")))
    if not row.plan.inside or not written or NUMBER in row.faults:
        return 0
    try:
        number = read_int(written)
    except UnreadableError:
        number = 0
    if number < 1:
        problems.append(Problem(NUMBER, AuditError("workbook.no_number")))
    return max(number, 0)
