"""Audits the replication registry and puts the figures that the plan prints beside those that come out."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from audit.generate.replication import build_replication
from audit.model.areas import DIGITS, level_of
from audit.model.shares import percent
from audit.pipeline import AuditResult, run_audit
from audit.replicate.figures import FIGURES, Evidence, Figure, Rate, Shares

AS_OF = date(2025, 1, 31)
YEAR = 2024


@dataclass(frozen=True)
class Compared:
    """One figure of the plan beside the audit's.

    Attributes:
        figure: the figure.
        found: as the audit gives it; a dash where it gives none.
    """

    figure: Figure
    found: str

    @property
    def same(self) -> bool:
        """Whether the audit gives what the plan prints."""
        return self.found == self.figure.printed

    @property
    def explained(self) -> bool:
        """Whether they agree, or the audit gives what a plan that is wrong should have printed."""
        return self.same or self.found == self.figure.right


@dataclass(frozen=True)
class Replication:
    """All figures of the plan beside the audit's."""

    figures: tuple[Compared, ...]

    @property
    def whole(self) -> bool:
        """Whether every figure comes out, or its difference is explained."""
        return all(one.explained for one in self.figures)


def replicate(rules: Path | None = None, data: Path | None = None) -> Replication:
    """Audit the plan's own sample and compare every figure.

    Args:
        rules: a folder of rules, by default those that come with the audit.
        data: the replication registry; by default it is made anew.

    Raises:
        AuditError: the rules or the registry can't be used.
    """
    with tempfile.TemporaryDirectory(prefix="audit-replicate-") as scratch:
        registry = data
        if registry is None:
            registry = Path(scratch) / "registry"
            build_replication(registry)
        run = run_audit(registry, as_of=AS_OF, year=YEAR, rules=rules, out=Path(scratch) / "reports")
        return Replication(tuple(Compared(figure, _found(run, figure.found)) for figure in FIGURES))


def _found(run: AuditResult, where: Rate | Evidence | Shares) -> str:
    match where:
        case Rate():
            return _rate(run, where)
        case Evidence():
            rows = _facts(run, where.rule, where.area).aggregate(f"CAST({where.sql} AS VARCHAR)").fetchall()
            return "–" if rows[0][0] is None else str(rows[0][0])
        case Shares():
            return _shares(run, where)


def _rate(run: AuditResult, where: Rate) -> str:
    listed = ", ".join(f"'{rule}'" for rule in where.rules)
    rows = run.relation("rates").filter(f"rule_id IN ({listed}) AND area_code = '{where.area}'")
    counts = rows.project("flagged, population, measure_mean").fetchall()
    if len(counts) != len(where.rules):
        return "–"
    flagged, (population, mean) = sum(row[0] for row in counts), counts[0][1:]
    match where.what:
        case "flagged":
            return str(flagged)
        case "population":
            return str(population)
        case "share":
            return percent(flagged, population)
    return str(mean).removesuffix(".00")


def _shares(run: AuditResult, where: Shares) -> str:
    rows = (
        _facts(run, where.rule, where.area).project(f"facts ->> '{where.part}', facts ->> '{where.whole}'").fetchall()
    )
    amounts = [(Decimal(part), Decimal(whole)) for part, whole in rows]
    if not amounts:
        return "–"
    if where.each:
        ranked = sorted(amounts, key=lambda pair: pair[0] / pair[1], reverse=True)
        return ", ".join(percent(part, whole, 1) for part, whole in ranked)
    return percent(sum(part for part, _ in amounts), sum(whole for _, whole in amounts))


def _facts(run: AuditResult, rule: str, area: str) -> duckdb.DuckDBPyRelation:
    digits = DIGITS[level_of(area)]
    found = run.relation("findings").filter(f"rule_id = '{rule}' AND starts_with(area_code, '{area[:digits]}')")
    return found.project("CAST(evidence AS JSON) AS facts")
