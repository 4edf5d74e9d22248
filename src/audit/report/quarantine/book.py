"""Writes what could not be read as a workbook to send back: rows as they were read, the faulty cells marked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import duckdb
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from audit.contract import TABLES
from audit.language import Language, text
from audit.report.masking import harmless
from audit.report.quarantine.page import mend
from audit.report.quarantine.queries import Fault, Kind, faults
from audit.report.quarantine.shown import header_columns, shown_fault, shown_under
from audit.report.titles import column_title, table_title

#: The most rows, and the most cells, that are listed of each table; all of them are in the Parquet files.
LIMIT = 5_000
#: The longest text that Excel takes in a cell.
_CELL = 32_767
_MADE = datetime(2000, 1, 1)
_FIXED = ("file", "sheet", "row", "column", "value", "reason", "mend")
_WIDTHS = (28, 14, 8, 18, 24, 22, 48)


@dataclass(frozen=True)
class _Style:
    head: Format
    cell: Format
    bad: Format


def write_book(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    counts: Mapping[tuple[Kind, str], int],
    lang: Language,
    *,
    show_personal: bool,
    limit: int = LIMIT,
) -> Path:
    """Write the workbook: what to do, then a sheet for each table with rows set aside and one for its cells.

    Args:
        con: the run's database: quarantine, cell_faults, source_files.
        path: where it goes.
        counts: how many rows or cells there are of each table.
        lang: its language.
        show_personal: whether personal cells are shown in full.
        limit: the most rows or cells listed of each table.

    Returns:
        The workbook written; the same input gives the same bytes.
    """
    # A cell that looks like a formula or a link stays the text it is.
    # Nothing of it is put into a temporary file on the way.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    written = BytesIO()
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": text("quarantine.title", lang), "created": _MADE})
        edge = {"text_wrap": True, "valign": "top", "num_format": "@"}
        style = _Style(
            book.add_format({**edge, "bold": True, "bg_color": "#DDEBF7", "border": 1}),
            book.add_format(edge),
            book.add_format({**edge, "bg_color": "#FFC7CE", "font_color": "#9C0006"}),
        )
        _explain(book.add_worksheet(text("quarantine.sheet_about", lang)), counts, lang, style, limit)
        for kind, table in sorted(counts, key=lambda one: (list(TABLES).index(one[1]), one[0] == "cell_faults")):
            name = text(f"quarantine.sheet_{kind}", lang, table=table_title(table, lang))
            sheet = book.add_worksheet(name[:31])
            _fill(sheet, list(faults(con, kind, table, limit)), lang, style, show_personal=show_personal)
    path.write_bytes(written.getvalue())
    return path


def _explain(
    sheet: Worksheet, counts: Mapping[tuple[Kind, str], int], lang: Language, style: _Style, limit: int
) -> None:
    sheet.set_column(0, 0, 110)
    lines = [text(f"quarantine.about_{place}", lang) for place in ("what", "mend", "mask")]
    for (kind, table), count in counts.items():
        if count > limit:
            values = {"table": table_title(table, lang), "limit": f"{limit:,}", "count": f"{count:,}"}
            lines.append(text(f"quarantine.about_more_{kind}", lang, **values))
    for place, line in enumerate(lines):
        sheet.write_string(place, 0, line, style.cell)


def _fill(sheet: Worksheet, listed: Sequence[Fault], lang: Language, style: _Style, *, show_personal: bool) -> None:
    rows = [{str(key): str(cell) for key, cell in json.loads(fault[7] or "{}").items() if cell} for fault in listed]
    headers = list(dict.fromkeys(header for row in rows for header in row))
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_column(len(_FIXED), len(_FIXED) + max(len(headers), 1), 16)
    sheet.freeze_panes(1, 0)
    titles = [text(f"quarantine.head_{name}", lang) for name in _FIXED] + [harmless(header) for header in headers]
    for place, title in enumerate(titles):
        sheet.write_string(0, place, title[:_CELL], style.head)
    for number, (fault, row) in enumerate(zip(listed, rows, strict=True), start=1):
        file, name, table, source_row, column, value, reason, _ = fault
        shown = shown_fault(table, column, value, show_personal=show_personal)
        cells = [
            harmless(file),
            harmless(name),
            str(source_row),
            column_title(table, column, lang),
            shown,
            text(f"report.{reason}", lang),
            mend(table, column, reason, lang),
        ]
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell[:_CELL], style.bad if place in {3, 4} else style.cell)
        bad = _faulty(headers, row, table, column, value)
        for place, header in enumerate(headers, start=len(_FIXED)):
            cell = shown_under(header, row.get(header, ""), show_personal=show_personal)
            if cell or header == bad:
                sheet.write_string(number, place, cell[:_CELL], style.bad if header == bad else style.cell)


def _faulty(headers: Sequence[str], row: Mapping[str, str], table: str, column: str, value: str | None) -> str | None:
    """The header under which the faulty cell stands: by its label, else by the value that stands under one alone."""
    named = [header for header in headers if (table, column) in header_columns(header)]
    if named:
        return named[0]
    holding = [header for header, cell in row.items() if cell == value]
    return holding[0] if len(holding) == 1 else None
