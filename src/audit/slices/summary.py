"""The numbers of a run as they are in one area, in the shape in which pages take those of a run."""

from __future__ import annotations

import duckdb

from audit.contract.normalise import quote
from audit.engine.run import RuleStatus
from audit.errors import AuditError
from audit.findings.summary import RuleCounts, RuleLine, RunSummary
from audit.language import Language
from audit.published import Area, PublishedRun, RuleState

_NUMBERS = "population, flagged, clear, undecided, not_applicable, households_flagged"


class ToldError(AuditError):
    """A reason that a run has already told, in each language."""

    def __init__(self, state: RuleState) -> None:
        super().__init__("published.told")
        self._state = state

    def message(self, lang: Language) -> str:
        """The reason as the run told it."""
        return self._state.reasons[lang]


def summary_of_area(run: PublishedRun, con: duckdb.DuckDBPyConnection, area: Area) -> RunSummary:
    """The numbers of an area.

    Inputs are left out: how many rows a file has is no matter of one area. Persons are those of flagged households,
    which are all that a run keeps.

    Args:
        run: the run.
        con: what is of the area, as ``audit.published.opened`` gives it.
        area: the area.
    """
    rows = con.execute(
        f"SELECT rule_id, {_NUMBERS}, CAST(measure_sum AS VARCHAR), CAST(measure_mean AS VARCHAR) FROM rates "
        f"WHERE area_code = {quote(area.code)}"
    ).fetchall()
    counts = {row[0]: RuleCounts(*row) for row in rows}
    by_severity = dict(
        con.execute("SELECT severity, count(*) FROM findings WHERE NOT set_apart GROUP BY severity").fetchall()
    )
    return RunSummary(
        run_id=run.run_id,
        as_of=run.as_of,
        year=run.year,
        inputs=(),
        unread=(),
        notes=(),
        households=area.households,
        persons=_number(con, "SELECT count(*) FROM persons"),
        flagged_households=_number(con, "SELECT count(DISTINCT household_id) FROM findings WHERE NOT set_apart"),
        findings={severity: int(by_severity.get(severity, 0)) for severity in ("high", "medium", "low")},
        set_apart=run.set_apart,
        advisory_findings=_number(con, "SELECT count(*) FROM findings WHERE set_apart"),
        cell_faults=_number(con, "SELECT count(*) FROM cell_faults"),
        rules=tuple(_line(state, counts) for state in run.rules),
        together=(),
    )


def _line(state: RuleState, counts: dict[str, RuleCounts]) -> RuleLine:
    reason = ToldError(state) if state.reasons else None
    match state.status:
        case "evaluated":
            status = RuleStatus(state.rule, "evaluated", reason)
        case "broken":
            status = RuleStatus(state.rule, "broken", reason)
        case _:
            status = RuleStatus(state.rule, "not_evaluated", reason)
    return RuleLine(status, counts.get(state.rule.id, RuleCounts(state.rule.id)))


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])
