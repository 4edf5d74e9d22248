"""What is known of a population, and what the visits to a sample of it found, as arrays (D13, D20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from math import ceil

import numpy as np

from audit.sampling.estimate.collapse import collapse
from audit.sampling.estimate.share import Domain
from audit.sampling.estimate.survey import FEWEST, Bools, Floats, Ints, Survey, merge_strata

#: The two sides of a disagreement, in place of rules: findings that only the frame's run has, and only the other one.
SIDES = ("gained", "lost")


class Outcome(IntEnum):
    """How a household of the sample ended."""

    RESOLVED = 0
    OUT_OF_SCOPE = 1
    UNRESOLVED = 2


class Version(StrEnum):
    """What the unresolved are taken for: left out, all against the audit, or all in its favour."""

    RESOLVED = "resolved"
    WORST = "worst"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Population:
    """The households that could be drawn, counted by stratum, township and findings.

    Attributes:
        strata: names of the strata in the declared order of collapsing, shape (H,).
        sizes: households by stratum, shape (H,).
        rules: ids of the rules with findings, shape (R,); none for unflagged households.
        severities: of the rules.
        townships: 12-digit codes, shape (T,).
        stratum, township: of each kind of household, shape (P,).
        findings: findings of one household of each kind, by rule, shape (P, R).
        households: how many households of each kind there are, shape (P,).
        whole: where these households are the first of two phases, checked by desk or phone: all from which they were
            drawn, with the same rules and townships in the same order; None else.
    """

    strata: tuple[str, ...]
    sizes: Ints
    rules: tuple[str, ...]
    severities: tuple[str, ...]
    townships: tuple[str, ...]
    stratum: Ints
    township: Ints
    findings: Ints
    households: Ints
    whole: Population | None = None

    @property
    def expansion(self) -> float:
        """How many households each of these stands for: more than one where they are the first of two phases."""
        return float(self.whole.sizes.sum() / self.sizes.sum()) if self.whole else 1.0


@dataclass(frozen=True, slots=True)
class Visits:
    """The released households of a sample and what was found; n of them, in any order.

    Attributes:
        stratum, township: of each, shape (n,).
        chance: of each to be drawn, shape (n,); None if equal within each stratum.
        outcome: how each ended, values of ``Outcome``, shape (n,).
        asked: findings of each by rule, shape (n, R); none of a household out of scope.
        confirmed: how many of them were confirmed.
        partly: how many were confirmed in part.
        unknown: how many could not be settled; all of an unresolved household.
        problem: 1 if the household has a real problem: a confirmed finding, or one of the full checklist.
        problem_unknown: 1 if that could not be settled.
    """

    stratum: Ints
    township: Ints
    chance: Floats | None
    outcome: Ints
    asked: Ints
    confirmed: Ints
    partly: Ints
    unknown: Ints
    problem: Ints
    problem_unknown: Ints


@dataclass(frozen=True, slots=True)
class Answered:
    """A sample under one reading of its unresolved households.

    Attributes:
        version: the reading.
        taken: which of the released households count, shape (n,).
        survey: those, with weights that add up to the population.
        groups: the merged stratum of each stratum, shape (H,).
        names: the merged strata.
        merged: the strata that were put together because fewer than two households were settled.
    """

    version: Version
    taken: Bools
    survey: Survey
    groups: Ints
    names: tuple[str, ...]
    merged: tuple[tuple[str, ...], ...]


def answered(population: Population, visits: Visits, version: Version) -> Answered:
    """Weigh the households that count under one reading.

    Every released household stands for N_h / n_h of its stratum (D13), or for one over its chance where chances differ
    (D12). Where unresolved ones are left out, the others of their stratum stand for them, too.
    """
    released = np.bincount(visits.stratum, minlength=len(population.sizes))
    if visits.chance is None:
        weight = (population.sizes / np.maximum(released, 1))[visits.stratum]
    else:
        weight = 1.0 / visits.chance
    whole = int(population.whole.sizes.sum()) if population.whole else None
    survey = everybody = Survey(
        population.sizes, visits.stratum, weight, unequal=visits.chance is not None, whole=whole
    )
    taken = np.ones(len(visits.stratum), dtype=bool)
    if version is Version.RESOLVED:
        taken = visits.outcome != Outcome.UNRESOLVED
        survey = survey.only(taken)
    cells = collapse(population.strata, survey.sampled, population.sizes, FEWEST)
    names: list[list[str]] = [[] for _ in range(int(cells.groups.max()) + 1)]
    for place, name in zip(cells.groups, population.strata, strict=True):
        names[place].append(name)
    merged = merge_strata(survey, cells.groups)
    if survey.unequal:
        merged = _stand_for_all(merged, merge_strata(everybody, cells.groups))
    return Answered(
        version,
        taken,
        merged,
        cells.groups,
        tuple(" + ".join(together) for together in names),
        cells.merged,
    )


def _stand_for_all(survey: Survey, everybody: Survey) -> Survey:
    """Weights of some units of a sample that add up to those of all of it, stratum by stratum."""
    wanted, there = (np.bincount(one.stratum, one.weight, len(one.sizes)) for one in (everybody, survey))
    factor = wanted / np.where(there > 0, there, 1.0)
    return replace(survey, weight=survey.weight * factor[survey.stratum])


def findings_judged(visits: Visits, version: Version) -> tuple[Ints, Ints]:
    """Findings that count, and how many of them count as confirmed, under one reading; both of shape (n, R).

    What is confirmed in part counts as confirmed, but not if everything in doubt is to speak against the audit.
    """
    if version is Version.RESOLVED:
        return visits.asked - visits.unknown, visits.confirmed + visits.partly
    if version is Version.WORST:
        return visits.asked, visits.confirmed
    return visits.asked, visits.confirmed + visits.partly + visits.unknown


def finding_domain(
    population: Population, visits: Visits, reading: Answered, rules: Bools, townships: Bools | None = None
) -> Domain:
    """The findings of some rules, in one township or everywhere.

    Args:
        population: who could be drawn.
        visits: what was found.
        reading: how the unresolved are read.
        rules: which rules, shape (R,).
        townships: which townships, shape (T,); None for all.
    """
    judged, counted = findings_judged(visits, reading.version)
    asked, found = judged[:, rules].sum(axis=1), counted[:, rules].sum(axis=1)
    if townships is not None:
        asked = np.where(townships[visits.township], asked, 0)
        found = np.where(townships[visits.township], found, 0)

    def each(of: Population) -> Ints:
        findings: Ints = of.findings[:, rules].sum(axis=1)
        return findings if townships is None else findings * townships[of.township]

    return _domain(population, visits, reading, asked, found, each)


def household_domain(
    population: Population, visits: Visits, reading: Answered, townships: Bools | None = None, *, in_scope: bool = True
) -> Domain:
    """The households with a real problem, among those in scope or among all of the frame.

    Args:
        population: who could be drawn.
        visits: what was found.
        reading: how the unresolved are read. A real problem in a flagged household speaks for the audit, in an
            unflagged one against it.
        townships: which townships, shape (T,); None for all.
        in_scope: whether households out of scope are left out, rather than counted as without a problem.
    """
    inside = visits.outcome != Outcome.OUT_OF_SCOPE if in_scope else np.ones(len(visits.stratum), dtype=bool)
    unknown = visits.problem_unknown.astype(bool)
    flagged = len(population.rules) > 0
    if reading.version is Version.RESOLVED:
        inside = inside & ~unknown
        problem = visits.problem
    else:
        counts = (reading.version is Version.BEST) is flagged
        problem = np.where(unknown, int(counts), visits.problem)
    if townships is not None:
        inside = inside & (townships[visits.township])
    asked = inside.astype(np.int64)

    def each(of: Population) -> Ints:
        if townships is None:
            return np.ones(len(of.households), dtype=np.int64)
        return townships[of.township].astype(np.int64)

    return _domain(population, visits, reading, asked, problem * asked, each)


def _domain(
    population: Population,
    visits: Visits,
    reading: Answered,
    asked: Ints,
    found: Ints,
    each_of: Callable[[Population], Ints],
) -> Domain:
    """The sampled and the population's side of a domain, by merged stratum."""
    many, each = len(reading.names), each_of(population)
    stratum = reading.groups[population.stratum]
    units = np.bincount(stratum, population.households * (each > 0), many)
    things = np.bincount(stratum, population.households * each, many)
    inside = 1.0
    outside = (visits.outcome == Outcome.OUT_OF_SCOPE)[reading.taken]
    counted = asked[reading.taken]
    if bool(outside[counted == 0].any()):
        # So many of the population are out of scope, too; rounded up, which widens the limits.
        share = _in_scope(reading.survey, outside, many)
        place = reading.survey.stratum
        seen_units = np.bincount(place, counted > 0, many)
        seen_things = np.bincount(place, counted, many)
        before = float(things.sum())
        units = np.maximum(np.ceil(units * share - 1e-9), seen_units)
        things = np.maximum(np.ceil(things * share - 1e-9), seen_things)
        # Of a rule or township that nobody was flagged for there is nothing to be out of scope.
        inside = float(things.sum()) / before if before else 1.0
    everybody = population.whole or population
    size_of = each_of(everybody)
    sizes = tuple(
        (int(size), int(everybody.households[size_of == size].sum())) for size in np.unique(size_of) if size > 0
    )
    return Domain(
        reading.survey,
        reading.names,
        counted.astype(np.float64),
        found[reading.taken].astype(np.float64),
        units.astype(np.int64),
        things.astype(np.int64),
        sizes,
        _in_all(population.whole, size_of, inside) if population.whole else None,
    )


def _in_all(whole: Population, each: Ints, inside: float) -> tuple[int, int]:
    """Households and findings in question in all from which the first phase drew, as far as they are in scope."""
    units, things = int(whole.households[each > 0].sum()), int((whole.households * each).sum())
    return ceil(units * inside - 1e-9), ceil(things * inside - 1e-9)


def _in_scope(survey: Survey, outside: Bools, many: int) -> Floats:
    """Share of each stratum that is in scope, as far as the sample tells."""
    # Where all weigh alike they are counted, which is exact.
    weight = survey.weight if survey.unequal else np.ones(len(survey.stratum))
    everybody = np.bincount(survey.stratum, weight, many)
    left = np.bincount(survey.stratum[outside], weight[outside], many)
    share: Floats = 1.0 - left / np.where(everybody > 0, everybody, 1.0)
    return share
