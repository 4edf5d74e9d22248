"""Reads a workbook that people have edited: finds its sheets and headers, and gives each row with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.contract.cells import fold
from audit.errors import AuditError, InputError
from audit.intake.edited_sheet import EditedSheet, column_letters, read_edited_sheet
from audit.intake.headers import HEADER_WITHIN, fold_header
from audit.intake.sheets import open_workbook, sheet_names
from audit.language import LANGUAGES
from audit.rulebook_workbook.cell_values import tidy
from audit.rulebook_workbook.columns import NUMBER, PARAMETERS, RESULT, SHEETS, VERSION, Plan
from audit.rulebook_workbook.words import label, sheet_title

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
class Contents:
    """What a workbook holds: its rows in the order of the sheets, and what was not read."""

    rows: tuple[Row, ...]
    notes: tuple[AuditError, ...]


@dataclass(frozen=True)
class _Header:
    """The header row of a sheet: where it is, what it is the header of, and the place of each column."""

    plan: Plan
    row: int
    places: Mapping[str, int]
    by_name: bool


def read_workbook(path: Path) -> Contents:
    """Read all rows about rules, cases and parameters; other sheets and columns are left alone, and named.

    Raises:
        InputError: the workbook can't be read, has no such sheet, or has a sheet or column of them twice.
    """
    names = sheet_names(path, path.name)
    book = open_workbook(path, path.name)
    found: dict[str, tuple[EditedSheet, _Header]] = {}
    notes: list[AuditError] = []
    for name in names:
        sheet = read_edited_sheet(book, path, name)
        header = _find_header(sheet)
        if header is None:
            if name not in {sheet_title(plain, lang) for plain in ("guide", "options") for lang in LANGUAGES}:
                notes.append(AuditError("workbook.sheet_not_read", sheet=name))
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
        notes += _unread_columns(sheet, header)
    if not found:
        raise InputError("workbook.no_sheets", file=path.name)
    rows = tuple(row for plan in SHEETS if plan.name in found for row in _rows(*found[plan.name]))
    return Contents(rows, tuple(notes))


def _find_header(sheet: EditedSheet) -> _Header | None:
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


def _named(sheet: EditedSheet, header: _Header) -> list[str]:
    known = _names(header.plan) if header.by_name else _labels(header.plan)
    return [known[folded] for cell in sheet.rows[header.row] if (folded := fold_header(cell)) in known]


def _unread_columns(sheet: EditedSheet, header: _Header) -> Iterator[AuditError]:
    """Columns that nobody knows, and columns that are gone: what people write there would be lost unseen."""
    known = _names(header.plan) if header.by_name else _labels(header.plan)
    strange = [tidy(cell) for cell in sheet.rows[header.row] if cell.strip() and fold_header(cell) not in known]
    if strange:
        yield AuditError("workbook.column_not_read", sheet=sheet.name, columns=", ".join(strange))
    missing = [name for name in header.plan.headers if name not in header.places]
    if missing:
        yield AuditError("workbook.column_missing", sheet=sheet.name, columns=", ".join(missing))


def _rows(sheet: EditedSheet, header: _Header) -> Iterator[Row]:
    letters = {name: column_letters(sheet.first_column + place) for name, place in header.places.items()}
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
