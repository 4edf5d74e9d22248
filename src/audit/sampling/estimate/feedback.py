"""What the field says to those who write rules: which rules to revise, and what no rule has seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.sampling.estimate.estimate import DomainKind, Estimate, Measure
from audit.sampling.field.codes import Result, Target, Verdict
from audit.sampling.field.outcomes import UnitOutcome

#: What counts as a real problem.
REAL = frozenset({Verdict.CONFIRMED, Verdict.PARTLY})
#: What speaks against a finding.
WRONG = frozenset({Verdict.REFUTED, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Revision:
    """A rule that is proposed for revision.

    Attributes:
        rule_id: the rule.
        point: its precision.
        upper: the highest that it may be, whatever the unresolved are.
        households: those in which its findings were refuted, to be looked at by whoever writes the rule.
    """

    rule_id: str
    point: float
    upper: float
    households: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissGroup:
    """Real problems of one kind in households that the audit had not flagged for it.

    Attributes:
        item_code: the question of the checklist: the rule that it was made from.
        households: those in which it was found.
        expanded: about how many households of the frame that makes.
    """

    item_code: str
    households: tuple[str, ...]
    expanded: float


def revisions(estimates: Iterable[Estimate], outcomes: Mapping[str, UnitOutcome], below: float) -> tuple[Revision, ...]:
    """The rules whose upper limit of precision is below a value, those with the lowest first.

    Args:
        estimates: of the sample.
        outcomes: the settled outcome of each household.
        below: the value that the upper limit must be under, even if everything unresolved speaks for the rule.
    """
    wrong: dict[str, set[str]] = defaultdict(set)
    for unit, outcome in outcomes.items():
        for item in outcome.items:
            if item.target is Target.FINDING and item.verdict in WRONG and outcome.result is Result.RESOLVED:
                wrong[item.rule_id].add(unit)
    proposed = [
        Revision(one.domain, one.seen.point, one.upper_best, tuple(sorted(wrong[one.domain])))
        for one in estimates
        if one.measure is Measure.PRECISION
        and one.kind is DomainKind.RULE
        and not one.small
        and one.seen is not None
        and one.upper_best is not None
        and one.upper_best < below
    ]
    return tuple(sorted(proposed, key=lambda one: (one.upper, one.rule_id)))


def misses(outcomes: Mapping[str, UnitOutcome], weights: Mapping[str, float]) -> tuple[MissGroup, ...]:
    """Real problems that no finding had named, by question of the checklist, the most frequent first.

    Args:
        outcomes: the settled outcome of each household.
        weights: how many households of the frame each one stands for.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for unit, outcome in sorted(outcomes.items()):
        if outcome.result is not Result.RESOLVED:
            continue
        for item in outcome.items:
            if item.target is Target.CHECKLIST and item.verdict in REAL:
                found[item.item_code].append(unit)
    groups = [
        MissGroup(code, tuple(units), sum(weights.get(unit, 0.0) for unit in units)) for code, units in found.items()
    ]
    return tuple(sorted(groups, key=lambda one: (-len(one.households), one.item_code)))
