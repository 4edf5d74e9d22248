"""Proposes a source map from the headers that files really have."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from audit.contract.declare import Table
from audit.contract.tables import TABLES
from audit.errors import InputError
from audit.intake.claims import PARQUET
from audit.intake.headers import HEADER_WITHIN, Header, by_label, find_header, labels_of, read_headers
from audit.intake.load import peek
from audit.intake.sheets import WORKBOOKS, Sheet, sheet_names

_CUTOFF = 0.6
#: What an export with one row per member holds: its own rows first, then what is repeated in them.
WIDE = ("persons", "households")


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
    tables = _tables(headers)
    if not tables:
        return [f"  # {shown}: 没有认得的表头 / no header that is understood"]
    lines = [f"  - file: {_quoted(path.name)}"]
    lines += [f"    sheet: {_quoted(sheet)}"] if sheet else []
    lines += [f"    header_row: {row}"] if row else []
    lines.append("    feeds:")
    taken: set[int] = set()
    for place, name in enumerate(tables):
        lines.append(f"      - table: {name}  # {TABLES[name].title}")
        if place:
            lines.append(f"        one_per: {TABLES[name].key[0]}  # 每户一行 / one row per household")
        understood = by_label(headers, TABLES[name])
        taken |= set(understood.values())
        lines += _columns(TABLES[name], headers, understood)
    rest = [header.name for place, header in enumerate(headers) if place not in taken]
    return lines + ([f"    # 无人认领的表头 / headers that nobody takes: {', '.join(rest)}"] if rest else [])


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _tables(headers: Sequence[Header]) -> list[str]:
    """The table that fits most headers; of an export with one row per member, persons and then households."""
    scores = {name: len(by_label(headers, table)) for name, table in TABLES.items()}
    best = max(scores, key=lambda name: scores[name])
    if best in WIDE and all(_required(headers, name) for name in WIDE):
        return list(WIDE)
    return [best] if scores[best] else []


def _required(headers: Sequence[Header], name: str) -> bool:
    understood = by_label(headers, TABLES[name])
    return all(field.name in understood for field in TABLES[name].fields if field.required)


def _columns(table: Table, headers: Sequence[Header], understood: Mapping[str, int]) -> list[str]:
    """One line per column: a remark where a label fits, a gap to fill where it must, a guess only as a remark."""
    rest = {place: header for place, header in enumerate(headers) if place not in understood.values()}
    remarks, gaps = [], []
    for field in table.fields:
        if field.name in understood:
            remarks.append(f"          # {field.name}: {headers[understood[field.name]].name}")
            continue
        near = _near(field.labels, rest)
        if near is not None:
            guess = rest.pop(near).name
            remarks.append(f"          # ? {field.name}: {_quoted(guess)}  # {field.title}？核对后去掉行首的 # 和 ?")
        if field.required:
            gaps.append(f'          {field.name}: ""  # 必填，请填表头 / required: name the header ({field.title})')
    return [f"        columns:{'' if gaps else ' {}'}", *gaps, *remarks]


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
