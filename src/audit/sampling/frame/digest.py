"""The digest of a frame: of what it says, whatever the version of the program that wrote the file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from struct import unpack_from

import duckdb
import pyarrow as pa

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.memory import lacks_room
from audit.sampling.frame.statements import lines_sql

#: Rows that are digested at a time.
_ROWS = 100_000


def content_digest(con: duckdb.DuckDBPyConnection, units: Path) -> tuple[str, int]:
    """The SHA-256 of the lines of a frame, and how many households it has.

    Raises:
        RunError: the file is missing or damaged.
    """
    return digest_of_rows(con, f"FROM read_parquet({quote(str(units))})", units)


def digest_of_rows(con: duckdb.DuckDBPyConnection, rows: str, place: Path) -> tuple[str, int]:
    """The SHA-256 of the lines of a frame that a statement gives, and how many households it has.

    Args:
        con: where the statement is run.
        rows: the statement.
        place: the file or folder that it reads, for those who are told about trouble.

    Raises:
        RunError: what it reads is missing or damaged.
    """
    digest, count = hashlib.sha256(), 0
    try:
        batches: pa.RecordBatchReader = con.sql(lines_sql(rows)).to_arrow_reader(_ROWS)
        for batch in batches:
            column = batch.column(0)
            _, offsets, content = column.buffers()
            # The texts of a batch lie one after another: they are digested where they lie.
            (begin,) = unpack_from("<i", offsets, 4 * column.offset)
            (end,) = unpack_from("<i", offsets, 4 * (column.offset + len(column)))
            digest.update(memoryview(content)[begin:end])
            count += len(column)
    except duckdb.Error as error:
        if lacks_room(error):
            raise
        raise RunError("sampling.file_damaged", file=place) from error
    return digest.hexdigest(), count
