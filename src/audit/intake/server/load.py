"""Copies a server's table into DuckDB, block by block, each value in a type that holds it exactly."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping

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
    types = [column.type for column in columns]
    try:
        digest = _copy(con, snapshot, claim, columns, types, no)
    except duckdb.ConversionException:
        # NaN, or a year before Christ: read as text, such a value is a cell that can't be read, as in any file.
        types = ["VARCHAR"] * len(columns)
        digest = _copy(con, snapshot, claim, columns, types, no)
    names = [f"c{place}" for place in range(1, len(columns) + 1)]
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
    types: list[str],
    no: int,
) -> str:
    """Copy a table into ``raw_<no>``; gives a digest of its columns and of all that the server sent."""
    names = [f"c{place}" for place in range(1, len(columns) + 1)]
    declared = "".join(f", {name} {kind}" for name, kind in zip(names, types, strict=True))
    cells = "".join(f", CAST({name} AS {kind})" for name, kind in zip(names, types, strict=True))
    con.execute(f"CREATE OR REPLACE TABLE raw_{no} (source_row BIGINT{declared})")
    digest = hashlib.sha256(json.dumps([(column.name, column.kind) for column in columns]).encode())
    row = 0
    for block in snapshot.blocks(claim.schema, claim.name, columns, BLOCK):
        digest.update(block)
        arriving = _texts(block, names, claim)
        numbers = pa.array(range(row + 1, row + 1 + arriving.num_rows), pa.int64())
        con.register("arriving", arriving.append_column("source_row", numbers))
        con.execute(f"INSERT INTO raw_{no} SELECT source_row{cells} FROM arriving")
        con.unregister("arriving")
        row += arriving.num_rows
    return digest.hexdigest()


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
