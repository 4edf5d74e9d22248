"""Two stages: most often the first is enough, and the risk of both together is computed exactly (D6)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from audit.sampling.chance import Chance, Law
from audit.sampling.chance.seek import first_yes


def support(law: Law, c1: int, c2: int, n1: int, n2: int) -> Chance:
    """How likely the claim is supported: at most c1 after the first stage, or at most c2 after both.

    Args:
        law: of the population.
        c1: the most deviations with which the first stage is enough.
        c2: the most deviations of both stages together.
        n1: visits of the first stage.
        n2: visits of the second; households not visited in the first.
    """
    likely = law.at_most(c1, n1)
    for x in range(c1 + 1, min(c2, n1) + 1):
        found = law.mass(x, n1)
        if found.high:
            likely = likely + found * law.after(x, n1).at_most(c2 - x, n2)
    return likely


def smallest_stage(law: Law, c1: int, c2: int, alpha: Fraction, most: int) -> int | None:
    """The smallest size of both stages with which the claim is supported wrongly with at most the risk alpha.

    Returns:
        The visits of each stage; None if there is no such size up to ``most``.
    """

    def enough(n: int) -> bool:
        return support(law, c1, c2, n, n).at_most(alpha)

    # Twice what the first stage alone would need is enough, if there is so much; most often it is near to that.
    alone = first_yes(lambda n: law.near(c1, n) <= float(alpha), c1 + 1, most)
    return first_yes(enough, c1 + 1, most, alone)


def average_visits(law: Law, c1: int, c2: int, n1: int, n2: int) -> Decimal:
    """The visits to be expected, to two decimals: the second stage is visited only if the first leaves it open."""
    second = sum(float(law.mass(x, n1).decimal(12)) for x in range(c1 + 1, min(c2, n1) + 1))
    return Decimal(n1 + n2 * second).quantize(Decimal("0.01"))
