"""Proposes a source map from the headers that files really have."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from audit.contract.tables import TABLES
from audit.errors import InputError
from audit.intake.claims import PARQUET
from audit.intake.headers import HEADER_WITHIN, Header, by_label, find_header, labels_of, read_headers
from audit.intake.load import peek
from audit.intake.sheets import WORKBOOKS, Sheet, sheet_names

_CUTOFF = 0.6


def draft_map(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> str:
    """Write a source map for files: what labels already say, what is probably meant, what nobody takes.

    Args:
        con: used to read the columns of Parquet files.
        files: the files as they came.

    Raises:
        InputError: a file can't be read.
    """
    lines = [
        "# 来源映射草稿 / draft source map: 请逐行核对 / check every line.",
        "# 已按表头识别的列不必写 / columns understood by their header need no entry.",
        "sources:",
    ]
    for path in files:
        sheets = sheet_names(path, path.name) if path.suffix.lower() in WORKBOOKS else [""]
        for sheet in sheets:
            lines += _sheet(con, path, sheet)
    return "\n".join(lines) + "\n"


def _sheet(con: duckdb.DuckDBPyConnection, path: Path, sheet: str) -> list[str]:
    row, headers = _headers(con, path, sheet)
    shown = f"{path.name} [{sheet}]" if sheet else path.name
    if not headers:
        return [f"  # {shown}: 空表 / empty"]
    scores = {name: len(by_label(headers, table)) for name, table in TABLES.items()}
    table = max(scores, key=lambda name: scores[name])
    lines = [f"  - file: {json.dumps(path.name, ensure_ascii=False)}"]
    if sheet:
        lines.append(f"    sheet: {json.dumps(sheet, ensure_ascii=False)}")
    if row:
        lines.append(f"    header_row: {row}")
    lines += ["    feeds:", f"      - table: {table}  # {TABLES[table].title}", "        columns:"]
    understood = by_label(headers, TABLES[table])
    for column, place in understood.items():
        lines.append(f"          # {column}: {headers[place].name}")
    taken = set(understood.values())
    rest = {place: header for place, header in enumerate(headers) if place not in taken}
    proposed = False
    for field in TABLES[table].fields:
        if field.name in understood:
            continue
        near = _near(field.labels, rest)
        if near is not None:
            lines.append(
                f"          {field.name}: {json.dumps(rest.pop(near).name, ensure_ascii=False)}  # ? {field.title}"
            )
            proposed = True
        elif field.required:
            lines.append(f'          {field.name}: ""  # 必填，请填表头 / required: name the header ({field.title})')
            proposed = True
    if not proposed:
        lines[lines.index("        columns:", len(lines) - len(understood) - 1)] = "        columns: {}"
    others = _other_tables(headers, table)
    lines += [f"      # 也像 / also looks like {name}: {', '.join(columns)}" for name, columns in others.items()]
    if rest:
        lines.append(
            f"    # 无人认领的表头 / headers that nobody takes: {', '.join(header.name for header in rest.values())}"
        )
    return lines


def _headers(con: duckdb.DuckDBPyConnection, path: Path, sheet: str) -> tuple[int, tuple[Header, ...]]:
    if path.suffix.lower() in PARQUET:
        try:
            described = con.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        except duckdb.Error as error:
            raise InputError("intake.no_parquet", file=path.name) from error
        return 0, read_headers([str(row[0]) for row in described])
    first, _ = peek(Sheet(path, path.name, sheet).rows(), HEADER_WITHIN)
    if not first:
        return 0, ()
    known = {label: None for table in TABLES for label in labels_of(table)}
    place = find_header(first, known)
    number, cells = first[place if place is not None else 0]
    return number, read_headers(cells)


def _near(labels: Sequence[str], rest: dict[int, Header]) -> int | None:
    names = {header.bare: place for place, header in rest.items()}
    for label in labels:
        if close := difflib.get_close_matches(label, names, n=1, cutoff=_CUTOFF):
            return names[close[0]]
    return None


def _other_tables(headers: Sequence[Header], chosen: str) -> dict[str, list[str]]:
    """Other tables whose required columns are all there: a wide export may feed several."""
    found = {}
    for name, table in TABLES.items():
        columns = by_label(headers, table)
        needed = {field.name for field in table.fields if field.required}
        if name != chosen and needed <= columns.keys() and len(columns) > len(needed):
            found[name] = [headers[place].name for place in columns.values()]
    return found
