"""A sheet that people have edited, cell by cell, with what is wrong with a cell before it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from audit.errors import AuditError, InputError
from audit.intake.cells import cell_text
from audit.intake.error_cells import error_cells, formulas_without_value
from audit.intake.sheets import Sheet


@dataclass(frozen=True)
class EditedSheet:
    """A sheet as it stands in a file.

    Attributes:
        name: of the sheet; empty for a delimited file.
        first_column: of the cells in ``rows``, the first being 0.
        rows: the texts of the cells.
        numbers: the number of each row in the file, the first being 1.
        faults: by row and column, both from 0: a merged cell, an error, a formula without a value.
    """

    name: str
    first_column: int
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    faults: Mapping[tuple[int, int], AuditError]


def read_edited_sheet(book: python_calamine.CalamineWorkbook, path: Path, name: str) -> EditedSheet:
    """Read a sheet of a workbook, hidden rows and columns too.

    Raises:
        InputError: the sheet can't be read.
    """
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
    return EditedSheet(name, first_column, rows, range(1, len(rows) + 1), faults)


def read_delimited(path: Path) -> EditedSheet:
    """Read a delimited file; its encoding is found out.

    Raises:
        InputError: the file can't be read.
    """
    found = list(Sheet(path, path.name).rows())
    return EditedSheet("", 0, [cells for _, cells in found], [number for number, _ in found], {})


def column_letters(place: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
