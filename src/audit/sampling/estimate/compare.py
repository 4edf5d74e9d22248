"""Puts the verdicts of first and second inspectors side by side: by item, in all, and apart what may have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from audit.sampling.estimate.agreement import Agreement, Rated, agreement
from audit.sampling.field.codes import Role, Stability, Verdict
from audit.sampling.field.outcomes import UnitOutcome

#: Verdicts that say whether something is so; the rest count as none given.
_SAID = {
    Verdict.CONFIRMED: "confirmed",
    Verdict.PARTLY: "confirmed",
    Verdict.FIXED_SINCE: "confirmed",
    Verdict.REFUTED: "refuted",
    Verdict.NOT_APPLICABLE: "refuted",
}


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """The agreement on one question.

    Attributes:
        item: the rule of the finding or question; empty for all that do not change between two visits.
        changing: whether the facts may change from one visit to the next: disagreement is then nobody's fault.
        agreement: the figures.
    """

    item: str
    changing: bool
    agreement: Agreement


def compare_inspectors(outcomes: Iterable[UnitOutcome], risk: float) -> tuple[ItemAgreement, ...]:
    """The agreement over all questions, then by question; none if no household was visited twice.

    What is fixed since, confirmed in part or confirmed is one verdict here (the finding was true), and so are refuted
    and not applicable.

    Args:
        outcomes: all outcomes of a sample, in every role.
        risk: the risk that is left, both sides together.
    """
    said: dict[tuple[str, str], dict[Role, str | None]] = defaultdict(dict)
    about: dict[tuple[str, str], tuple[str, Stability]] = {}
    for outcome in outcomes:
        if outcome.role is Role.ADJUDICATOR:
            continue
        for item in outcome.items:
            key = (outcome.unit_id, item.item_code)
            said[key][outcome.role] = _SAID.get(item.verdict) if item.verdict else None
            about[key] = (item.rule_id, item.stability_class)
    rated: dict[str, list[Rated]] = defaultdict(list)
    changing: dict[str, bool] = {}
    for key in sorted(said):
        verdicts = said[key]
        if len(verdicts) < 2:
            continue
        rule, stability = about[key]
        one = Rated(key[0], (verdicts[Role.FIRST], verdicts[Role.SECOND]))
        changing[rule] = stability is Stability.CHANGING
        rated[rule].append(one)
        if stability is not Stability.CHANGING:
            rated[""].append(one)
    return tuple(ItemAgreement(item, changing.get(item, False), agreement(rated[item], risk)) for item in sorted(rated))
