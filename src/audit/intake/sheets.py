"""Sheets as rows of text: workbooks and delimited files, row by row, with the row's number in the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from audit.errors import InputError
from audit.intake.cells import cell_text
from audit.intake.error_cells import error_cells

WORKBOOKS = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb"})
DELIMITED = frozenset({".csv", ".tsv", ".txt"})
_SAMPLE = 1 << 16
_FIELD_LIMIT = 1 << 24

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or a delimited file.

    Attributes:
        path: the file.
        file: its name relative to the registry.
        name: the sheet's name; empty for a delimited file.
        encoding: of a delimited file; None to find out.
    """

    path: Path
    file: str
    name: str = ""
    encoding: str | None = None

    def rows(self) -> Iterator[Row]:
        """All rows from the top, each with its number, the first being 1."""
        if self.path.suffix.lower() in WORKBOOKS:
            return _workbook_rows(self)
        return _delimited_rows(self)


def open_workbook(path: Path, file: str) -> python_calamine.CalamineWorkbook:
    """Open a workbook.

    Raises:
        InputError: it is empty, truncated, locked by a password or no workbook.
    """
    try:
        if path.stat().st_size == 0:
            raise InputError("intake.empty_file", file=file)
        return python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError as error:
        raise InputError("intake.password", file=file) from error
    except OSError as error:
        raise InputError("intake.unreadable", file=file) from error
    except python_calamine.CalamineError as error:
        raise InputError("intake.no_workbook", file=file) from error


def sheet_names(path: Path, file: str) -> list[str]:
    """The names of a workbook's work sheets, charts left out."""
    book = open_workbook(path, file)
    kind = python_calamine.SheetTypeEnum.WorkSheet
    return [sheet.name for sheet in book.sheets_metadata if sheet.typ == kind]


def _workbook_rows(sheet: Sheet) -> Iterator[Row]:
    book = open_workbook(sheet.path, sheet.file)
    errors = error_cells(sheet.path, sheet.name)
    rows_with_errors = {row for row, _ in errors}
    try:
        opened = book.get_sheet_by_name(sheet.name)
        first_column = opened.start[1] if opened.start else 0
        for number, cells in enumerate(opened.iter_rows(), start=1):
            texts = [cell_text(cell) for cell in cells]
            if number - 1 in rows_with_errors:
                texts = [errors.get((number - 1, place + first_column), text) for place, text in enumerate(texts)]
            yield number, texts
    except python_calamine.CalamineError as error:
        raise InputError("intake.broken_sheet", file=sheet.file, sheet=sheet.name) from error


def find_encoding(path: Path, file: str) -> str:
    """Tell UTF-8 from GB18030.

    Raises:
        InputError: the file is empty, is UTF-16, holds NUL bytes or is neither.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError("intake.unreadable", file=file) from error
    if not content.strip():
        raise InputError("intake.empty_file", file=file)
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise InputError("intake.utf16", file=file)
    if (place := content.find(b"\0")) >= 0:
        raise InputError("intake.nul", file=file, line=content.count(b"\n", 0, place) + 1)
    understood = 0
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError as error:
            understood = max(understood, error.start)
        else:
            return encoding
    raise InputError("intake.encoding", file=file, line=content.count(b"\n", 0, understood) + 1)


def _delimited_rows(sheet: Sheet) -> Iterator[Row]:
    encoding = sheet.encoding or find_encoding(sheet.path, sheet.file)
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        with sheet.path.open(encoding=encoding, newline="") as file:
            delimiter = _delimiter(file.read(_SAMPLE))
            file.seek(0)
            reader = csv.reader(file, delimiter=delimiter)
            start = 1
            for cells in reader:
                yield start, cells
                start = reader.line_num + 1
    except (OSError, UnicodeDecodeError, LookupError) as error:
        raise InputError("intake.unreadable", file=sheet.file) from error
    except csv.Error as error:
        raise InputError("intake.broken_csv", file=sheet.file, line=start) from error


def _delimiter(sample: str) -> str:
    """The delimiter under which most lines have the same number of cells, more than one: title lines have one.

    Of two that agree on as many lines the one that begins earlier is meant: the header's, not one within a long cell.
    """

    def agreement(mark: str) -> tuple[int, int, int]:
        widths = [len(cells) for cells in _split(sample, mark)]
        counts = Counter(width for width in widths if width > 1)
        return max(((lines, -widths.index(width), width) for width, lines in counts.items()), default=(0, 0, 0))

    return max((",", "\t", ";"), key=agreement)


def _split(sample: str, mark: str) -> Iterator[Sequence[str]]:
    lines = io.StringIO(sample, newline="")
    try:
        for place, cells in enumerate(csv.reader(lines, delimiter=mark)):
            if place > 20:
                return
            yield cells
    except csv.Error:
        return
