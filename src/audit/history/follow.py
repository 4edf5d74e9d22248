"""Follows a finding, or the findings of a household, over the runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.history.known import HISTORY_FILE
from audit.runs.record import Run


@dataclass(frozen=True)
class Followed:
    """What is known about a finding after a run.

    Attributes:
        finding_id: its id.
        rule_id: the rule.
        subject_type: what it is about, and ``subject_id`` which one.
        household_id: the household, if it has one.
        first_seen: the day on which it was first found.
        last_seen: the last day on which it was found.
        state: open, not_evaluated, fixed or unit_gone.
        recurrences: how often it came back after it was gone.
    """

    finding_id: str
    rule_id: str
    subject_type: str
    subject_id: str
    household_id: str | None
    first_seen: date
    last_seen: date
    state: str
    recurrences: int


def follow(run: Run, *, household: str | None = None, finding: str | None = None) -> tuple[Followed, ...]:
    """Give the findings of a household, or one finding, as the history of a run tells them.

    Raises:
        RunError: the history can't be read.
    """
    chosen = [f"household_id = {quote(household)}"] if household else []
    chosen += [f"finding_id = {quote(finding)}"] if finding else []
    path = run.folder / HISTORY_FILE
    try:
        rows = duckdb.execute(
            "SELECT finding_id, rule_id, subject_type, subject_id, household_id, first_seen, last_seen, state, "
            f"recurrences FROM read_parquet({quote(str(path))}) WHERE {' AND '.join(chosen) or 'true'} "
            "ORDER BY rule_id, subject_id, finding_id"
        ).fetchall()
    except duckdb.Error as error:
        raise RunError("runs.unreadable", file=path, problem=str(error).partition("\n")[0]) from error
    return tuple(Followed(*row) for row in rows)
