"""Draws the workbook: every cell text, a hidden first row of machine names, labels, option lists, colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from audit.errors import RunError
from audit.language import Language, text
from audit.rulebook_workbook.columns import NUMBER, OPTIONS, RESULT, SHEETS, VERSION, Form, Plan
from audit.rulebook_workbook.words import label, sheet_title, words

#: The workbook's own date of making: fixed, so that the same rules give the same bytes.
_MADE = datetime(2024, 1, 1)
#: Rows that get an option list: those that are filled, and this many for new ones.
_NEW_ROWS = 500
#: What a cell of Excel holds.
LONGEST = 32_767
_NARROW, _RESULT_WIDTH, _GUIDE_WIDTH = 10, 60, 110
_COLOURS = {"unchanged": "#F2F2F2", "changed": "#FFF2CC", "new": "#E2EFDA", "refused": "#F8CBAD"}


@dataclass(frozen=True)
class Line:
    """One row to draw.

    Attributes:
        cells: texts by column.
        colours: of some of the cells: the name of a verdict.
    """

    cells: Mapping[str, str]
    colours: Mapping[str, str] = field(default_factory=dict)


def draw_workbook(
    path: Path, lines: Mapping[str, Sequence[Line]], guide: Sequence[str], lang: Language, *, result: bool = False
) -> None:
    """Write the workbook; ``lines`` are the rows of each sheet, ``guide`` what the last sheet says.

    Raises:
        RunError: the file can't be written.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            book.set_properties({"title": text("workbook.title", lang), "created": _MADE})
            pens = _Pens(book)
            for plan in SHEETS:
                sheet = book.add_worksheet(sheet_title(plan.name, lang))
                _fill(sheet, plan, lines.get(plan.name, ()), pens, lang, result=result)
            _write_guide(book.add_worksheet(sheet_title("guide", lang)), guide, pens)
            _write_options(book, lang, pens)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise RunError("workbook.unwritable", path=path, problem="") from error


class _Pens:
    """The formats: all of them text, or an area code would become a number and =1+1 a formula."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"num_format": "@", "text_wrap": True, "valign": "top"}
        self.plain: Format = book.add_format(base)
        self.header: Format = book.add_format({**base, "bold": True, "bg_color": "#DDEBF7", "border": 1})
        self.colours: Mapping[str, Format] = {
            name: book.add_format({**base, "bg_color": colour, "border": 1, "border_color": "#D9D9D9"})
            for name, colour in _COLOURS.items()
        }


def _fill(sheet: Worksheet, plan: Plan, lines: Sequence[Line], pens: _Pens, lang: Language, *, result: bool) -> None:
    headers = (*((RESULT,) if result else ()), *plan.headers)
    for place, name in enumerate(headers):
        width = _RESULT_WIDTH if name == RESULT else plan.by_name[name].width if name in plan.by_name else _NARROW
        sheet.set_column(place, place, width, pens.plain, {"hidden": name == VERSION})
        sheet.write_string(0, place, name, pens.header)
        sheet.write_string(1, place, label(name, lang), pens.header)
        for row, line in enumerate(lines, start=2):
            if cell := line.cells.get(name, ""):
                pen = pens.colours[line.colours[name]] if name in line.colours else pens.plain
                sheet.write_string(row, place, cell, pen)
            elif name in line.colours:
                sheet.write_blank(row, place, None, pens.colours[line.colours[name]])
        column = plan.by_name.get(name)
        if column and column.options and column.form is not Form.WORDS:
            listed = {"validate": "list", "source": f"=options_{column.options}", "error_type": "warning"}
            sheet.data_validation(2, place, len(lines) + _NEW_ROWS, place, listed)
    sheet.set_row(0, None, None, {"hidden": True})
    keys = [place for place, name in enumerate(headers) if name in {RESULT, plan.key, NUMBER}]
    sheet.freeze_panes(2, max(keys) + 1)
    sheet.autofilter(1, 0, len(lines) + 1, len(headers) - 1)


def _write_guide(sheet: Worksheet, guide: Sequence[str], pens: _Pens) -> None:
    sheet.set_column(0, 0, _GUIDE_WIDTH, pens.plain)
    for row, line in enumerate(guide):
        sheet.write_string(row, 0, line, pens.plain)


def _write_options(book: xlsxwriter.Workbook, lang: Language, pens: _Pens) -> None:
    """The lists stand on a sheet of their own: a list written into the rule of a cell holds 255 characters at most."""
    name = sheet_title("options", lang)
    sheet = book.add_worksheet(name)
    sheet.hide()
    for place, options in enumerate(OPTIONS):
        listed = words(options, lang)
        sheet.write_string(0, place, label(options, lang), pens.header)
        for row, one in enumerate(listed, start=1):
            sheet.write_string(row, place, one, pens.plain)
        letter = chr(ord("A") + place)
        book.define_name(f"options_{options}", f"='{name}'!${letter}$2:${letter}${len(listed) + 1}")
