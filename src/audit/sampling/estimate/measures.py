"""The estimates of one sample: for the whole, by severity, rule and township, under three readings (D14 to D20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from audit.sampling.estimate.cells import share_in_cells
from audit.sampling.estimate.collapse import collapse
from audit.sampling.estimate.estimate import TOGETHER, DomainKind, Estimate, Measure, Reading
from audit.sampling.estimate.limits import recall
from audit.sampling.estimate.share import FEWEST, Domain, Method, estimate_share
from audit.sampling.estimate.survey import Bools
from audit.sampling.estimate.visits import (
    SIDES,
    Answered,
    Population,
    Version,
    Visits,
    answered,
    finding_domain,
    household_domain,
)

SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample with its three readings.

    Attributes:
        population: who could be drawn.
        visits: what was found.
        alpha: the risk that is left, both sides together.
        readings: the sample as weighed under each reading.
    """

    population: Population
    visits: Visits
    alpha: Fraction
    readings: Mapping[Version, Answered]

    @classmethod
    def of(cls, population: Population, visits: Visits, alpha: Fraction) -> Sample:
        """Weigh a sample under its three readings."""
        return cls(population, visits, alpha, {one: answered(population, visits, one) for one in Version})

    @property
    def flagged(self) -> bool:
        """Whether the frame holds flagged households."""
        return bool(self.population.rules) and not self.compared

    @property
    def compared(self) -> bool:
        """Whether the frame holds households on which two runs disagree."""
        return self.population.rules == SIDES


def finding_estimates(sample: Sample) -> tuple[Estimate, ...]:
    """Precision, and expected confirmed findings, of a sample of flagged households.

    Rules and townships in which fewer than five households were visited have an estimate of their own, and those of
    one severity (neighbouring townships) one together.
    """
    population = sample.population
    rules = population.rules
    made = [precision(sample, DomainKind.ALL, "", np.ones(len(rules), dtype=bool)), _in_cells(sample)]
    for severity in SEVERITIES:
        chosen = np.array([one == severity for one in population.severities])
        made.append(precision(sample, DomainKind.SEVERITY, severity, chosen))
    own = [precision(sample, DomainKind.RULE, rule, np.array(rules) == rule) for rule in rules]
    made += own
    for severity in SEVERITIES:
        small = [
            one.domain
            for one, of in zip(own, population.severities, strict=True)
            if one is not None and of == severity and one.small
        ]
        if len(small) > 1:
            made.append(precision(sample, DomainKind.RULES, TOGETHER.join(small), np.isin(rules, small)))
    made += _by_township(sample, Measure.PRECISION)
    shown = tuple(one for one in made if one is not None)
    totals = (_total(one, Measure.CONFIRMED_FINDINGS) for one in shown if one.measure is Measure.PRECISION)
    return (*shown, *totals)


def household_estimates(sample: Sample) -> tuple[Estimate, ...]:
    """Households with a real problem: how many of the flagged have one, how many of the unflagged."""
    measure = Measure.HOUSEHOLD_PRECISION if sample.flagged else Measure.MISS_RATE
    whole = _households(sample, measure, DomainKind.ALL, "", None)
    made = [whole, households_with_problem(sample), *_by_township(sample, measure)]
    return tuple(one for one in made if one is not None)


def households_with_problem(sample: Sample) -> Estimate | None:
    """How many households of the frame have a real problem; those out of scope count as without."""
    measure = Measure.CONFIRMED_HOUSEHOLDS if sample.flagged else Measure.MISSED_HOUSEHOLDS
    share = _households(sample, measure, DomainKind.ALL, "", None, in_scope=False)
    return None if share is None else _total(share, measure)


def precision(
    sample: Sample,
    kind: DomainKind,
    domain: str,
    rules: Bools,
    townships: Bools | None = None,
    measure: Measure = Measure.PRECISION,
) -> Estimate | None:
    """Share of the findings that are true.

    Args:
        sample: of households with findings.
        kind: for whom it is told, and
        domain: for which of them.
        rules: which rules, shape (R,).
        townships: which townships, shape (T,); None for all.
        measure: the name of the share.

    Returns:
        None if the frame holds no such finding.
    """
    population, visits = sample.population, sample.visits
    return _share(
        sample,
        measure,
        kind,
        domain,
        lambda reading: finding_domain(population, visits, reading, rules, townships),
    )


