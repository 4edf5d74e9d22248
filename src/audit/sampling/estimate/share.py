"""One share from one sample: whom it is about, which formula holds, point and limits (D5, D15, D17, D18)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import floor

import numpy as np
from scipy.stats import beta

from audit.sampling.chance import two_sided_counts, upper_count
from audit.sampling.estimate.collapse import collapse
from audit.sampling.estimate.limits import Limits, most_when_nothing_found, share_limits
from audit.sampling.estimate.survey import Bools, Floats, Ints, Survey, ratio, total, worth

#: Cells with fewer visited households are put together with their neighbours (D16).
FEWEST = 5


class Method(StrEnum):
    """The formula behind an estimate; the letters and numbers are those of the method's description."""

    CENSUS = "census"
    EXACT = "D5"
    NOTHING = "D18"
    RATIO = "D15+D17"
    MEAN = "D14+D17"
    UNEQUAL = "D12+D17"
    UNEQUAL_NOTHING = "D12+exact"
    CELLS = "D16+D17"
    PHASES = "D22+D17"
    PHASES_NOTHING = "D22+exact"
    RECALL = "D19"
    DIFFERENCE = "D23"


@dataclass(frozen=True, slots=True)
class Domain:
    """The households that a share is about, in the sample and in the population.

    Attributes:
        survey: the sampled households, also those the share is not about, shape (n,).
        names: the strata in the declared order of collapsing, shape (H,).
        asked: findings (or households: 1) in question of each sampled household; 0 if the share is not about it.
        found: how many of them were confirmed.
        units: households in question in the population, by stratum, shape (H,).
        things: findings in question in the population, by stratum; the same as ``units`` if each has one.
        sizes: findings of one household -> households of the population with so many.
        whole: where the population is the first of two phases: households and findings in question in all from which it
            was drawn, to which ``sizes`` belongs then; None else.
    """

    survey: Survey
    names: tuple[str, ...]
    asked: Floats
    found: Floats
    units: Ints
    things: Ints
    sizes: tuple[tuple[int, int], ...]
    whole: tuple[int, int] | None = None

    @property
    def all_units(self) -> int:
        """Households in question, of all that the estimate is about."""
        return self.whole[0] if self.whole else int(self.units.sum())

    @property
    def all_things(self) -> int:
        """Findings in question, of all that the estimate is about."""
        return self.whole[1] if self.whole else int(self.things.sum())

    @property
    def single(self) -> bool:
        """Whether no household counts more than once."""
        return bool(np.all(self.units == self.things))

    def of_strata(self, chosen: Bools) -> Domain:
        """The part of the domain that lies in some strata."""
        inside = chosen[self.survey.stratum]
        place = np.cumsum(chosen) - 1
        survey = replace(
            self.survey,
            sizes=self.survey.sizes[chosen],
            stratum=place[self.survey.stratum[inside]].astype(np.int64),
            weight=self.survey.weight[inside],
        )
        names = tuple(name for name, keep in zip(self.names, chosen, strict=True) if keep)
        return Domain(
            survey, names, self.asked[inside], self.found[inside], self.units[chosen], self.things[chosen], self.sizes
        )


@dataclass(frozen=True, slots=True)
class Share:
    """An estimated share with its limits.

    Attributes:
        point: the estimate.
        limits: two-sided, at the confidence asked for.
        method: the formula.
        variance: of the estimate; 0 of a census.
        units: visited households that it rests on.
        things: findings (or households) of them that were judged.
        found: how many were confirmed.
        effect: design effect: the variance over that of a simple random sample of as many findings; None if there is
            none.
        merged: the strata that were put together because too few households were visited in them.
    """

    point: float
    limits: Limits
    method: Method
    variance: float
    units: int
    things: int
    found: int
    effect: float | None
    merged: tuple[tuple[str, ...], ...]


def estimate_share(domain: Domain, alpha: Fraction, fewest: int = FEWEST) -> Share | None:
    """Estimate a share.

    Strata that were visited whole are known and are added without error; the limits are about the rest.

    Args:
        domain: what is asked.
        alpha: the risk that is left, both sides together.
        fewest: cells with fewer visited households are put together.

    Returns:
        None if no household in question was visited.
    """
    inside = domain.asked > 0
    if not bool(inside.any()):
        return None
    whole = domain.survey.sampled == domain.survey.sizes
    if not bool(whole.any()) or domain.survey.whole is not None:
        return _sampled(domain, alpha, fewest)
    known_things = float(domain.asked[whole[domain.survey.stratum]].sum())
    known_found = float(domain.found[whole[domain.survey.stratum]].sum())
    open_things = float(domain.things[~whole].sum())
    rest = domain.of_strata(~whole)
    part = _sampled(rest, alpha, fewest) if bool((rest.asked > 0).any()) else None
    seen = int(inside.sum()), int(domain.asked.sum()), int(domain.found.sum())
    everything = known_things + open_things
    if open_things == 0:
        point = known_found / known_things
        return Share(point, Limits(point, point), Method.CENSUS, 0.0, *seen, 0.0, ())
    if part is None:  # nothing is known of the rest
        limits = Limits(known_found / everything, (known_found + open_things) / everything)
        return Share(known_found / known_things, limits, Method.NOTHING, 0.0, *seen, None, ())
    scale = open_things / everything
    return replace(
        part,
        point=(known_found + part.point * open_things) / everything,
        limits=Limits(
            known_found / everything + part.limits.lower * scale, known_found / everything + part.limits.upper * scale
        ),
        variance=part.variance * scale**2,
        units=seen[0],
        things=seen[1],
        found=seen[2],
    )


