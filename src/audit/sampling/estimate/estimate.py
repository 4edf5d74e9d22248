"""An estimate: one number of the audit's quality with its limits, its method and everything it was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from audit.sampling.estimate.limits import Limits
from audit.sampling.estimate.share import FEWEST, Method, Share
from audit.sampling.estimate.visits import Version

#: What joins the domains that one estimate is about.
TOGETHER = " + "


class Measure(StrEnum):
    """What is estimated."""

    PRECISION = "precision"
    PRECISION_IN_CELLS = "precision_in_cells"
    CONFIRMED_FINDINGS = "confirmed_findings"
    HOUSEHOLD_PRECISION = "household_precision"
    CONFIRMED_HOUSEHOLDS = "confirmed_households"
    MISS_RATE = "miss_rate"
    MISSED_HOUSEHOLDS = "missed_households"
    RECALL = "recall"
    GAINED_PRECISION = "gained_precision"
    LOST_PRECISION = "lost_precision"
    CONFIRMED_DIFFERENCE = "confirmed_difference"
    REFUTED_DIFFERENCE = "refuted_difference"


class DomainKind(StrEnum):
    """For whom it is estimated."""

    ALL = "all"
    SEVERITY = "severity"
    RULE = "rule"
    RULES = "rules"
    TOWNSHIP = "township"
    TOWNSHIPS = "townships"


@dataclass(frozen=True, slots=True)
class Reading:
    """An estimate under one reading of what is unresolved.

    Attributes:
        point: the estimate.
        limits: two-sided, at the confidence asked for.
        method: the formula.
        variance: of the estimate.
        effect: design effect; None where not defined.
        units: visited households that it rests on.
        things: findings (or households) of them that were judged.
        found: how many of them were confirmed.
        merged: strata or cells that were put together.
    """

    point: float
    limits: Limits
    method: Method
    variance: float
    effect: float | None
    units: int
    things: int
    found: int
    merged: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, share: Share) -> Reading:
        """The reading of a share."""
        return cls(
            share.point,
            share.limits,
            share.method,
            share.variance,
            share.effect,
            share.units,
            share.things,
            share.found,
            share.merged,
        )

    def times(self, factor: float) -> Reading:
        """The same for a total: the share times how many there are."""
        scaled = replace(self, point=self.point * factor, limits=self.limits.times(factor))
        return replace(scaled, variance=self.variance * factor**2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its limits.

    Attributes:
        measure: what is estimated.
        kind: for whom, and
        domain: for which of them; several are joined with " + ", the whole is empty.
        readings: the estimate with the unresolved left out, all against the audit, all in its favour; a reading is
            missing where nothing was settled.
        units_population: households in question in the frame.
        things_population: findings in question in the frame; households where the measure is about households.
        unresolved: how many findings (or households) of the sample could not be settled.
        inputs: further numbers that the formula takes, by name.
    """

    measure: Measure
    kind: DomainKind
    domain: str
    readings: Mapping[Version, Reading]
    units_population: int
    things_population: int
    unresolved: int
    inputs: tuple[tuple[str, float], ...] = ()

    @property
    def seen(self) -> Reading | None:
        """The estimate from what was settled."""
        return self.readings.get(Version.RESOLVED)

    @property
    def lower_worst(self) -> float | None:
        """The lowest lower limit, whatever the unresolved are."""
        return min((one.limits.lower for one in self.readings.values()), default=None)

    @property
    def upper_best(self) -> float | None:
        """The highest upper limit, whatever the unresolved are."""
        return max((one.limits.upper for one in self.readings.values()), default=None)

    @property
    def small(self) -> bool:
        """Whether too few households were visited for a number of its own."""
        return self.seen is None or self.seen.units < FEWEST
