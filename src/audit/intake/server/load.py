"""Copies a server's table into DuckDB, block by block, each value in a type that holds it exactly."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from contextlib import closing

import duckdb
import pyarrow as pa
import pyarrow.csv as pc

from audit.contract.feeds import Source
from audit.errors import InputError
from audit.intake.columns import Columns
from audit.intake.headers import fold_header, read_headers
from audit.intake.opened import Opened, known_headers
from audit.intake.server.claims import TableClaim
from audit.intake.server.columns import ServerColumn
from audit.intake.server.snapshot import Snapshot

#: Bytes that are held at a time; a table of any size needs no more.
BLOCK = 8 << 20


def open_table(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, claim: TableClaim, no: int) -> Opened:
    """Copy what a claim names and describe it as a source of rows.

    Raises:
        InputError: the table can't be read.
    """
    found = snapshot.columns(claim.schema, claim.name)
    known = known_headers(claim.table, claim.source_map)
    labels = {column.name: _label(column, known) for column in found}
    for column in found:
        if not column.readable and _understood(labels[column.name], known):
            words = {"column": column.name, "type": column.kind}
            raise InputError("server.type", place=claim.file, table=claim.sheet, **words)
    columns = [column for column in found if column.readable]
    if not columns:
        raise InputError("server.no_column", place=claim.file, table=claim.sheet)
    names = [f"c{place}" for place in range(1, len(columns) + 1)]
    types, digest = _copy(con, snapshot, claim, columns, names, no)
    headers = read_headers([labels[column.name] for column in columns])
    blank = " AND ".join(f"{name} IS NULL" for name in names)
    rows = con.execute(f"SELECT count(*) FROM raw_{no} WHERE NOT ({blank})").fetchall()[0][0]
    source = Source(
        no=no,
        path=None,
        file=claim.file,
        sheet=claim.sheet,
        relation=f"raw_{no}",
        source_row="source_row",
        headers=tuple((name, header.name) for name, header in zip(names, headers, strict=True)),
        types=dict(zip(names, types, strict=True)),
        rows_read=int(rows),
        blank=blank,
        digest=digest,
    )
    return Opened(source, Columns(headers, tuple(names), tuple(types)))


def _understood(header: str, known: Mapping[str, object]) -> bool:
    one = read_headers([header])[0]
    return one.folded in known or one.bare in known


def _label(column: ServerColumn, known: Mapping[str, object]) -> str:
    """The header of a column: its name, or its comment if only that is understood."""
    if not _understood(column.name, known) and fold_header(column.comment) and _understood(column.comment, known):
        return column.comment
    return column.name


def _copy(
    con: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    claim: TableClaim,
    columns: list[ServerColumn],
    names: list[str],
    no: int,
) -> tuple[list[str], str]:
    """Copy a table into ``raw_<no>``; gives the types of its columns and a digest of all that the server sent."""
    types = [column.type for column in columns]
    declared = "".join(f", {name} {kind}" for name, kind in zip(names, types, strict=True))
    con.execute(f"CREATE TABLE raw_{no} (source_row BIGINT{declared})")
    digest = hashlib.sha256(json.dumps([(column.name, column.kind) for column in columns]).encode())
    row = 0
    with closing(snapshot.blocks(claim.schema, claim.name, columns, BLOCK)) as blocks:
        for block in blocks:
            digest.update(block)
            arriving = _texts(block, names, claim)
            numbers = pa.array(range(row + 1, row + 1 + arriving.num_rows), pa.int64())
            con.register("arriving", arriving.append_column("source_row", numbers))
            try:
                con.execute(_insert_sql(no, names, types))
            except duckdb.ConversionException:
                types = _widen(con, no, names, types)
                con.execute(_insert_sql(no, names, types))
            con.unregister("arriving")
            row += arriving.num_rows
    return types, digest.hexdigest()


def _insert_sql(no: int, names: list[str], types: list[str]) -> str:
    cells = "".join(f", CAST({name} AS {kind})" for name, kind in zip(names, types, strict=True))
    return f"INSERT INTO raw_{no} SELECT source_row{cells} FROM arriving"


def _widen(con: duckdb.DuckDBPyConnection, no: int, names: list[str], types: list[str]) -> list[str]:
    """Make text of the columns that hold NaN or a year before Christ: cells that can't be read, as in any file."""
    wider = []
    for name, kind in zip(names, types, strict=True):
        unfit = f"SELECT count(*) FROM arriving WHERE {name} IS NOT NULL AND TRY_CAST({name} AS {kind}) IS NULL"
        fits = con.execute(unfit).fetchall() == [(0,)]
        if not fits:
            con.execute(f"ALTER TABLE raw_{no} ALTER {name} TYPE VARCHAR")
        wider.append(kind if fits else "VARCHAR")
    return wider


def _texts(block: bytes, names: list[str], claim: TableClaim) -> pa.Table:
    try:
        return pc.read_csv(
            io.BytesIO(block),
            read_options=pc.ReadOptions(column_names=names, block_size=2 * len(block)),
            # A table of one column sends a null as an empty line.
            parse_options=pc.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            # The server puts quotes around an empty text, and none around a null.
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise InputError("server.encoding", place=claim.file, table=claim.sheet) from error
