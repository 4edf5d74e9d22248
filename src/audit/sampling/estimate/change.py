"""What a change of rules gains and loses, from visits to the households on which old and new rules disagree (D23)."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from audit.sampling.estimate.limits import Limits


@dataclass(frozen=True, slots=True)
class Side:
    """The findings that only the new rules have, or only the old ones.

    Attributes:
        findings: how many there are in the frame.
        confirmed: the share of them that is true.
        limits: of that share.
    """

    findings: int
    confirmed: float
    limits: Limits


@dataclass(frozen=True, slots=True)
class Difference:
    """How many more true (or wrong) findings the new rules have than the old ones.

    Attributes:
        point: the difference; below zero if the new rules have fewer.
        limits: of the difference.
    """

    point: float
    limits: Limits


def confirmed_difference(gained: Side, lost: Side) -> Difference:
    """True findings gained less true findings lost; the limits by square and add, as those of recall."""
    return _difference(_true(gained), _true(lost))


def refuted_difference(gained: Side, lost: Side) -> Difference:
    """Wrong findings gained less wrong findings lost."""
    return _difference(_wrong(gained), _wrong(lost))


def _true(side: Side) -> tuple[float, Limits]:
    return side.findings * side.confirmed, side.limits.times(side.findings)


def _wrong(side: Side) -> tuple[float, Limits]:
    return side.findings * (1 - side.confirmed), side.limits.complement().times(side.findings)


def _difference(gained: tuple[float, Limits], lost: tuple[float, Limits]) -> Difference:
    (more, more_limits), (less, less_limits) = gained, lost
    point = more - less
    down = hypot(more - more_limits.lower, less_limits.upper - less)
    up = hypot(more_limits.upper - more, less - less_limits.lower)
    return Difference(point, Limits(point - down, point + up))
