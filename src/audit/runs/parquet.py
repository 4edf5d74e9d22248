"""Writes the Parquet files of a run: same rows, same bytes."""

from __future__ import annotations

from pathlib import Path

import duckdb

from audit.contract.normalise import quote

_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


def write_parquet(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    """Write the rows of a statement as a Parquet file, in their order."""
    con.execute(f"COPY ({sql}) TO {quote(str(path))} {_PARQUET}")
