"""Reads a sheet that came back: finds its sheets and headers, and gives each row with its place."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.errors import AuditError, InputError
from audit.intake.edited_sheet import EditedSheet, column_letters, read_delimited, read_edited_sheet
from audit.intake.headers import HEADER_WITHIN, fold_header
from audit.intake.sheets import DELIMITED, open_workbook, sheet_names
from audit.language import LANGUAGES
from audit.sampling.field.columns import BASE, KEY, PLANS, RESULT_COLUMN, SAMPLE, Plan
from audit.sampling.field.words import label, sheet_title, tidy

#: So many known headers make a header row.
_ENOUGH = 4


@dataclass(frozen=True)
class Row:
    """One row of a sheet that came back.

    Attributes:
        path: the file.
        sheet: the name of the sheet; empty in a delimited file.
        number: of the row in the sheet, from 1.
        plan: the sheet it belongs to.
        cells: the text of each column that the sheet has; columns of people's own by their header.
        letters: the letters of the columns.
        faults: what is wrong with a cell before it is read: an error, a formula without a value, a merged cell.
    """

    path: Path
    sheet: str
    number: int
    plan: Plan
    cells: Mapping[str, str]
    letters: Mapping[str, str]
    faults: Mapping[str, AuditError]

    @property
    def place(self) -> tuple[Path, str, int]:
        """File, sheet and number: what tells the row from all others."""
        return self.path, self.sheet, self.number


@dataclass(frozen=True)
class Returned:
    """What a file holds.

    Attributes:
        path: the file.
        rows: in the order of the file.
        problems: why nothing, or not all of it, can be taken.
        notes: what was not read.
        extra: columns of people's own, by sheet.
        columns: the columns that each sheet has.
        sha256: of the file; empty if it can't be read.
    """

    path: Path
    rows: tuple[Row, ...] = ()
    problems: tuple[AuditError, ...] = ()
    notes: tuple[AuditError, ...] = ()
    extra: Mapping[str, tuple[str, ...]] | None = None
    columns: frozenset[str] = frozenset()
    sha256: str = ""


@dataclass(frozen=True)
class _Header:
    """The header row of a sheet: which sheet it is of, where it is, and the place of each column."""

    plan: Plan
    row: int
    places: Mapping[str, int]
    extra: Mapping[str, int]
    by_name: bool


def read_returned(path: Path) -> Returned:
    """Read one file; one that can't be read has no rows and says why."""
    try:
        sheets = _sheets(path)
    except InputError as error:
        return Returned(path, problems=(error,))
    rows: list[Row] = []
    problems: list[AuditError] = []
    notes: list[AuditError] = []
    extra: dict[str, tuple[str, ...]] = {}
    columns: set[str] = set()
    for sheet in sheets:
        header = _find_header(sheet)
        if header is None:
            if not _is_ours(sheet.name) and any(tidy(cell) for cells in sheet.rows for cell in cells):
                notes.append(AuditError("field.sheet_not_read", file=path.name, sheet=sheet.name))
            continue
        place = {"file": path.name, "sheet": sheet.name or "CSV"}
        if twice := _twice(sheet, header):
            columns_twice = ", ".join(label(name, "zh") for name in twice)
            problems.append(AuditError("field.two_columns", **place, columns=columns_twice))
        if KEY not in header.places:
            problems.append(AuditError("field.no_key_column", **place))
        columns |= header.places.keys()
        extra[header.plan.name] = (*extra.get(header.plan.name, ()), *header.extra)
        rows += _rows(path, sheet, header)
    if not columns:
        problems.append(InputError("field.no_sheets", file=path.name))
    told = hashlib.sha256(path.read_bytes()).hexdigest()
    return Returned(path, tuple(rows), tuple(problems), tuple(notes), extra, frozenset(columns), told)


