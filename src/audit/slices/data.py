"""Writes what is of one area as Parquet files, personal values masked."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from audit.findings.cooccurrence import cooccurrence_sql
from audit.history.known import HISTORY_FILE
from audit.report.quarantine.shown import shown_fault, shown_under
from audit.runs.parquet import write_parquet

#: The Parquet files of a slice, each with the SQL for its rows.
FILES = {
    "findings": "FROM findings ORDER BY rule_id, subject_id",
    "rates": "FROM rates ORDER BY rule_id, area_code, area_level",
    "absent": "FROM absent ORDER BY rule_id, subject_id, finding_id",
    "quarantine": 'SELECT * EXCLUDE (source_no) FROM quarantine ORDER BY source_no, source_row, "table", "column"',
    "cell_faults": 'SELECT * EXCLUDE (source_no) FROM cell_faults ORDER BY source_no, source_row, "table", "column"',
}


def mask_faults(con: duckdb.DuckDBPyConnection) -> None:
    """Mask the values in ``quarantine`` and ``cell_faults``; a row as read shows the known columns only."""
    for kind in ("quarantine", "cell_faults"):
        rows = con.execute(f'SELECT rowid, "table", "column", value FROM {kind} WHERE value IS NOT NULL').fetchall()
        masked = [[shown_fault(table, column, value, show_personal=False), no] for no, table, column, value in rows]
        if masked:
            con.executemany(f"UPDATE {kind} SET value = ? WHERE rowid = ?", masked)
    rows = con.execute('SELECT rowid, "row" FROM quarantine WHERE "row" IS NOT NULL').fetchall()
    if rows:
        con.executemany('UPDATE quarantine SET "row" = ? WHERE rowid = ?', [[_masked_row(row), no] for no, row in rows])


def _masked_row(row: str) -> str:
    cells = {str(header): cell for header, cell in json.loads(row).items()}
    shown = {header: cell and shown_under(header, str(cell), show_personal=False) for header, cell in cells.items()}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def write_data(con: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write the Parquet files of a slice."""
    written = []
    for name, sql in FILES.items():
        written.append(folder / f"{name}.parquet")
        write_parquet(con, sql, written[-1])
    return tuple(written)


def prepare_pages(con: duckdb.DuckDBPyConnection, folder: Path, rules: list[str]) -> tuple[Path, ...]:
    """Make what pages read beside the tables: which rules fire together, the history, and no trend of the county.

    Returns:
        Files that only the making of pages needs.
    """
    con.execute(f"CREATE OR REPLACE TABLE cooccurrence AS {cooccurrence_sql(rules)}")
    history, trend = folder / HISTORY_FILE, folder / "trend.parquet"
    write_parquet(con, "FROM history ORDER BY rule_id, subject_id, finding_id", history)
    write_parquet(con, f"FROM ({_NO_TREND})", trend)
    return history, trend


_COUNTED = (
    "population",
    "flagged",
    "undecided",
    "new",
    "unchanged",
    "updated",
    "recurred",
    "fixed",
    "not_evaluated",
    "unit_gone",
)
_NO_TREND = (
    "SELECT '' AS rule_id, '' AS run_id, DATE '2000-01-01' AS as_of, "
    + ", ".join(f"CAST(0 AS BIGINT) AS {name}" for name in _COUNTED)
    + " WHERE false"
)
