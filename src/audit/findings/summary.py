"""A run in numbers: what was read, what each rule counted. Pages and the command line show this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

import duckdb

from audit.contract.accept import Intake
from audit.engine.run import RuleStatus
from audit.errors import AuditError
from audit.findings.cooccurrence import Together, most_together
from audit.rulebook.policy import Rule

#: So many pairs of rules that fire together are shown; all of them are in the file.
PAIRS_SHOWN = 10


@dataclass(frozen=True)
class RuleCounts:
    """The five numbers of a rule over the whole registry, and its measure.

    Attributes:
        rule_id: the rule.
        population: subjects to which the rule applies.
        flagged, clear, undecided, not_applicable: as in contract.md, section 4.
        households_flagged: distinct households of the flagged subjects.
        measure_sum, measure_mean: in yuan as text with two decimals, or None.
    """

    rule_id: str
    population: int = 0
    flagged: int = 0
    clear: int = 0
    undecided: int = 0
    not_applicable: int = 0
    households_flagged: int = 0
    measure_sum: str | None = None
    measure_mean: str | None = None


@dataclass(frozen=True)
class RuleLine:
    """A rule with what became of it and what it counted."""

    status: RuleStatus
    counts: RuleCounts


@dataclass(frozen=True)
class InputLine:
    """How many rows of one sheet, as one table, went where; derived rows were made from another table's rows.

    The digest is that of the file, or of what the sheet held where no file was read.
    """

    table: str
    file: str
    sheet: str
    derived: bool
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    sha256: str


@dataclass(frozen=True)
class RunSummary:
    """One audit in numbers.

    Attributes:
        run_id: the run's name.
        as_of: the day of the audit.
        year: the audit year.
        inputs: one line per table and sheet.
        unread: files and sheets that no table claims.
        notes: what a reader should know about what was assumed.
        households: registered households.
        persons: accepted persons rows.
        flagged_households: households with at least one finding that is not set apart.
        findings: findings by severity: high, medium, low; without those that are set apart.
        set_apart: the advisory rules whose findings are counted apart; empty if they are counted like any other.
        advisory_findings: findings that are set apart.
        cell_faults: cells that could not be read.
        rules: every rule, in the order of the ids.
        together: the pairs of rules with the most flagged households in common.
    """

    run_id: str
    as_of: date
    year: int
    inputs: tuple[InputLine, ...]
    unread: tuple[str, ...]
    notes: tuple[AuditError, ...]
    households: int
    persons: int
    flagged_households: int
    findings: Mapping[str, int]
    set_apart: Set[str]
    advisory_findings: int
    cell_faults: int
    rules: tuple[RuleLine, ...]
    together: tuple[Together, ...]

    @property
    def not_evaluated(self) -> tuple[tuple[AuditError, tuple[Rule, ...]], ...]:
        """The rules that were not evaluated, by reason, in the order of the ids."""
        return left_out(self.rules)

    @property
    def rows_read(self) -> int:
        """Rows read from all files."""
        return sum(line.rows_read for line in self.inputs if not line.derived)

    @property
    def rows_accepted(self) -> int:
        """Rows taken in."""
        return sum(line.rows_accepted for line in self.inputs if not line.derived)

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside with a reason."""
        return sum(line.rows_quarantined for line in self.inputs if not line.derived)


def left_out(lines: Sequence[RuleLine]) -> tuple[tuple[AuditError, tuple[Rule, ...]], ...]:
    """Of these rules those that were not evaluated, by reason, in their order."""
    reasons: dict[str, AuditError] = {}
    rules: dict[str, list[Rule]] = {}
    for line in lines:
        if line.status.status == "not_evaluated" and line.status.reason:
            told = line.status.reason.message("en")
            reasons.setdefault(told, line.status.reason)
            rules.setdefault(told, []).append(line.status.rule)
    return tuple((reason, tuple(rules[told])) for told, reason in reasons.items())


def input_lines(
    con: duckdb.DuckDBPyConnection, intakes: Sequence[Intake], digests: Mapping[int, str]
) -> tuple[InputLine, ...]:
    """Name the files of the intake counts, from ``source_files``, with their digests by their numbers there."""
    named = {
        no: (file, sheet) for no, file, sheet in con.execute("SELECT no, file, sheet FROM source_files").fetchall()
    }
    return tuple(
        InputLine(
            one.table,
            *named[one.source_no],
            one.derived,
            one.rows_read,
            one.rows_accepted,
            one.rows_quarantined,
            digests[one.source_no],
        )
        for one in intakes
    )


def rule_counts(con: duckdb.DuckDBPyConnection) -> dict[str, RuleCounts]:
    """The counts of every rule at level all, from ``rates``."""
    rows = con.execute(
        "SELECT rule_id, population, flagged, clear, undecided, not_applicable, households_flagged, "
        "CAST(measure_sum AS VARCHAR), CAST(measure_mean AS VARCHAR) FROM rates WHERE area_level = 'all'"
    ).fetchall()
    return {row[0]: RuleCounts(*row) for row in rows}


def summarise(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    as_of: date,
    year: int,
    intakes: Sequence[Intake],
    unread: Sequence[str],
    notes: Sequence[AuditError],
    statuses: Sequence[RuleStatus],
    digests: Mapping[int, str],
    set_apart: Set[str] = frozenset(),
) -> RunSummary:
    """Put a run's numbers together from the tables of ``con``; findings of the rules set apart are counted apart."""
    counts = rule_counts(con)
    by_severity = dict(
        con.execute("SELECT severity, count(*) FROM findings WHERE NOT set_apart GROUP BY severity").fetchall()
    )
    return RunSummary(
        run_id=run_id,
        as_of=as_of,
        year=year,
        inputs=input_lines(con, intakes, digests),
        unread=tuple(unread),
        notes=tuple(notes),
        households=_number(con, "SELECT count(*) FROM household_facts"),
        persons=_number(con, "SELECT count(*) FROM persons"),
        flagged_households=_number(con, "SELECT count(DISTINCT household_id) FROM findings WHERE NOT set_apart"),
        findings={severity: int(by_severity.get(severity, 0)) for severity in ("high", "medium", "low")},
        set_apart=set_apart,
        advisory_findings=_number(con, "SELECT count(*) FROM findings WHERE set_apart"),
        cell_faults=_number(con, "SELECT count(*) FROM cell_faults"),
        rules=tuple(RuleLine(one, counts.get(one.rule.id, RuleCounts(one.rule.id))) for one in statuses),
        together=most_together(con, PAIRS_SHOWN),
    )


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])
