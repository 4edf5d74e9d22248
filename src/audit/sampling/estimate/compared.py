"""The estimates of a sample of households on which two runs or two sets of rules disagree (D23)."""

from __future__ import annotations

import numpy as np

from audit.sampling.estimate.change import Difference, Side, confirmed_difference, refuted_difference
from audit.sampling.estimate.estimate import DomainKind, Estimate, Measure, Reading
from audit.sampling.estimate.limits import Limits
from audit.sampling.estimate.measures import Sample, precision
from audit.sampling.estimate.share import Method
from audit.sampling.estimate.visits import SIDES, Version


def change_estimates(sample: Sample) -> tuple[Estimate, ...]:
    """What the frame's run gains and loses against the other one: true findings and wrong ones."""
    measures = (Measure.GAINED_PRECISION, Measure.LOST_PRECISION)
    sides = [
        precision(sample, DomainKind.ALL, "", np.arange(len(SIDES)) == place, measure=measure)
        for place, measure in enumerate(measures)
    ]
    confirmed: dict[Version, Reading] = {}
    refuted: dict[Version, Reading] = {}
    known = [one for one in sides if one is not None]
    for version in Version:
        gained, lost = (_side(one, version) for one in sides)
        if gained is not None and lost is not None:
            readings = [one.readings[version] for one in known]
            confirmed[version] = _reading(confirmed_difference(gained, lost), readings)
            refuted[version] = _reading(refuted_difference(gained, lost), readings)
    differences = (
        Estimate(
            measure,
            DomainKind.ALL,
            "",
            readings,
            int(sample.population.sizes.sum()),
            sum(one.things_population for one in known),
            sum(one.unresolved for one in known),
        )
        for measure, readings in ((Measure.CONFIRMED_DIFFERENCE, confirmed), (Measure.REFUTED_DIFFERENCE, refuted))
    )
    return (*known, *differences)


def _side(estimate: Estimate | None, version: Version) -> Side | None:
    """One side of a disagreement; a side without findings is known to have none, one without visits is not known."""
    if estimate is None:
        return Side(0, 0.0, Limits(0.0, 0.0))
    reading = estimate.readings.get(version)
    return Side(estimate.things_population, reading.point, reading.limits) if reading else None


def _reading(difference: Difference, sides: list[Reading]) -> Reading:
    units, things, found = (sum(getattr(one, name) for one in sides) for name in ("units", "things", "found"))
    return Reading(difference.point, difference.limits, Method.DIFFERENCE, 0.0, None, units, things, found)