def _sheets(path: Path) -> list[EditedSheet]:
    if not path.is_file():
        raise InputError("field.no_file", file=path)
    if path.suffix.lower() in DELIMITED:
        return [read_delimited(path)]
    book = open_workbook(path, path.name)
    return [read_edited_sheet(book, path, name) for name in sheet_names(path, path.name)]


def _is_ours(name: str) -> bool:
    return name in {sheet_title(plain, lang) for plain in ("cover", "options") for lang in LANGUAGES}


def _find_header(sheet: EditedSheet) -> _Header | None:
    """The row with most machine names; where nobody left them, the row with most labels."""
    filled = [place for place, cells in enumerate(sheet.rows) if any(cell.strip() for cell in cells)]
    best: tuple[tuple[bool, int], _Header] | None = None
    for place in filled[:HEADER_WITHIN]:
        for plan in PLANS:
            for by_name in (True, False):
                known = _known(plan, by_name)
                places = _places(sheet.rows[place], known)
                score = (by_name, len(places))
                if len(places) >= _ENOUGH and (best is None or score > best[0]):
                    extra = _extra(sheet, place, known, by_name)
                    best = (score, _Header(plan, place, places, extra, by_name))
    return best[1] if best else None


def _known(plan: Plan, by_name: bool) -> Mapping[str, str]:
    names = (*plan.by_name, RESULT_COLUMN)
    if by_name:
        return {fold_header(name): name for name in names}
    return {fold_header(label(name, lang)): name for lang in LANGUAGES for name in names}


def _places(cells: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    named = [(known.get(fold_header(cell)), place) for place, cell in enumerate(cells)]
    return {name: place for name, place in reversed(named) if name}


def _extra(sheet: EditedSheet, row: int, known: Mapping[str, str], by_name: bool) -> dict[str, int]:
    """Columns of people's own, by what stands at their head."""
    labels = sheet.rows[row + 1] if by_name and row + 1 < len(sheet.rows) else ()
    found: dict[str, int] = {}
    for place in range(max(len(sheet.rows[row]), len(labels))):
        cell = sheet.rows[row][place] if place < len(sheet.rows[row]) else ""
        shown = tidy(cell) or (tidy(labels[place]) if place < len(labels) else "")
        if shown and fold_header(cell) not in known:
            found.setdefault(shown, place)
    return found


def _twice(sheet: EditedSheet, header: _Header) -> list[str]:
    known = _known(header.plan, header.by_name)
    counts = Counter(known[folded] for cell in sheet.rows[header.row] if (folded := fold_header(cell)) in known)
    return sorted(name for name, count in counts.items() if count > 1)


def _rows(path: Path, sheet: EditedSheet, header: _Header) -> Iterator[Row]:
    letters = {name: column_letters(sheet.first_column + place) for name, place in header.places.items()}
    broken = {name: AuditError("field.column_twice") for name in _twice(sheet, header)}
    everywhere = {**header.extra, **header.places}
    for row in range(header.row + 1, len(sheet.rows)):
        texts = sheet.rows[row]
        cells = {name: tidy(texts[place]) if place < len(texts) else "" for name, place in everywhere.items()}
        if _is_label_row(header.plan, cells) or not _says_something(cells):
            continue
        at = {name: (sheet.numbers[row] - 1, sheet.first_column + place) for name, place in header.places.items()}
        faults = {name: sheet.faults[place] for name, place in at.items() if place in sheet.faults}
        yield Row(path, sheet.name, sheet.numbers[row], header.plan, cells, letters, {**faults, **broken})


def _is_label_row(plan: Plan, cells: Mapping[str, str]) -> bool:
    """The visible labels below the hidden names are no row of data."""
    known = {name: {label(name, lang) for lang in LANGUAGES} for name in plan.by_name}
    return sum(cells.get(name, "") in labels for name, labels in known.items()) >= _ENOUGH


def _says_something(cells: Mapping[str, str]) -> bool:
    return any(cell for name, cell in cells.items() if name not in {BASE, SAMPLE, RESULT_COLUMN})
