"""DuckDB, the ten rules fused into one statement by hand: the limit that the others are measured against."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.benchmarks.peers.ten import TABLES, arguments


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    statement = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    with duckdb.connect() as con:
        for table in TABLES:
            con.execute(f"CREATE VIEW {table} AS FROM read_parquet('{data}/{table}/*.parquet')")
        con.execute(f"COPY ({statement}) TO '{out}/findings.parquet' (FORMAT parquet)")


if __name__ == "__main__":
    main()
