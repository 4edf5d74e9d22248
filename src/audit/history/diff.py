"""Compares the findings of any two runs: what appeared, what is gone and why, what is told otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.history.known import HISTORY_FILE
from audit.history.presence import judged_sql
from audit.runs.record import Run

#: What can have become of a finding between two runs.
CHANGES = ("appeared", "gone", "updated", "unchanged")


@dataclass(frozen=True)
class RuleChanges:
    """How many findings of a rule appeared, are gone, were updated or are unchanged, and why they are gone.

    Attributes:
        rule_id: the rule.
        changes: the count of each of ``CHANGES``.
        reasons: of those that are gone, the count by reason: fixed, not_evaluated, unit_gone, unknown.
    """

    rule_id: str
    changes: dict[str, int]
    reasons: dict[str, int]


@contextmanager
def compared(before: Run, after: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database with the table ``changes``: one row per finding that either run has, unchanged ones too.

    Why a finding is gone comes from the later run's history; ``unknown`` where that run never knew of it.

    Raises:
        RunError: a file of one of the runs can't be read.
    """
    with duckdb.connect(":memory:") as con:
        try:
            con.execute(_changes_sql(before.folder, after.folder))
        except duckdb.Error as error:
            folders = f"{before.folder.name}, {after.folder.name}"
            raise RunError("runs.unreadable", file=folders, problem=str(error).partition("\n")[0]) from error
        yield con


def _changes_sql(before: Path, after: Path) -> str:
    def file(folder: Path, name: str) -> str:
        return f"read_parquet({quote(str(folder / name))})"

    same = f"{judged_sql('a.evidence', 'a.as_of')} = {judged_sql('b.evidence', 'b.as_of')}"
    shared = ("rule_id", "severity", "subject_type", "subject_id", "household_id", "area_code")
    either = ", ".join(f"coalesce(b.{name}, a.{name}) AS {name}" for name in shared)
    return f"""
CREATE TABLE changes AS
SELECT CASE WHEN a.finding_id IS NULL THEN 'appeared' WHEN b.finding_id IS NULL THEN 'gone'
        WHEN {same} THEN 'unchanged' ELSE 'updated' END AS change,
    CASE WHEN b.finding_id IS NULL THEN CASE WHEN h.state IN ('fixed', 'not_evaluated', 'unit_gone') THEN h.state
        ELSE 'unknown' END END AS reason,
    finding_id, {either}, a.evidence AS evidence_before, b.evidence AS evidence_after,
    a.message AS message_before, b.message AS message_after,
    a.message_en AS message_en_before, b.message_en AS message_en_after
FROM {file(before, "findings.parquet")} AS a FULL JOIN {file(after, "findings.parquet")} AS b USING (finding_id)
LEFT JOIN (SELECT finding_id, state FROM {file(after, HISTORY_FILE)}) AS h USING (finding_id)
ORDER BY rule_id, subject_id, finding_id
"""


def by_rule(con: duckdb.DuckDBPyConnection) -> tuple[RuleChanges, ...]:
    """Count ``changes`` by rule."""
    rules: dict[str, RuleChanges] = {}
    rows = con.execute("SELECT rule_id, change, reason, count(*) FROM changes GROUP BY ALL ORDER BY ALL").fetchall()
    for rule_id, change, reason, number in rows:
        one = rules.setdefault(rule_id, RuleChanges(rule_id, dict.fromkeys(CHANGES, 0), {}))
        one.changes[change] += number
        if reason:
            one.reasons[reason] = number
    return tuple(rules.values())


def write_changes(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write every change but the unchanged as Parquet, or as CSV if the file is so named; gives their number.

    Raises:
        RunError: the file can't be written.
    """
    kind = "CSV, HEADER" if path.suffix.lower() == ".csv" else "PARQUET"
    try:
        written = con.execute(f"COPY (FROM changes WHERE change <> 'unchanged') TO {quote(str(path))} (FORMAT {kind})")
        return int(written.fetchall()[0][0])
    except duckdb.Error as error:
        raise RunError("findings.no_output", folder=path.parent, problem=str(error).partition("\n")[0]) from error
