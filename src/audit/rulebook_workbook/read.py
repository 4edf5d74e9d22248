"""Reads a workbook that people have edited: finds its sheets and headers, and gives each row with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from audit.contract.cells import fold
from audit.errors import AuditError, InputError
from audit.intake.cells import cell_text
from audit.intake.error_cells import error_cells, formulas_without_value
from audit.intake.headers import HEADER_WITHIN, fold_header
from audit.intake.sheets import open_workbook, sheet_names
from audit.language import LANGUAGES
from audit.rulebook_workbook.cell_values import tidy
from audit.rulebook_workbook.columns import NUMBER, PARAMETERS, RESULT, SHEETS, VERSION, Plan
from audit.rulebook_workbook.words import label

_RULE_KEY = re.compile("[A-Z]+-[0-9]+")
_PARAMETER_KEY = re.compile("[a-z][a-z0-9_]*")
_VERSION = re.compile("[0-9a-f]{12}")


@dataclass(frozen=True)
class Row:
    """One row of a sheet.

    Attributes:
        plan: the sheet it belongs to.
        sheet: the name of the sheet in the workbook.
        number: of the row in the sheet, from 1.
        cells: the text of each column that the sheet has.
        letters: the letters of the columns.
        faults: what is wrong with a cell before it is read: an error, a formula without a value, a merged cell.
    """

    plan: Plan
    sheet: str
    number: int
    cells: Mapping[str, str]
    letters: Mapping[str, str]
    faults: Mapping[str, AuditError]

    @property
    def place(self) -> tuple[str, int]:
        """The sheet and the number: what tells the row from all others."""
        return self.sheet, self.number


@dataclass(frozen=True)
class _Header:
    """The header row of a sheet: where it is, what it is the header of, and the place of each column."""

    plan: Plan
    row: int
    places: Mapping[str, int]
    by_name: bool


@dataclass(frozen=True)
class _Sheet:
    """A sheet as it stands in the workbook; places count from 0."""

    name: str
    first_column: int
    rows: list[list[str]]
    faults: Mapping[tuple[int, int], AuditError]


def read_workbook(path: Path) -> tuple[Row, ...]:
    """Read all rows about rules, cases and parameters; other sheets are left alone.

    Raises:
        InputError: the workbook can't be read, has no such sheet, or has a sheet or column of them twice.
    """
    names = sheet_names(path, path.name)
    book = open_workbook(path, path.name)
    found: dict[str, tuple[_Sheet, _Header]] = {}
    for name in names:
        sheet = _read_sheet(book, path, name)
        header = _find_header(sheet)
        if header is None:
            continue
        if header.plan.name in found:
            first = found[header.plan.name][0].name
            raise InputError("workbook.two_sheets", file=path.name, first=first, second=name)
        twice = [column for column, count in Counter(_named(sheet, header)).items() if count > 1]
        if twice:
            raise InputError("workbook.two_columns", file=path.name, sheet=name, columns=", ".join(sorted(twice)))
        if header.plan.inside and NUMBER not in header.places:
            raise InputError("workbook.no_number_column", file=path.name, sheet=name, column=NUMBER)
        found[header.plan.name] = (sheet, header)
    if not found:
        raise InputError("workbook.no_sheets", file=path.name)
    return tuple(row for plan in SHEETS if plan.name in found for row in _rows(*found[plan.name]))


def _read_sheet(book: python_calamine.CalamineWorkbook, path: Path, name: str) -> _Sheet:
    try:
        opened = book.get_sheet_by_name(name)
        rows = [[cell_text(cell) for cell in cells] for cells in opened.iter_rows()]
        first_column = opened.start[1] if opened.start else 0
        merged = opened.merged_cell_ranges or []
    except python_calamine.CalamineError as error:
        raise InputError("intake.broken_sheet", file=path.name, sheet=name) from error
    faults: dict[tuple[int, int], AuditError] = {}
    for (top, left), (bottom, right) in merged:
        for row in range(top, bottom + 1):
            faults.update({(row, column): AuditError("workbook.merged") for column in range(left, right + 1)})
    for place in formulas_without_value(path, name):
        faults[place] = AuditError("workbook.formula")
    for place, shown in error_cells(path, name).items():
        faults[place] = AuditError("workbook.error_cell", shown=shown)
    return _Sheet(name, first_column, rows, faults)


def _find_header(sheet: _Sheet) -> _Header | None:
    """The row with most machine names; where nobody left them, the row with most labels."""
    filled = [number for number, cells in enumerate(sheet.rows) if any(cell.strip() for cell in cells)]
    best: tuple[tuple[bool, int], _Header] | None = None
    for number in filled[:HEADER_WITHIN]:
        for plan in SHEETS:
            for by_name, known in ((True, _names(plan)), (False, _labels(plan))):
                places = _places(sheet.rows[number], known)
                score = (by_name, len(places))
                if plan.key in places and len(places) > 2 and (best is None or score > best[0]):
                    best = (score, _Header(plan, number, places, by_name))
    return best[1] if best else None


def _names(plan: Plan) -> Mapping[str, str]:
    return {fold_header(name): name for name in (*plan.headers, RESULT)}


def _labels(plan: Plan) -> Mapping[str, str]:
    return {fold_header(label(name, lang)): name for lang in LANGUAGES for name in (*plan.headers, RESULT)}


def _places(cells: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    named = [(known.get(fold_header(cell)), place) for place, cell in enumerate(cells)]
    return {name: place for name, place in reversed(named) if name}


def _named(sheet: _Sheet, header: _Header) -> list[str]:
    known = _names(header.plan) if header.by_name else _labels(header.plan)
    return [known[folded] for cell in sheet.rows[header.row] if (folded := fold_header(cell)) in known]


def _rows(sheet: _Sheet, header: _Header) -> Iterator[Row]:
    letters = {name: _letters(sheet.first_column + place) for name, place in header.places.items()}
    # The visible labels below the hidden names are no row of data, whatever people have renamed them to.
    labels_to_come = header.by_name
    for number, texts in enumerate(sheet.rows[header.row + 1 :], start=header.row + 1):
        cells = {name: texts[place] if place < len(texts) else "" for name, place in header.places.items()}
        places = {name: (number, sheet.first_column + place) for name, place in header.places.items()}
        faults = {name: sheet.faults[place] for name, place in places.items() if place in sheet.faults}
        said = {name for name, cell in cells.items() if cell.strip()} | faults.keys()
        if not said - {VERSION, RESULT}:
            continue
        if labels_to_come and _is_label_row(header.plan, cells):
            labels_to_come = False
            continue
        labels_to_come = False
        yield Row(header.plan, sheet.name, number + 1, cells, letters, faults)


def _is_label_row(plan: Plan, cells: Mapping[str, str]) -> bool:
    if any(tidy(cell) == label(name, lang) != "" for name, cell in cells.items() for lang in LANGUAGES):
        return True
    return not key_like(plan, owner_in(plan, cells)) and not _VERSION.fullmatch(tidy(cells.get(VERSION, "")))


def owner_in(plan: Plan, cells: Mapping[str, str]) -> str:
    """The id of the rule, or the name of the parameter, that a row names."""
    named = "".join(fold(tidy(cells[plan.key])).split())
    return named if plan is PARAMETERS else named.upper()


def key_like(plan: Plan, owner: str) -> bool:
    """Whether it could be the id of a rule, or the name of a parameter."""
    return bool((_PARAMETER_KEY if plan is PARAMETERS else _RULE_KEY).fullmatch(owner))


def _letters(place: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