def _sampled(domain: Domain, alpha: Fraction, fewest: int) -> Share:
    """The share in strata of which a part was visited."""
    survey = domain.survey
    inside = domain.asked > 0
    units, things, found = int(inside.sum()), int(domain.asked.sum()), int(domain.found.sum())
    seen = np.bincount(survey.stratum[inside], minlength=len(survey.sizes)).astype(np.int64)
    concerned = domain.units > 0
    phases = survey.whole is not None
    if domain.single and concerned.sum() == 1 and not survey.unequal and not phases:
        size = int(domain.units.sum())
        lower, upper = _exact(size, units, found, alpha)
        point = found / units
        variance = (1 - units / size) * point * (1 - point) / max(units - 1, 1)
        return Share(point, Limits(lower / size, upper / size), Method.EXACT, variance, units, things, found, 1.0, ())
    # By the expanded number of findings, not the known one: a sample that happens to hold few of them is less sure.
    moments = ratio(survey, domain.found, domain.asked)
    names = [name for name, has in zip(domain.names, concerned, strict=True) if has]
    cells = collapse(names, seen[concerned], domain.units[concerned], fewest)
    if found in {0, things}:
        if survey.unequal:
            limits = _unequal_nothing(domain, alpha, none_found=found == 0)
            method = Method.UNEQUAL_NOTHING
        else:
            count = _nothing_in_two_phases if phases else _most_units
            edge = _share_of_things(domain, count(domain, cells.groups, seen, alpha))
            limits = Limits(0.0, edge) if found == 0 else Limits(1.0 - edge, 1.0)
            method = Method.PHASES_NOTHING if phases else Method.NOTHING
        return Share(float(found > 0), limits, method, 0.0, units, things, found, None, cells.merged)
    strata = int(cells.groups.max()) + 1
    # Drawn by number of findings, households with many stand for few: what they say of findings weighs alike.
    weight = survey.weight * domain.asked if survey.unequal else survey.weight
    limits = share_limits(moments.point, moments.variance, units, strata, float(alpha), worth(weight[inside]))
    method = Method.UNEQUAL if survey.unequal else Method.MEAN if domain.single else Method.RATIO
    method = Method.PHASES if phases else method
    simple = moments.point * (1 - moments.point) / max(things - 1, 1)
    if not survey.unequal:
        simple *= 1 - things / domain.all_things
    effect = moments.variance / simple if simple > 0 else None
    return Share(moments.point, limits, method, moments.variance, units, things, found, effect, cells.merged)


def _nothing_in_two_phases(domain: Domain, groups: Ints, seen: Ints, alpha: Fraction) -> int:
    """Most households that may be affected in all, although none of the visited is: half the risk for each phase."""
    checked = int(domain.units.sum())
    most = min(_most_units(domain, groups, seen, alpha / 2), checked)
    return upper_count(max(domain.all_units, checked), checked, most, alpha / 4)


def _share_of_things(domain: Domain, units: int) -> float:
    """The largest share of findings that so many households can make up."""
    return min(_largest(domain, units), domain.all_things - int(domain.asked.sum())) / domain.all_things


def _most_units(domain: Domain, groups: Ints, seen: Ints, alpha: Fraction) -> int:
    """Most households that may be affected although none of the visited is (or spared although none is)."""
    concerned = domain.units > 0
    sampled, sizes = domain.survey.sampled[concerned], domain.survey.sizes[concerned]
    units, visited = domain.units[concerned], seen[concerned]
    cell_sizes, cell_seen = [], []
    for group in range(int(groups.max()) + 1):
        members = np.flatnonzero(groups == group)
        chances = [Fraction(int(sampled[one]), int(sizes[one])) for one in members]
        size, count = int(units[members].sum()), int(visited[members].sum())
        # Strata put together count as if all of them had been drawn at the smallest chance among them.
        usual = (
            sum((chance * int(units[one]) for chance, one in zip(chances, members, strict=True)), Fraction(0)) / size
        )
        cell_sizes.append(size)
        cell_seen.append(floor(count * min(chances) / usual) if len(members) > 1 and usual else count)
    return most_when_nothing_found(cell_sizes, cell_seen, alpha / 2)


def _largest(domain: Domain, units: int) -> int:
    """At most so many findings can so many households have: those with the most."""
    counted = 0
    for each, households in sorted(domain.sizes, reverse=True):
        taken = min(units, households)
        counted += taken * each
        units -= taken
    return counted


def _unequal_nothing(domain: Domain, alpha: Fraction, *, none_found: bool) -> Limits:
    """Limits when nothing (or everything) was found with unequal chances: as many units as the weights are worth."""
    weights = domain.survey.weight * domain.asked
    alike = max(1, floor(total(domain.survey, domain.asked) ** 2 / float(weights @ weights)))
    edge = float(beta.ppf(1 - float(alpha) / 2, 1, alike))
    return Limits(0.0, edge) if none_found else Limits(1.0 - edge, 1.0)


@lru_cache(maxsize=4096)
def _exact(size: int, sampled: int, found: int, alpha: Fraction) -> tuple[int, int]:
    return two_sided_counts(size, sampled, found, alpha)
