"""Everything that one or two samples say about the audit, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from audit.sampling.chance import Rate
from audit.sampling.estimate.compare import ItemAgreement, compare_inspectors
from audit.sampling.estimate.compared import change_estimates
from audit.sampling.estimate.decision import Asked, Decision, decide, decide_share
from audit.sampling.estimate.estimate import DomainKind, Estimate, Measure
from audit.sampling.estimate.feedback import MissGroup, Revision, misses, revisions
from audit.sampling.estimate.inspectors import InspectorLine, inspector_lines
from audit.sampling.estimate.measures import (
    Sample,
    finding_estimates,
    household_estimates,
    recall_estimate,
)
from audit.sampling.estimate.visits import Outcome, Population, Version, Visits
from audit.sampling.field.outcomes import UnitOutcome, settled


@dataclass(frozen=True, slots=True)
class Taken:
    """A sample as it was read.

    Attributes:
        sample_id: its name.
        run_id: the run from which its frame was built.
        as_of: the day of that run.
        narrowed: to which rules and areas the frame was narrowed down, as text.
        population_name: flagged, unflagged or disagreement.
        population: who could be drawn.
        visits: what was found.
        unit_ids: the released households, in the order of ``visits``.
        outcomes: what every inspector recorded.
        asked: the claim that it was drawn for; None if there is none.
        uncovered: strata with households of which none was to be visited.
        first_phase: the sample that was checked by desk or phone, where this one is its second phase; empty else.
        places: names of townships and villages by code, as far as the run knows them.
    """

    sample_id: str
    run_id: str
    as_of: date
    narrowed: str
    population_name: str
    population: Population
    visits: Visits
    unit_ids: tuple[str, ...]
    outcomes: tuple[UnitOutcome, ...]
    asked: Asked | None
    uncovered: tuple[str, ...]
    first_phase: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StratumLine:
    """How one stratum was sampled.

    Attributes:
        name: the stratum.
        size: households of the frame.
        released: visited or to be visited.
        resolved, out_of_scope, unresolved: how these ended.
        weight: how many households each released one stands for; None with unequal chances.
    """

    name: str
    size: int
    released: int
    resolved: int
    out_of_scope: int
    unresolved: int
    weight: float | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim put by hand, such as "recall is at least 0.8".

    Attributes:
        measure: of what.
        at_least: whether the value must be reached, rather than not exceeded.
        value: the value.
    """

    measure: Measure
    at_least: bool
    value: Rate


@dataclass(frozen=True, slots=True)
class SampleConclusion:
    """What concerns one sample alone."""

    taken: Taken
    strata: tuple[StratumLine, ...]
    decision: Decision | None
    agreement: tuple[ItemAgreement, ...]
    inspectors: tuple[InspectorLine, ...]
    revisions: tuple[Revision, ...]
    misses: tuple[MissGroup, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What samples say about the audit.

    Attributes:
        confidence: of all limits, both sides together.
        revise_below: the upper limit of precision under which a rule is proposed for revision.
        samples: what concerns each sample alone.
        estimates: the numbers.
        claims: the claims put by hand with their decisions.
    """

    confidence: Rate
    revise_below: Rate
    samples: tuple[SampleConclusion, ...]
    estimates: tuple[Estimate, ...]
    claims: tuple[tuple[Claim, Decision], ...]

    @property
    def places(self) -> Mapping[str, str]:
        """Names of townships and villages by code."""
        return {code: name for one in self.samples for code, name in one.taken.places.items()}


def conclude(takens: Sequence[Taken], confidence: Rate, revise_below: Rate, claims: Sequence[Claim] = ()) -> Conclusion:
    """Estimate everything that the samples allow.

    Args:
        takens: one sample, or one of flagged and one of unflagged households; recall needs both.
        confidence: of all limits, both sides together.
        revise_below: the upper limit of precision under which a rule is proposed for revision.
        claims: claims put by hand; they are decided with the same risk on one side.
    """
    alpha = 1 - confidence.value
    samples = [Sample.of(one.population, one.visits, alpha) for one in takens]
    estimates = estimate_all(samples)
    one_sided = estimate_all([Sample.of(one.population, one.visits, 2 * alpha) for one in takens]) if claims else ()
    return Conclusion(
        confidence,
        revise_below,
        tuple(_of_one(taken, sample, estimates, revise_below) for taken, sample in zip(takens, samples, strict=True)),
        estimates,
        tuple((claim, _decided(claim, one_sided)) for claim in claims),
    )


def estimate_all(samples: Sequence[Sample]) -> tuple[Estimate, ...]:
    """Every estimate of the samples, recall last."""
    made: list[Estimate] = []
    for sample in samples:
        if sample.compared:
            made += change_estimates(sample)
            continue
        made += finding_estimates(sample) if sample.flagged else ()
        made += household_estimates(sample)
    flagged = [one for one in samples if one.flagged]
    unflagged = [one for one in samples if not one.flagged and not one.compared]
    recall = recall_estimate(flagged[0], unflagged[0]) if flagged and unflagged else None
    return (*made, *((recall,) if recall else ()))


def stratum_lines(taken: Taken) -> tuple[StratumLine, ...]:
    """How each stratum was sampled, with its weight (D13)."""
    lines = []
    for place, (name, size) in enumerate(zip(taken.population.strata, taken.population.sizes, strict=True)):
        ends = taken.visits.outcome[taken.visits.stratum == place]
        resolved, outside, open_ = (int((ends == one).sum()) for one in Outcome)
        expanded = float(size) * taken.population.expansion
        weight = expanded / len(ends) if len(ends) and taken.visits.chance is None else None
        lines.append(StratumLine(name, int(size), len(ends), resolved, outside, open_, weight))
    return tuple(lines)


def _of_one(taken: Taken, sample: Sample, estimates: Sequence[Estimate], revise_below: Rate) -> SampleConclusion:
    final = settled(taken.outcomes)
    return SampleConclusion(
        taken,
        stratum_lines(taken),
        decide(sample, taken.asked) if taken.asked else None,
        compare_inspectors(taken.outcomes, float(sample.alpha)),
        inspector_lines(taken.outcomes),
        revisions(estimates, final, float(revise_below.value)) if sample.flagged else (),
        misses(final, _weights(taken, sample)),
    )


def _weights(taken: Taken, sample: Sample) -> Mapping[str, float]:
    """How many households of the frame each settled household stands for."""
    reading = sample.readings[Version.RESOLVED]
    settled_units = np.array(taken.unit_ids)[reading.taken]
    weights = reading.survey.weight * taken.population.expansion
    return dict(zip(settled_units.tolist(), weights.tolist(), strict=True))


def _decided(claim: Claim, estimates: Sequence[Estimate]) -> Decision:
    fitting = [one for one in estimates if one.measure is claim.measure and one.kind is DomainKind.ALL]
    return decide_share(fitting, str(claim.measure), claim.value, at_least=claim.at_least)
