"""A script as one person would write it: the audit is measured against it, in the same run, on the same files."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

TABLES = (
    "households", "incomes", "persons", "posts", "industry_support", "dividend_contracts", "renovations", "appraisals",
    "defects", "yard_walls", "helpers", "pairings", "visits", "training_needs", "loan_applications", "loan_barriers",
    "subsidy_payments", "trainings", "post_quotas", "loan_products", "projects", "allocations", "assets", "proceeds",
    "notices", "hotlines", "discipline", "appointments",
)  # fmt: skip


def run(data: Path, out: Path, as_of: str, year: int) -> None:
    """Read the tables, find what the rules find, write the findings."""
    out.mkdir(parents=True, exist_ok=True)
    script = (Path(__file__).parent / "hand_written.sql").read_text(encoding="utf-8").replace("$out", str(out))
    with duckdb.connect(str(out / "hand.duckdb")) as con:
        con.execute(f"SET VARIABLE as_of = DATE '{as_of}'")
        con.execute(f"SET VARIABLE audit_year = {year}")
        for table in TABLES:
            parts = f"{data}/{table}.parquet" if (data / f"{table}.parquet").exists() else f"{data}/{table}/*.parquet"
            con.execute(f"CREATE VIEW {table} AS FROM read_parquet('{parts}')")
        con.execute(script)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), "2024-12-31", 2024)
