"""Writes the Parquet files of a run: same rows, same bytes."""

from __future__ import annotations

from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError

_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


def write_parquet(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    """Write the rows of a statement as a Parquet file, in their order.

    Raises:
        RunError: the file can't be written.
    """
    try:
        con.execute(f"COPY ({sql}) TO {quote(str(path))} {_PARQUET}")
    except duckdb.IOException as error:
        if str(path) not in str(error):
            raise
        problem = str(error).partition(str(path))[2].strip('\\": ').partition('"')[0]
        raise RunError("findings.no_output", folder=path.parent.parent, problem=problem) from error
