"""Opens one sheet: finds its header, loads its text, and describes it as a source of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from audit.contract.feeds import Source
from audit.contract.normalise import name, quote
from audit.contract.tables import TABLES
from audit.errors import InputError
from audit.intake.claims import DATABASES, PARQUET, Claim
from audit.intake.columns import Columns
from audit.intake.headers import HEADER_WITHIN, Header, by_label, find_header, fold_header, labels_of, read_headers
from audit.intake.load import data_rows, load_rows, peek
from audit.intake.reuse import KeptSheet, SheetStore
from audit.intake.sheets import DELIMITED, WORKBOOKS, Row, Sheet
from audit.memory import lacks_room

#: A sheet with more columns than this keeps only those that feed a table.
MANY_COLUMNS = 2000


@dataclass(frozen=True)
class Opened:
    """A sheet ready to be taken in: its source and its columns."""

    source: Source
    columns: Columns


def open_claim(con: duckdb.DuckDBPyConnection, claim: Claim, no: int, store: SheetStore | None = None) -> Opened:
    """Open what a claim names; a sheet of text that is kept in the store is not parsed again.

    Raises:
        InputError: the file can't be read or has no header that is understood.
    """
    suffix = claim.path.suffix.lower()
    if suffix in PARQUET:
        relation = f"read_parquet({quote(str(claim.path))}, file_row_number = true)"
        return _typed(con, claim, no, relation, "(file_row_number + 1)")
    if suffix in DATABASES:
        _attach(con, claim)
        return _typed(con, claim, no, f"registry.main.{name(claim.sheet)}", "(rowid + 1)")
    if suffix in WORKBOOKS | DELIMITED:
        return _text(con, claim, no, store)
    raise InputError("intake.kind", file=claim.file)


def _attach(con: duckdb.DuckDBPyConnection, claim: Claim) -> None:
    try:
        con.execute(f"ATTACH IF NOT EXISTS {quote(str(claim.path))} AS registry (READ_ONLY)")
    except duckdb.Error as error:
        raise InputError("intake.no_database", file=claim.file) from error


def _typed(con: duckdb.DuckDBPyConnection, claim: Claim, no: int, relation: str, source_row: str) -> Opened:
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        types = {str(row[0]): str(row[1]) for row in described if row[0] != "file_row_number"}
        columns = Columns(read_headers(list(types)), tuple(types), tuple(types.values()))
        keys = [columns.names[place] for place in by_label(columns.headers, TABLES[claim.table]).values()]
        total = int(con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
        blank = "false"
        if keys and con.execute(f"SELECT count(*) FROM {relation} WHERE {name(keys[0])} IS NULL").fetchall()[0][0]:
            blank = " AND ".join(f"{name(column)} IS NULL" for column in types)
            total -= int(con.execute(f"SELECT count(*) FROM {relation} WHERE {blank}").fetchall()[0][0])
    except duckdb.Error as error:
        if lacks_room(error):
            raise
        raise InputError("intake.no_parquet", file=claim.file) from error
    headers = tuple((column, column) for column in types)
    return Opened(
        Source(no, claim.path, claim.file, claim.sheet, relation, source_row, headers, types, total, blank), columns
    )


def _known(claim: Claim) -> Mapping[str, object]:
    """The headers that would tell the header row: the labels of the tables it feeds, and those the map names."""
    feeds = claim.source_map.feeds if claim.source_map else ()
    tables = [feed.table for feed in feeds] or [claim.table]
    known: dict[str, object] = {label: None for table in tables for label in labels_of(table)}
    for feed in feeds:
        for column in feed.columns.values():
            known.update({fold_header(header): None for header in column.headers})
    return known


def _text(con: duckdb.DuckDBPyConnection, claim: Claim, no: int, store: SheetStore | None) -> Opened:
    wanted = claim.source_map
    reading = (claim.sheet, wanted and (wanted.encoding, wanted.header_row), sorted(_known(claim)))
    key = store.key(claim.path, *reading) if store else ""
    kept = store.find(con, key) if store else None
    if kept is None:
        kept = _parse(con, claim, f"raw_{no}")
        if store:
            kept = store.keep(con, key, kept.relation, kept.header)
    headers = read_headers(kept.header)
    places = _places(claim, headers)
    names = tuple(f"c{place + 1}" for place in places)
    columns = Columns(tuple(headers[place] for place in places), names, ("VARCHAR",) * len(names))
    source = Source(
        no=no,
        path=claim.path,
        file=claim.file,
        sheet=claim.sheet,
        relation=kept.relation,
        source_row="source_row",
        headers=tuple((column, one.name) for column, one in zip(names, columns.headers, strict=True)),
        types=dict.fromkeys(names, "VARCHAR"),
        rows_read=kept.rows,
        blank="false",
    )
    return Opened(source, columns)


def _parse(con: duckdb.DuckDBPyConnection, claim: Claim, table: str) -> KeptSheet:
    """Read a sheet into a table of text."""
    encoding = claim.source_map.encoding if claim.source_map else None
    rows = Sheet(claim.path, claim.file, claim.sheet, encoding).rows()
    first, rows = peek(rows, HEADER_WITHIN)
    if not first:
        raise InputError("intake.empty_sheet", file=claim.file, sheet=claim.sheet or "–")
    number, cells = _header_row(claim, first)
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    headers = read_headers(cells)
    below = (row for row in rows if row[0] > number)
    count, beyond = load_rows(con, table, _places(claim, headers), data_rows(below), len(headers))
    if beyond:
        raise InputError(
            "intake.cells_beyond", file=claim.file, sheet=claim.sheet or "–", count=beyond, width=len(headers)
        )
    return KeptSheet(table, tuple(cells), count)


def _places(claim: Claim, headers: Sequence[Header]) -> list[int]:
    """Which columns to keep: all, unless there are very many."""
    places = list(range(len(headers)))
    if len(headers) > MANY_COLUMNS:
        known = _known(claim)
        places = [place for place in places if {headers[place].folded, headers[place].bare} & known.keys()]
    return places


def _header_row(claim: Claim, first: list[Row]) -> Row:
    wanted = claim.source_map.header_row if claim.source_map else None
    if wanted is not None:
        for row in first:
            if row[0] == wanted:
                return row
        raise InputError("intake.header_row_blank", file=claim.file, sheet=claim.sheet or "–", row=wanted)
    place = find_header(first, _known(claim))
    if place is None:
        seen = "; ".join(" | ".join(cell for cell in cells if cell.strip())[:60] for _, cells in first[:1])
        raise InputError("intake.no_header", file=claim.file, sheet=claim.sheet or "–", table=claim.table, seen=seen)
    return first[place]
