"""Visits among very many households: the binomial law."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

import scipy

from audit.sampling.chance.chance import Chance


@dataclass(frozen=True, slots=True)
class Binomial:
    """How many deviations n visits find if every household deviates at the same rate.

    Attributes:
        rate: of deviations, a fraction between 0 and 1.
    """

    rate: Fraction

    @property
    def largest(self) -> None:
        """There is no largest number of visits."""
        return

    def near(self, k: int, n: int) -> float:
        """About how likely at most k deviations in n visits are."""
        return float(scipy.stats.binom.cdf(k, n, float(self.rate)))

    def mass(self, x: int, n: int) -> Chance:
        """How likely exactly x deviations in n visits are."""
        if not 0 <= x <= n:
            return Chance.exact(0, 1)
        yes, total = self.rate.as_integer_ratio()
        return Chance.exact(comb(n, x) * yes**x * (total - yes) ** (n - x), total**n)

    def at_most(self, k: int, n: int) -> Chance:
        """How likely at most k deviations in n visits are."""
        yes, total = self.rate.as_integer_ratio()
        if k < 0:
            return Chance.exact(0, 1)
        if k >= n or yes == 0:
            return Chance.exact(1, 1)
        no = total - yes
        # Horner's rule over x with the common factor no^(n-k) taken out: no power is computed twice.
        chosen, power, ways = 1, 1, 0
        for x in range(k + 1):
            ways = ways * no + chosen * power
            chosen = chosen * (n - x) // (x + 1)
            power *= yes
        return Chance.exact(ways * no ** (n - k), total**n)

    def after(self, _x: int, _n: int) -> Binomial:
        """The law of further visits: the same."""
        return self