def recall_estimate(flagged: Sample, unflagged: Sample) -> Estimate | None:
    """Share of the households with a real problem that the audit flags (D19).

    Returns:
        None if one of the samples says nothing.
    """
    found, missed = households_with_problem(flagged), households_with_problem(unflagged)
    if found is None or missed is None:
        return None
    readings = {}
    for version in Version:
        flags, misses = found.readings.get(version), missed.readings.get(version)
        made = recall(flags.point, flags.limits, misses.point, misses.limits) if flags and misses else None
        if made is not None and flags and misses:
            # Of the households seen to have a real problem: how many were flagged.
            counts = (flags.units + misses.units, flags.found + misses.found, flags.found)
            merged = flags.merged + misses.merged
            readings[version] = Reading(made.point, made.limits, Method.RECALL, 0.0, None, *counts, merged)
    inputs: list[tuple[str, float]] = []
    for name, one in (("TP", found.seen), ("FN", missed.seen)):
        if one is not None:
            inputs += [(name, one.point), (f"{name}_L", one.limits.lower), (f"{name}_U", one.limits.upper)]
    return Estimate(
        Measure.RECALL,
        DomainKind.ALL,
        "",
        readings,
        found.units_population + missed.units_population,
        found.things_population + missed.things_population,
        found.unresolved + missed.unresolved,
        tuple(inputs),
    )


def _in_cells(sample: Sample) -> Estimate | None:
    """Precision of all findings, with the cells of rule and township weighted as they are in the frame (D16)."""
    if sample.population.whole is not None:
        return None  # how many findings a cell has among the households checked is itself drawn by lot
    readings = {}
    for version, reading in sample.readings.items():
        made = share_in_cells(sample.population, sample.visits, reading, float(sample.alpha))
        if made is not None:
            readings[version] = Reading.of(made)
    if Version.RESOLVED not in readings:
        return None
    things = sample.population.findings.sum(axis=1) * sample.population.households
    units = int(sample.population.households[things > 0].sum())
    unresolved = readings[Version.WORST].things if Version.WORST in readings else 0
    unresolved = max(unresolved - readings[Version.RESOLVED].things, 0)
    return Estimate(Measure.PRECISION_IN_CELLS, DomainKind.ALL, "", readings, units, int(things.sum()), unresolved)


def _households(
    sample: Sample,
    measure: Measure,
    kind: DomainKind,
    domain: str,
    townships: Bools | None,
    *,
    in_scope: bool = True,
) -> Estimate | None:
    population, visits = sample.population, sample.visits
    return _share(
        sample,
        measure,
        kind,
        domain,
        lambda reading: household_domain(population, visits, reading, townships, in_scope=in_scope),
    )


def _by_township(sample: Sample, measure: Measure) -> list[Estimate | None]:
    """An estimate per township, and one for each group of neighbours in which few households were visited."""

    def one(kind: DomainKind, places: list[int]) -> Estimate | None:
        chosen = np.isin(np.arange(len(townships)), places)
        domain = TOGETHER.join(townships[place] for place in places)
        if measure is Measure.PRECISION:
            return precision(sample, kind, domain, np.ones(len(sample.population.rules), dtype=bool), chosen)
        return _households(sample, measure, kind, domain, chosen)

    townships = sample.population.townships
    made = [one(DomainKind.TOWNSHIP, [place]) for place in range(len(townships))]
    small = [place for place, estimate in enumerate(made) if estimate is not None and estimate.small]
    if len(small) > 1:
        seen = np.array([_visited(made[place]) for place in small])
        cells = collapse([townships[place] for place in small], seen, seen + 1, FEWEST)
        for group in range(int(cells.groups.max()) + 1):
            places = [place for place, of in zip(small, cells.groups, strict=True) if of == group]
            if len(places) > 1:
                made.append(one(DomainKind.TOWNSHIPS, places))
    return made


def _share(
    sample: Sample, measure: Measure, kind: DomainKind, domain: str, of: Callable[[Answered], Domain]
) -> Estimate | None:
    """One share under the three readings; None if the frame holds nothing that it is about."""
    domains = {version: of(reading) for version, reading in sample.readings.items()}
    everything = domains[Version.WORST]
    if not bool(everything.units.any()):
        return None
    shares = {version: estimate_share(one, sample.alpha) for version, one in domains.items()}
    readings = {version: Reading.of(share) for version, share in shares.items() if share is not None}
    settled = shares[Version.RESOLVED]
    return Estimate(
        measure,
        kind,
        domain,
        readings,
        everything.all_units,
        everything.all_things,
        int(everything.asked.sum()) - (settled.things if settled else 0),
    )


def _total(share: Estimate, measure: Measure) -> Estimate:
    """How many findings or households that share makes up."""
    readings = {version: one.times(share.things_population) for version, one in share.readings.items()}
    return Estimate(
        measure,
        share.kind,
        share.domain,
        readings,
        share.units_population,
        share.things_population,
        share.unresolved,
    )


def _visited(estimate: Estimate | None) -> int:
    """Visited households behind an estimate."""
    return estimate.seen.units if estimate is not None and estimate.seen is not None else 0
