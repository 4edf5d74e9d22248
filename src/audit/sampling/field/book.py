"""Draws a field workbook: every cell text, machine names in a hidden first row, option lists, locked keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from pathlib import Path
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from audit.errors import RunError
from audit.language import Language, text
from audit.sampling.field.columns import KEY, OPTIONS, PLANS, RESULT_COLUMN, UNIT, Column, Form, Plan
from audit.sampling.field.words import label, sheet_title, word

#: The workbook's own date of making: fixed, so that the same sample and records give the same bytes.
_MADE = datetime(2024, 1, 1)
#: What a cell of Excel holds.
LONGEST = 32_767
_RESULT_WIDTH, _COVER_WIDTH, _EXTRA_WIDTH = 44, 78, 18
#: Points of a line of text, and of the tallest row that Excel has.
_LINE, _TALLEST = 14.5, 409.0
_COLOURS = {"unchanged": "#F2F2F2", "recorded": "#E2EFDA", "refused": "#F8CBAD"}
#: What a protected sheet still lets people do.
_ALLOWED = dict.fromkeys(
    ("sort", "autofilter", "format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows"), True
)


@dataclass(frozen=True)
class Line:
    """One row to draw.

    Attributes:
        cells: texts by column.
        colours: of some of the cells: the name of a colour.
    """

    cells: Mapping[str, str]
    colours: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """A workbook to draw.

    Attributes:
        cover: the lines of the first sheet.
        lines: the rows of each sheet.
        left_out: columns that this workbook does not have.
        extra: columns that people have added to each sheet, which an answer gives back.
        footer: at the foot of each printed page.
        answered: whether there is a column that says what became of each row.
    """

    cover: Sequence[str]
    lines: Mapping[str, Sequence[Line]]
    left_out: frozenset[str]
    footer: str
    extra: Mapping[str, Sequence[str]] = field(default_factory=dict)
    answered: bool = False


def draw_book(path: Path, book: Book, lang: Language) -> None:
    """Write a workbook.

    Raises:
        RunError: the file can't be written.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(str(path), options) as drawn:
            drawn.set_properties({"title": text("field_sheet.title", lang), "created": _MADE})
            pens = _Pens(drawn)
            _write_cover(drawn.add_worksheet(sheet_title("cover", lang)), book, pens)
            for plan in PLANS:
                _fill(drawn.add_worksheet(sheet_title(plan.name, lang)), plan, book, pens, lang)
            _write_options(drawn, lang, pens)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise RunError("field.unwritable", path=path, problem="") from error


