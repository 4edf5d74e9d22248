"""The last look before a run is published: does it agree with itself, and is every file there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import AuditError, RunError
from audit.findings.behind import AREAS_FILE, BEHIND, RULEBOOK_FILE, SOURCES_FILE, TABLES_BEHIND
from audit.findings.summary import RunSummary

#: Files that every run has, beside its pages.
FILES = (
    "findings.parquet",
    "rates.parquet",
    "households.parquet",
    "cooccurrence.parquet",
    "quarantine.parquet",
    "cell_faults.parquet",
    "absent.parquet",
    "history.parquet",
    "trend.parquet",
    AREAS_FILE,
    *(f"{BEHIND}/{table}.parquet" for table in TABLES_BEHIND),
    f"{BEHIND}/{SOURCES_FILE}",
    RULEBOOK_FILE,
    "run.json",
)


def prove(con: duckdb.DuckDBPyConnection, folder: Path, summary: RunSummary, pages: Sequence[Path]) -> None:
    """See that counts are rows in the files as written, that no row or household was lost, that all files are there.

    Raises:
        RunError: something does not agree.
    """
    missing = [path for path in (*(folder / name for name in FILES), *pages) if not _written(path)]
    if missing:
        raise _not_whole(AuditError("runs.page_missing", page=missing[0].relative_to(folder)))
    for line in summary.inputs:
        if line.rows_read != line.rows_accepted + line.rows_quarantined:
            counts = {"read": line.rows_read, "accepted": line.rows_accepted, "quarantined": line.rows_quarantined}
            raise _not_whole(AuditError("runs.rows_lost", table=line.table, **counts))
    written = quote(str(folder / "households.parquet"))
    (households,) = con.execute(f"SELECT count(*) FROM read_parquet({written})").fetchall()[0]
    if households != summary.households:
        told = {"counted": summary.households, "listed": households}
        raise _not_whole(AuditError("runs.households_differ", **told))
    listed = dict(con.execute("SELECT rule_id, count(*) FROM findings GROUP BY rule_id").fetchall())
    for rule in summary.rules:
        counted = 0 if rule.status.rule.indicator else rule.counts.flagged
        found = listed.get(rule.status.rule.id, 0)
        if counted != found:
            told = {"rule": rule.status.rule.id, "counted": counted, "listed": found}
            raise _not_whole(AuditError("runs.rates_differ", **told))


def _written(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _not_whole(problem: AuditError) -> RunError:
    return RunError("runs.not_whole", problem=problem)
