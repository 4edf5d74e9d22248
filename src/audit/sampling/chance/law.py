"""The three laws of how many deviations a sample finds, under one name each."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, Protocol, Self, get_args

from audit.sampling.chance.binomial import Binomial
from audit.sampling.chance.chance import Chance
from audit.sampling.chance.hypergeometric import Hypergeometric
from audit.sampling.chance.poisson import Poisson

Distribution = Literal["hypergeometric", "binomial", "poisson"]
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)


class Law(Protocol):
    """How likely a number of deviations is, given how many households deviate."""

    @property
    def largest(self) -> int | None:
        """The most visits possible; None if there is no end."""

    def near(self, k: int, n: int) -> float:
        """About how likely at most k deviations in n visits are: good enough to know where to look."""

    def mass(self, x: int, n: int) -> Chance:
        """How likely exactly x deviations in n visits are."""

    def at_most(self, k: int, n: int) -> Chance:
        """How likely at most k deviations in n visits are."""

    def after(self, x: int, n: int, /) -> Self:
        """The law of further visits once n visits have found x deviations."""


def law_of(distribution: Distribution, population: int, deviating: int, rate: Fraction) -> Law:
    """The law of a population in which the deviation just reaches what is asked about.

    Args:
        distribution: hypergeometric for a known number of households; binomial or Poisson for very many.
        population: how many households there are.
        deviating: how many of them deviate; only the hypergeometric law needs it.
        rate: at which they deviate; only the two others need it.
    """
    if distribution == "binomial":
        return Binomial(rate)
    if distribution == "poisson":
        return Poisson(rate)
    return Hypergeometric(population, deviating)