class _Pens:
    """The formats: all of them text, or a household number would lose digits and =1+1 become a formula."""

    def __init__(self, drawn: xlsxwriter.Workbook) -> None:
        base = {"num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
        open_cell = {"locked": False, "bg_color": "#FFFFE7"}
        self.cover: Format = drawn.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.head: Format = drawn.add_format({"num_format": "@", "bold": True, "font_size": 16})
        self.header: Format = drawn.add_format({**base, "bold": True, "bg_color": "#DDEBF7"})
        self.locked: Format = drawn.add_format({**base, "font_color": "#333333"})
        self.open: Format = drawn.add_format({**base, **open_cell})
        self.date: Format = drawn.add_format({**base, **open_cell, "num_format": "yyyy-mm-dd"})
        self.coloured: Mapping[tuple[str, bool], Format] = {
            (name, locked): drawn.add_format({**base, "bg_color": colour, "locked": locked})
            for name, colour in _COLOURS.items()
            for locked in (True, False)
        }

    def of(self, column: Column | None, colour: str) -> Format:
        """The format of a cell."""
        form = column.form if column else None
        if colour:
            return self.coloured[colour, form is None]
        return self.date if form is Form.DATE else self.open if form else self.locked


def _fill(sheet: Worksheet, plan: Plan, book: Book, pens: _Pens, lang: Language) -> None:
    lines = book.lines.get(plan.name, ())
    names = [column.name for column in plan.columns if column.name not in book.left_out]
    headers = [*((RESULT_COLUMN,) if book.answered else ()), *names, *book.extra.get(plan.name, ())]
    for row, line in enumerate(lines, start=2):
        sheet.set_row(row, _height((line.cells.get(name, ""), _width(plan, name)) for name in headers))
    for place, name in enumerate(headers):
        column, width = plan.by_name.get(name), _width(plan, name)
        hidden = bool(column and column.hidden)
        sheet.set_column(place, place, width, None, {"hidden": hidden})
        ours = column is not None or name == RESULT_COLUMN
        sheet.write_string(0, place, name if ours else "", pens.header)
        sheet.write_string(1, place, label(name, lang) if ours else name, pens.header)
        for row, line in enumerate(lines, start=2):
            pen = pens.of(column, line.colours.get(name, ""))
            if cell := line.cells.get(name, ""):
                sheet.write_string(row, place, cell[:LONGEST], pen)
            else:
                sheet.write_blank(row, place, None, pen)
        if column and column.form and lines:
            _validate(sheet, column, place, len(lines), lang)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.freeze_panes(2, headers.index(UNIT if UNIT in headers else KEY) + 1)
    sheet.autofilter(1, 0, max(len(lines) + 1, 2), len(headers) - 1)
    sheet.protect("", _ALLOWED)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_footer(f"&L{_literal(book.footer)}&R&P / &N")


def _width(plan: Plan, name: str) -> int:
    column = plan.by_name.get(name)
    return column.width if column else _RESULT_WIDTH if name == RESULT_COLUMN else _EXTRA_WIDTH


def _height(cells: Iterable[tuple[str, int]]) -> float:
    """The height that shows every line of a row: WPS and LibreOffice do not find it out by themselves."""
    lines = (sum(ceil(max(_wide(part), 1) / (width - 1)) for part in cell.split("\n")) for cell, width in cells)
    return min(max(1, *lines) * _LINE + 3, _TALLEST)


def _wide(part: str) -> int:
    """The width of a text in letters: a Chinese sign takes two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in part)


def _validate(sheet: Worksheet, column: Column, place: int, lines: int, lang: Language) -> None:
    """A hand-rail: whatever gets past it is checked again when the sheet is read."""
    title = label(column.name, lang)[:32]
    if column.form is Form.WORD:
        source = {"validate": "list", "source": f"=options_{column.options}"}
        told = {"error_title": title, "error_message": text("field.pick", lang)}
        sheet.data_validation(2, place, lines + 1, place, {**source, **told})
    elif column.form is Form.DATE:
        days = {"validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2100, 1, 1)}
        told = {"error_type": "information", "error_title": title, "error_message": text("field.date_told", lang)}
        sheet.data_validation(2, place, lines + 1, place, {**days, **told})


def _literal(footer: str) -> str:
    """A text in which no sign means anything to the printer."""
    return footer.replace("&", "&&")[:200]


def _write_cover(sheet: Worksheet, book: Book, pens: _Pens) -> None:
    sheet.set_column(0, 0, _COVER_WIDTH, pens.cover)
    for row, line in enumerate(book.cover):
        sheet.set_row(row, _height([(line, _COVER_WIDTH)]) if row else None)
        sheet.write_string(row, 0, line, pens.cover if row else pens.head)
    sheet.protect("", _ALLOWED)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_options(drawn: xlsxwriter.Workbook, lang: Language, pens: _Pens) -> None:
    """The lists stand on a sheet of their own: a list written into the rule of a cell holds 255 characters at most."""
    name = sheet_title("options", lang)
    sheet = drawn.add_worksheet(name)
    sheet.hide()
    for place, (options, codes) in enumerate(OPTIONS.items()):
        sheet.write_string(0, place, label(options, lang), pens.header)
        for row, code in enumerate(codes, start=1):
            sheet.write_string(row, place, word(options, code, lang), pens.locked)
        letter = chr(ord("A") + place)
        drawn.define_name(f"options_{options}", f"='{name}'!${letter}$2:${letter}${len(codes) + 1}")
