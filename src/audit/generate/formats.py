"""Writes a made-up table as Parquet, or as the field's exports do: Chinese headers and codes, text throughout."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import xlsxwriter

from audit.contract.declare import Table
from audit.contract.fields import Field, Type
from audit.contract.normalise import name, quote

_MADE = datetime(2024, 1, 1)


def write_parquet(con: duckdb.DuckDBPyConnection, table: Table, made: str, path: Path) -> None:
    """Write a table with canonical names, codes and types."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(name(field.name) for field in table.fields)
    con.execute(f"COPY (SELECT {columns} FROM {made}) TO {quote(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def _shown(field: Field) -> str:
    column = name(field.name)
    if field.type is Type.BOOL:
        return f"CASE WHEN {column} THEN '是' WHEN NOT {column} THEN '否' END"
    if field.type is Type.CODE:
        whens = " ".join(f"WHEN {quote(code)} THEN {quote(labels[0])}" for code, labels in field.codes.items())
        return f"CASE {column} {whens} END"
    return f"CAST({column} AS VARCHAR)"


def _labelled(table: Table, made: str) -> str:
    columns = ", ".join(f"{_shown(field)} AS {name(field.title)}" for field in table.fields)
    return f"SELECT {columns} FROM {made}"


def write_csv(con: duckdb.DuckDBPyConnection, table: Table, made: str, path: Path) -> None:
    """Write a table as CSV in UTF-8 with a byte order mark, as spreadsheets like it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    con.execute(f"COPY ({_labelled(table, made)}) TO {quote(str(path))} (FORMAT csv, HEADER)")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def write_workbook(con: duckdb.DuckDBPyConnection, table: Table, made: str, path: Path) -> None:
    """Write a table as a workbook with every cell as text."""
    rows = con.execute(_labelled(table, made)).fetchall()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet(table.name)
        for place, row in enumerate([tuple(field.title for field in table.fields), *rows]):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(place, column, cell)
