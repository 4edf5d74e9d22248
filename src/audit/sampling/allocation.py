"""Shares the visits among strata so that the estimate is as sharp as the number of visits allows (D8).

Each stratum begins with its minimum; each further visit goes where it reduces the variance most. That is the exact
optimum, it always adds up, and more visits never take one away from a stratum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heapreplace
from math import isqrt
from typing import Literal, get_args

from audit.errors import RunError

#: Proportional: like the number of households. Neyman: also like the spread expected in the stratum. Power: like the
#: square root of the number of households, so that small strata get more.
Kind = Literal["proportional", "neyman", "power"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: Fewer visits in a stratum don't show how much its households differ.
FEWEST = 2
#: No stratum is taken to be freer of deviations than this, or than its opposite (Neyman).
RATE_FLOOR = Fraction(2, 100)
#: So often the level is halved before the rest is given visit by visit.
_HALVINGS = 100


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the frame that gets visits of its own.

    Attributes:
        name: its name.
        size: N, how many households it has.
        low: the fewest visits, at most N; a stratum that is not covered has 0.
        high: the most visits, at most N; equal to N and to ``low`` where every household is visited.
        spread: S squared, the variance expected within the stratum.
        cost: what a visit there costs beside one elsewhere.
    """

    name: str
    size: int
    low: int
    high: int
    spread: Fraction = Fraction(1)
    cost: Fraction = Fraction(1)


def bounded(
    name: str,
    size: int,
    *,
    fewest: int = FEWEST,
    most: int | None = None,
    take_all: bool = False,
    spread: Fraction = Fraction(1),
    cost: Fraction = Fraction(1),
) -> Stratum:
    """A stratum whose minimum and maximum are cut to its size."""
    high = size if most is None or take_all else min(most, size)
    low = size if take_all else min(fewest, size)
    return Stratum(name, size, min(low, high), high, spread, cost)


def spread_of(rate: Fraction) -> Fraction:
    """The variance of a deviation that occurs at a rate; never taken to be free of error (Neyman)."""
    rate = min(max(rate, RATE_FLOOR), 1 - RATE_FLOOR)
    return rate * (1 - rate)


def allocate(strata: Sequence[Stratum], n: int, kind: Kind = "proportional") -> tuple[int, ...]:
    """Share n visits among strata.

    Minimises the sum of weight / n_h with low <= n_h <= high; the weight is N^2 S^2 / cost (Neyman), N^2 / cost
    (proportional) or N / cost (power). Of two strata that gain alike the one that stands first gets the visit.

    Args:
        strata: the strata, in an order that does not change.
        n: visits in all.
        kind: what the visits follow.

    Returns:
        Visits of each stratum, in their order; they add up to n.

    Raises:
        RunError: the minimums need more than n, or the maximums don't leave room for n.
    """
    smallest, largest = sum(one.low for one in strata), sum(one.high for one in strata)
    if n < smallest:
        raise RunError("sampling.minimums_need_more", n=n, smallest=smallest)
    if n > largest:
        raise RunError("sampling.maximums_leave_less", n=n, largest=largest)
    weights = [_weight(one, kind) for one in strata]
    shares = _most_of_it(strata, weights, n)
    # The gain of the next visit, largest first; -place lets the first of two alike come first.
    gains = [
        (-_gain(weight, share), place)
        for place, (one, weight, share) in enumerate(zip(strata, weights, shares, strict=True))
        if share < one.high
    ]
    heapify(gains)
    for _ in range(n - sum(shares)):
        _, place = gains[0]
        shares[place] += 1
        room = shares[place] < strata[place].high
        heapreplace(gains, (-_gain(weights[place], shares[place]), place) if room else (Fraction(1), place))
    return tuple(shares)


def _weight(one: Stratum, kind: Kind) -> Fraction:
    if kind == "power":
        return one.size / one.cost
    return one.size**2 * (one.spread if kind == "neyman" else 1) / one.cost


def _gain(weight: Fraction, share: int) -> Fraction:
    """By how much the variance falls with one visit more; the first visit of all comes before everything."""
    return weight / (share * (share + 1)) if share else weight * 2**64


def _most_of_it(strata: Sequence[Stratum], weights: Sequence[Fraction], n: int) -> list[int]:
    """All visits that gain more than some level, with the level such that only few are left to be given.

    Whatever gains more than the last visit given is given anyway, so that this changes the time and not the result.
    """
    best = [one.low for one in strata]
    # About t times the root of its weight are the visits of a stratum that gain more than 1 / t^2.
    t, enough, too_much = Fraction(1), Fraction(0), None
    for _ in range(_HALVINGS):
        if n - sum(best) <= len(strata):
            break
        shares = [
            max(one.low, min(one.high, _visits_above(weight * t**2)))
            for one, weight in zip(strata, weights, strict=True)
        ]
        if sum(shares) <= n:
            best, enough = shares, t
        else:
            too_much = t
        t = 2 * t if too_much is None else (enough + too_much) / 2
    return best


def _visits_above(room: Fraction) -> int:
    """How many visits gain more than the level: the largest s with (s - 1) s < weight / level."""
    s = (1 + isqrt(1 + 4 * int(room))) // 2
    while s > 1 and (s - 1) * s >= room:
        s -= 1
    return s
