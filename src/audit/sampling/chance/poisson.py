"""Rare deviations among very many households: the Poisson law, as auditors' tables of reliability factors use it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import scipy

from audit.sampling.chance.chance import Chance

#: Probabilities are enclosed to this many binary places.
_PLACES = 256
#: Sums are computed to more, so that their roundings stay below the last place.
_WORK = 320


@dataclass(frozen=True, slots=True)
class Poisson:
    """How many deviations n visits find if n times the rate are expected.

    Attributes:
        rate: expected deviations per visit, a fraction.
    """

    rate: Fraction

    @property
    def largest(self) -> None:
        """There is no largest number of visits."""
        return

    def near(self, k: int, n: int) -> float:
        """About how likely at most k deviations in n visits are."""
        return float(scipy.stats.poisson.cdf(k, n * float(self.rate)))

    def mass(self, x: int, n: int) -> Chance:
        """How likely exactly x deviations in n visits are."""
        return self._between(x, x, n)

    def at_most(self, k: int, n: int) -> Chance:
        """How likely at most k deviations in n visits are."""
        return self._between(0, k, n)

    def after(self, _x: int, _n: int) -> Poisson:
        """The law of further visits: the same."""
        return self

    def _between(self, first: int, last: int, n: int) -> Chance:
        """Enclose e^-m times the sum of m^x / x! from ``first`` to ``last``, with m = n times the rate."""
        mean = n * self.rate
        if last < max(first, 0):
            return Chance.exact(0, 1)
        if mean == 0:
            return Chance.exact(int(first <= 0), 1)
        low = high = 1 << _WORK  # the term m^x / x!, rounded down and rounded up
        all_low = all_high = some_low = some_high = x = 0
        # Beyond twice the mean every term is less than half the one before: what is left out is less than the last.
        beyond = max(last, -(-2 * mean.numerator // mean.denominator))
        while x <= beyond or high > 1:
            all_low, all_high = all_low + low, all_high + high
            if first <= x <= last:
                some_low, some_high = some_low + low, some_high + high
            x += 1
            low = low * mean.numerator // (x * mean.denominator)
            high = -(-high * mean.numerator // (x * mean.denominator))
        all_high += 2 * high
        return Chance((some_low << _PLACES) // all_high, -(-(some_high << _PLACES) // all_low), 1 << _PLACES)
