"""Writes ``absent.parquet``, ``history.parquet`` and ``trend.parquet``: what the next night will compare with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.history.absent import REASONS
from audit.history.known import COLUMNS, HISTORY_FILE, OPEN
from audit.history.presence import PRESENCES, digest_sql
from audit.runs.parquet import write_parquet

TREND_FILE = "trend.parquet"


def write_history(
    con: duckdb.DuckDBPyConnection, folder: Path, previous: Path | None, run_id: str, as_of: date
) -> tuple[dict[str, int], dict[str, int]]:
    """Write what changed and what the next run has to know.

    Args:
        con: the run's database: findings, rates, known, gone and missed.
        folder: the run's folder.
        previous: the folder of the run compared with, if there is one.
        run_id: the run's name.
        as_of: its day.

    Returns:
        How many findings have each presence, and how many are absent for each reason.

    Raises:
        RunError: a file of the run compared with can't be read.
    """
    _write_absent(con, folder)
    _write_known(con, folder, run_id, as_of)
    _write_trend(con, folder, previous, run_id, as_of)
    presence = dict(con.execute("SELECT presence, count(*) FROM findings GROUP BY presence").fetchall())
    absent = dict(con.execute("SELECT reason, count(*) FROM absent GROUP BY reason").fetchall())
    return {name: presence.get(name, 0) for name in PRESENCES}, {name: absent.get(name, 0) for name in REASONS}


def _write_absent(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write ``absent.parquet`` from ``gone``, under the names of the last run; afterwards ``absent`` is a table."""
    con.execute(
        "CREATE OR REPLACE TABLE absent AS SELECT g.finding_id, m.was_rule AS rule_id, m.was_subject AS subject_id, "
        "g.reason FROM gone AS g JOIN missed AS m USING (finding_id) ORDER BY 2, 3, 1"
    )
    write_parquet(con, "FROM absent", folder / "absent.parquet")


def _write_known(con: duckdb.DuckDBPyConnection, folder: Path, run_id: str, as_of: date) -> None:
    """Write ``history.parquet``: every finding ever seen, with its state after this run."""
    tonight = {
        **{name: f"f.{name}" for name in COLUMNS},
        "last_seen": f"DATE {quote(as_of.isoformat())}",
        "last_run": quote(run_id),
        "state": quote(OPEN),
        "recurrences": "coalesce(k.recurrences, 0) + CASE f.presence WHEN 'recurred' THEN 1 ELSE 0 END",
        "evidence_digest": digest_sql("f.evidence", "f.as_of"),
    }
    before = {
        **{name: f"k.{name}" for name in COLUMNS},
        "state": "coalesce(g.reason, k.state)",
    }
    sql = (
        f"SELECT {_columns(tonight)} FROM findings AS f LEFT JOIN known AS k USING (finding_id) UNION ALL "
        f"SELECT {_columns(before)} FROM known AS k "
        "LEFT JOIN (SELECT DISTINCT known_id, reason FROM gone) AS g ON g.known_id = k.finding_id "
        "WHERE NOT EXISTS (SELECT 1 FROM findings AS f WHERE f.finding_id = k.finding_id)"
    )
    write_parquet(con, f"FROM ({sql}) ORDER BY rule_id, subject_id, finding_id", folder / HISTORY_FILE)


def _columns(columns: dict[str, str]) -> str:
    return ", ".join(f"CAST({sql} AS {COLUMNS[name]}) AS {name}" for name, sql in columns.items())


def _write_trend(con: duckdb.DuckDBPyConnection, folder: Path, previous: Path | None, run_id: str, as_of: date) -> None:
    """Write ``trend.parquet``: one row per run and rule, all runs of the line, this one last."""
    presences = ", ".join(f"count(*) FILTER (presence = '{name}') AS {name}" for name in PRESENCES)
    reasons = ", ".join(f"count(*) FILTER (reason = '{name}') AS {name}" for name in REASONS)
    shown = ", ".join(f"CAST(coalesce({name}, 0) AS BIGINT) AS {name}" for name in (*PRESENCES, *REASONS))
    tonight = (
        f"SELECT {quote(run_id)} AS run_id, DATE {quote(as_of.isoformat())} AS as_of, rule_id, "
        f"r.population, r.flagged, r.clear, r.undecided, r.not_applicable, r.households_flagged, {shown} "
        "FROM (SELECT * FROM rates WHERE area_level = 'all') AS r "
        f"FULL JOIN (SELECT rule_id, {presences} FROM findings GROUP BY rule_id) AS f USING (rule_id) "
        f"FULL JOIN (SELECT rule_id, {reasons} FROM absent GROUP BY rule_id) AS a USING (rule_id) ORDER BY rule_id"
    )
    if previous is None:
        write_parquet(con, tonight, folder / TREND_FILE)
        return
    path = previous / TREND_FILE
    try:
        write_parquet(con, f"FROM read_parquet({quote(str(path))}) UNION ALL FROM ({tonight})", folder / TREND_FILE)
    except duckdb.Error as error:
        raise RunError("runs.unreadable", file=path, problem=str(error).partition("\n")[0]) from error
