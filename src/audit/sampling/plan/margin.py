"""How many visits make a share known to within a margin of error (D7)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from statistics import NormalDist

from audit.errors import RunError
from audit.sampling.chance import Rate, alpha_of


@dataclass(frozen=True, slots=True)
class Margin:
    """A share that is to be known to within a margin.

    Attributes:
        margin: half the width of the interval, such as 0.05.
        share: the share that is expected; 0.5 is the most careful.
        unresolved: the share of visits expected to settle nothing.
        cluster: visits in one village, if villages are drawn first; 1 if households are.
        alike: how much more alike households of one village are than others (rho, from the last wave): 0 not at all.
    """

    margin: Rate
    share: Rate
    unresolved: Rate
    cluster: int = 1
    alike: Rate | None = None

    @property
    def design_effect(self) -> Fraction:
        """By how much clusters spoil the precision: 1 + (b - 1) rho."""
        return 1 + (self.cluster - 1) * (self.alike.value if self.alike else Fraction(0))


@dataclass(frozen=True, slots=True)
class MarginSize:
    """The visits, and how they come about."""

    n: int
    before_correction: Fraction
    design_effect: Decimal
    formula: str


def margin_size(population: int | None, confidence: Rate, asked: Margin) -> MarginSize:
    """The visits needed; never more than there are households.

    Args:
        population: how many households there are; None for very many.
        confidence: such as 0.95, on both sides together.
        asked: the margin.

    Raises:
        RunError: the margin is 0, or nothing would be settled.
    """
    if asked.margin.value == 0:
        raise RunError("sampling.margin_zero")
    if asked.unresolved.value == 1:
        raise RunError("sampling.nothing_resolved")
    z = Fraction(NormalDist().inv_cdf(float(1 - alpha_of(confidence, 2))))
    share = asked.share.value
    n0 = z**2 * share * (1 - share) / asked.margin.value**2 * asked.design_effect
    n = n0 if population is None else n0 / (1 + (n0 - 1) / population)
    needed = max(1, ceil(n / (1 - asked.unresolved.value)))
    effect = Decimal(asked.design_effect.numerator) / Decimal(asked.design_effect.denominator)
    formula = (
        f"n0 = z^2 p (1 - p) / d^2 * deff = {float(z):.4f}^2 * {asked.share.text} * (1 - {asked.share.text}) / "
        f"{asked.margin.text}^2 * {effect:f} = {float(n0):.3f}; "
        + ("n = n0" if population is None else f"n = n0 / (1 + (n0 - 1) / {population}) = {float(n):.3f}")
        + (f"; / (1 - {asked.unresolved.text})" if asked.unresolved.value else "")
    )
    return MarginSize(needed if population is None else min(needed, population), n0, effect, formula)
