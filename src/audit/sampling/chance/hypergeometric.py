"""Visits among a known number of households, none visited twice: the hypergeometric law."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import scipy

from audit.sampling.chance.chance import Chance


@dataclass(frozen=True, slots=True)
class Hypergeometric:
    """How many deviations n visits find among N households of which K deviate.

    Attributes:
        population: N.
        deviating: K.
    """

    population: int
    deviating: int

    @property
    def largest(self) -> int:
        """The most visits possible: every household."""
        return self.population

    def near(self, k: int, n: int) -> float:
        """About how likely at most k deviations in n visits are."""
        if k >= min(n, self.deviating):
            return 1.0
        return float(scipy.stats.hypergeom.cdf(k, self.population, self.deviating, n))

    def mass(self, x: int, n: int) -> Chance:
        """How likely exactly x deviations in n visits are."""
        if not 0 <= x <= n:
            return Chance.exact(0, 1)
        ways = comb(self.deviating, x) * comb(self.population - self.deviating, n - x)
        return Chance.exact(ways, comb(self.population, n))

    def at_most(self, k: int, n: int) -> Chance:
        """How likely at most k deviations in n visits are."""
        fewest, most = max(0, n - (self.population - self.deviating)), min(n, self.deviating)
        if k >= most:
            return Chance.exact(1, 1)
        if k < fewest:
            return Chance.exact(0, 1)
        if k - fewest > most - k - 1:  # the other tail has fewer terms
            return Chance.exact(*self._sum(k + 1, most, n)).complement()
        return Chance.exact(*self._sum(fewest, k, n))

    def after(self, x: int, n: int) -> Hypergeometric:
        """The law of further visits once n visits have found x deviations."""
        return Hypergeometric(self.population - n, self.deviating - x)

    def _sum(self, first: int, last: int, n: int) -> tuple[int, int]:
        """Add up the ways to find from ``first`` to ``last`` deviations, each from the one before it."""
        # Choosing visits among households or deviating among visited is the same; the smaller one is quicker.
        chosen, marked = sorted((n, self.deviating))
        rest = self.population - marked
        ways = comb(marked, first) * comb(rest, chosen - first)
        total = ways
        for x in range(first, last):
            ways = ways * ((marked - x) * (chosen - x)) // ((x + 1) * (rest - chosen + x + 1))
            total += ways
        return total, comb(self.population, chosen)
