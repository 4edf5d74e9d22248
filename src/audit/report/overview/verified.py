"""The rules that inspectors verified in the field, as the overview lists them; what nobody measured is not there."""

from __future__ import annotations

from dataclasses import dataclass

from audit.measured import MeasuredPrecision
from audit.model.shares import estimated_share, share_limits
from audit.report.ground import Ground
from audit.report.links import rule_page
from audit.report.masking import harmless
from audit.report.titles import rule_title
from audit.rulebook import Rule


@dataclass(frozen=True, slots=True)
class Verified:
    """How often one rule was found to be right, with the limits, whatever the unsettled findings are."""

    rule_id: str
    title: str
    page: str
    point: str
    limits: str
    confidence: str
    visited: str
    day: str
    run_id: str


def verified_rows(ground: Ground) -> tuple[Verified, ...]:
    """The measured rules of this audit, in the order of their ids."""
    rules = {line.status.rule.id: line.status.rule for line in ground.summary.rules}
    measured = ground.night.measured
    return tuple(_row(rules[name], measured[name], ground) for name in sorted(measured.keys() & rules.keys()))


def _row(rule: Rule, one: MeasuredPrecision, ground: Ground) -> Verified:
    return Verified(
        rule.id,
        harmless(rule_title(rule, ground.lang)),
        rule_page(rule.id),
        estimated_share(one.point),
        share_limits(one.lower, one.upper),
        estimated_share(float(one.confidence)),
        f"{one.units:,}",
        one.at[:10],
        harmless(one.run_id),
    )
