"""Whether a sample supports its claim; what is unresolved counts against the claim (D2 to D7, D20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil

from audit.sampling.chance import Rate, law_of, smallest_sample, tolerable_count
from audit.sampling.chance.hypergeometric import Hypergeometric
from audit.sampling.estimate.estimate import Estimate
from audit.sampling.estimate.measures import Sample
from audit.sampling.estimate.share import Domain, estimate_share
from audit.sampling.estimate.visits import Version, household_domain
from audit.sampling.plan import Aim


class Verdict(StrEnum):
    """What the sample says about the claim."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Asked:
    """The claim that a sample was drawn for.

    Attributes:
        aim: claim, discovery, two stages or margin of error.
        confidence: with which it is to hold.
        tolerable: the rate that deviations must stay under; None for a margin of error.
        most: the most deviations that the first stage bears (c1).
        most_together: the most deviations that both stages bear (c2).
        second_visits: visits of the second stage.
        second_drawn: whether the second stage was drawn.
        margin: the margin of error; None for other aims.
    """

    aim: Aim
    confidence: Rate
    tolerable: Rate | None = None
    most: int = 0
    most_together: int = 0
    second_visits: int = 0
    second_drawn: bool = False
    margin: Rate | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the sample says about a claim, and the numbers that decide.

    Attributes:
        about: the aim, or the measure of a claim put by hand.
        verdict: the answer.
        further: visits by which the sample should be extended, if deviations go on at the rate seen; None where no
            extension is needed or none would help.
        value: the rate or share that the claim names, as text.
        numbers: what decided, by name.
    """

    about: str
    verdict: Verdict
    further: int | None
    value: str
    numbers: tuple[tuple[str, float], ...]


def decide(sample: Sample, asked: Asked) -> Decision:
    """Decide the claim that a sample was drawn for.

    A flagged household deviates if none of its findings is confirmed, an unflagged one if it has a real problem.
    What is unresolved counts as deviating before the claim is supported, and as not deviating before it is given up.
    """
    against, favour = (_deviating(sample, version) for version in (Version.WORST, Version.BEST))
    if asked.tolerable is None:
        return _margin(sample, asked)
    population, visited = int(against.units.sum()), int(against.asked.sum())
    most, fewest = int(against.found.sum()), int(favour.found.sum())
    count = tolerable_count(asked.tolerable, population)
    alpha = 1 - asked.confidence.value
    numbers: list[tuple[str, float]] = [
        ("N", population),
        ("n", visited),
        ("k", most),
        ("k_best", fewest),
        ("K", count),
    ]
    if asked.aim == "two_stage":
        return _two_stages(asked, most, fewest, numbers)
    lower, upper = _counts(favour, alpha)[0], _counts(against, alpha)[1]
    numbers += [("K_lower", lower), ("K_upper", upper)]
    if _one_stratum(against):
        tail = Hypergeometric(population, count).at_most(most, visited)
        numbers.append(("tail", float(tail.decimal())))
        supported = tail.at_most(alpha)
    else:
        supported = upper < count
    if asked.aim == "discovery" and fewest > 0:
        return Decision(asked.aim, Verdict.NOT_SUPPORTED, None, asked.tolerable.text, tuple(numbers))
    if supported:
        verdict, further = Verdict.SUPPORTED, None
    elif lower >= count:
        verdict, further = Verdict.NOT_SUPPORTED, None
    else:
        verdict, further = Verdict.INCONCLUSIVE, further_visits(population, count, visited, most, alpha)
    return Decision(asked.aim, verdict, further, asked.tolerable.text, tuple(numbers))


def decide_share(estimates: Sequence[Estimate], about: str, value: Rate, *, at_least: bool) -> Decision:
    """Decide a claim such as "precision is at least 0.8" on estimates made with one-sided limits.

    Args:
        estimates: the one estimate of the measure; none if nothing could be estimated.
        about: the measure.
        value: what the share must reach, or must not exceed.
        at_least: whether it must reach it.
    """
    if not estimates or estimates[0].seen is None:
        return Decision(about, Verdict.INCONCLUSIVE, None, value.text, ())
    estimate = estimates[0]
    seen, bound = estimates[0].seen, float(value.value)
    lower, upper = estimate.lower_worst or 0.0, 1.0 if estimate.upper_best is None else estimate.upper_best
    numbers = (("point", seen.point), ("lower", lower), ("upper", upper), ("n", float(seen.units)))
    held = lower >= bound if at_least else upper <= bound
    broken = upper < bound if at_least else lower > bound
    if held or broken:
        return Decision(about, Verdict.SUPPORTED if held else Verdict.NOT_SUPPORTED, None, value.text, numbers)
    reach = seen.point - lower if at_least else upper - seen.point
    room = seen.point - bound if at_least else bound - seen.point
    further = ceil(seen.units * ((reach / room) ** 2 - 1)) if room > 0 else None
    left = estimate.units_population - seen.units
    return Decision(
        about, Verdict.INCONCLUSIVE, None if further is None else max(1, min(further, left)), value.text, numbers
    )


def further_visits(population: int, count: int, visited: int, found: int, alpha: Fraction) -> int | None:
    """The fewest further visits that would support the claim if deviations go on at the rate seen.

    Args:
        population: N.
        count: K, the number of deviating households that must be refuted.
        visited: n so far.
        found: k so far.
        alpha: the risk.

    Returns:
        None if not even visiting everybody would be enough at that rate.
    """
    law = law_of("hypergeometric", population, count, Fraction(count, population))
    rate, more = Fraction(found, max(visited, 1)), 0
    while found + more < count:
        needed = smallest_sample(law, found + more, alpha)
        if needed is None or needed > population:
            return None
        further = max(needed - visited, 1)
        expected = ceil(rate * further)  # so many more deviations are to be expected of so many visits
        if expected <= more:
            return further
        more = expected
    return None


def _deviating(sample: Sample, version: Version) -> Domain:
    """The households in scope, ``found`` being those that deviate. Worst is what speaks against the audit."""
    domain = household_domain(sample.population, sample.visits, sample.readings[version])
    return replace(domain, found=domain.asked - domain.found) if sample.flagged else domain


def _one_stratum(domain: Domain) -> bool:
    return int((domain.units > 0).sum()) == 1 and not domain.survey.unequal


def _counts(domain: Domain, alpha: Fraction) -> tuple[float, float]:
    """One-sided limits of the number of deviating households."""
    share, size = estimate_share(domain, 2 * alpha), int(domain.units.sum())
    return (0.0, float(size)) if share is None else (share.limits.lower * size, share.limits.upper * size)


def _two_stages(asked: Asked, most: int, fewest: int, numbers: list[tuple[str, float]]) -> Decision:
    value = asked.tolerable.text if asked.tolerable else ""
    numbers += [("c1", asked.most), ("c2", asked.most_together)]
    if asked.second_drawn:
        verdict = Verdict.SUPPORTED if most <= asked.most_together else Verdict.NOT_SUPPORTED
        return Decision(asked.aim, verdict, None, value, tuple(numbers))
    if most <= asked.most:
        return Decision(asked.aim, Verdict.SUPPORTED, None, value, tuple(numbers))
    if fewest > asked.most_together:
        return Decision(asked.aim, Verdict.NOT_SUPPORTED, None, value, tuple(numbers))
    return Decision(asked.aim, Verdict.INCONCLUSIVE, asked.second_visits, value, tuple(numbers))


def _margin(sample: Sample, asked: Asked) -> Decision:
    """Whether a share is known to within its margin, whatever the unresolved are."""
    shares = [estimate_share(_deviating(sample, version), 1 - asked.confidence.value) for version in sample.readings]
    known = [share.limits for share in shares if share is not None]
    width = max(one.upper for one in known) - min(one.lower for one in known) if known else 1.0
    margin = float(asked.margin.value) if asked.margin else 0.0
    visited, left = len(sample.visits.stratum), int(sample.population.sizes.sum()) - len(sample.visits.stratum)
    numbers = (("n", float(visited)), ("half_width", width / 2))
    text = asked.margin.text if asked.margin else ""
    if width / 2 <= margin:
        return Decision(asked.aim, Verdict.SUPPORTED, None, text, numbers)
    wanted = ceil(visited * ((width / 2 / margin) ** 2 - 1)) if margin else left
    return Decision(asked.aim, Verdict.INCONCLUSIVE, max(1, min(wanted, left)) if left else None, text, numbers)
