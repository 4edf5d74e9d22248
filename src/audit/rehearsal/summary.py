"""A rehearsal in numbers: what changes in each rule and in each township."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from audit.engine.run import RuleStatus, Status
from audit.errors import AuditError
from audit.rehearsal.compare import COUNTED, Change, township_sql
from audit.rehearsal.differences import ParameterDifference, RuleDifference
from audit.rulebook import Rule


@dataclass(frozen=True)
class RuleSide:
    """A rule under one of the policies.

    Attributes:
        status: what became of it; ``absent`` where the policy has no such rule.
        reason: why it was not evaluated.
        flagged, population: what it counted; None where it was not asked.
    """

    status: Status | Literal["absent"]
    reason: AuditError | None = None
    flagged: int | None = None
    population: int | None = None


@dataclass(frozen=True)
class Workload:
    """Findings, or households with findings: under the old policy, under the new one, and those that change."""

    old: int | None
    new: int | None
    gained: int
    lost: int
    changed: int
    not_evaluated: int


@dataclass(frozen=True)
class RuleLine:
    """A rule under both policies.

    Attributes:
        rule: the rule, of the new policy if it has it.
        old, new: what became of it and what it counted.
        findings: its findings; None for an indicator, which has none.
    """

    rule: Rule
    old: RuleSide
    new: RuleSide
    findings: Workload | None

    @property
    def differs(self) -> bool:
        """Whether anything is otherwise under the new policy."""
        counted = (self.old.status, self.old.flagged, self.old.population)
        return counted != (self.new.status, self.new.flagged, self.new.population) or bool(
            self.findings and (self.findings.gained or self.findings.lost or self.findings.changed)
        )

    @property
    def told(self) -> bool:
        """Whether a reader should see it first: it differs, or it failed."""
        return self.differs or self.broken

    @property
    def broken(self) -> bool:
        """Whether it failed under one of the policies."""
        return "broken" in {self.old.status, self.new.status}

    @property
    def asked(self) -> bool:
        """Whether any of the policies could ask it."""
        return "evaluated" in {self.old.status, self.new.status}


@dataclass(frozen=True)
class TownshipLine:
    """The workload of a township over all rules.

    Attributes:
        code: its area code; empty for the whole registry.
        title: its name; empty if the registry has none.
        population: its registered households.
        findings: its findings.
        households: its households to visit.
    """

    code: str
    title: str
    population: int
    findings: Workload
    households: Workload


@dataclass(frozen=True)
class RehearsalSummary:
    """One rehearsal in numbers.

    Attributes:
        run_id: the rehearsal's name.
        as_of: the day of the audit.
        year: the audit year.
        rules: every rule of both policies, in the order of the ids.
        townships: the townships by code.
        total: the whole registry.
        parameters: parameters whose values differ.
        texts: parts of rules that read otherwise.
        seed: what the visits are drawn from; None if there is no draw.
        disagreed: households with a gained or lost finding, among which visits are drawn.
    """

    run_id: str
    as_of: date
    year: int
    rules: tuple[RuleLine, ...]
    townships: tuple[TownshipLine, ...]
    total: TownshipLine
    parameters: tuple[ParameterDifference, ...]
    texts: tuple[RuleDifference, ...]
    seed: str | None
    disagreed: int

    @property
    def broken(self) -> bool:
        """Whether a rule failed while it was run."""
        return any(line.broken for line in self.rules)


def rule_sides(con: duckdb.DuckDBPyConnection, side: str, statuses: Mapping[str, RuleStatus]) -> dict[str, RuleSide]:
    """The rules of one policy, with what they counted over the whole registry, from its rates."""
    rows = con.execute(f"SELECT rule_id, flagged, population FROM {side}_rates WHERE area_level = 'all'").fetchall()
    counts = {rule_id: (flagged, population) for rule_id, flagged, population in rows}
    return {
        rule_id: RuleSide("evaluated", None, *counts.get(rule_id, (0, 0)))
        if one.status == "evaluated"
        else RuleSide(one.status, one.reason)
        for rule_id, one in statuses.items()
    }


def rule_lines(
    con: duckdb.DuckDBPyConnection,
    rules: Mapping[str, Rule],
    old: Mapping[str, RuleSide],
    new: Mapping[str, RuleSide],
) -> tuple[RuleLine, ...]:
    """Every rule under both policies, with its findings from ``workload``."""
    columns = ", ".join(f"findings_{what}" for what in COUNTED)
    rows = con.execute(f"SELECT rule_id, {columns} FROM workload WHERE area_level = 'all'").fetchall()
    findings = {row[0]: Workload(*row[1:]) for row in rows}
    absent = RuleSide("absent")
    return tuple(
        RuleLine(
            rule,
            old.get(rule_id, absent),
            new.get(rule_id, absent),
            findings.get(rule_id, None if rule.indicator else _nothing(old.get(rule_id), new.get(rule_id))),
        )
        for rule_id, rule in rules.items()
    )


def _nothing(old: RuleSide | None, new: RuleSide | None) -> Workload:
    """The findings of a rule about which the workload has no row: nobody is its subject, or neither policy asked it."""
    return Workload(old.flagged if old else None, new.flagged if new else None, 0, 0, 0, 0)


def township_lines(con: duckdb.DuckDBPyConnection) -> tuple[TownshipLine, tuple[TownshipLine, ...]]:
    """The whole registry, and its townships by code, from ``workload``."""
    columns = ", ".join(f"w.{unit}_{what}" for unit in ("findings", "households") for what in COUNTED)
    found = con.execute(f"""
        WITH names AS (
            SELECT {township_sql("area_code")} AS township, min(concat_ws(' ', county_name, township_name)) AS title
            FROM households GROUP BY 1
        )
        SELECT coalesce(w.area_code, ''), coalesce(n.title, ''), w.population_new, {columns}
        FROM workload AS w LEFT JOIN names AS n ON n.township = w.area_code
        WHERE w.rule_id IS NULL ORDER BY w.area_level, w.area_code
    """).fetchall()
    kinds = len(COUNTED)
    lines = [
        TownshipLine(code, title, population, Workload(*counts[:kinds]), Workload(*counts[kinds:]))
        for code, title, population, *counts in found
    ]
    return lines[0], tuple(lines[1:])


def disagreed_households(con: duckdb.DuckDBPyConnection) -> int:
    """How many households have a gained or lost finding."""
    kinds = f"('{Change.GAINED}', '{Change.LOST}')"
    found = con.execute(f"SELECT count(DISTINCT household_id) FROM changes WHERE change IN {kinds}").fetchall()
    return int(found[0][0])
