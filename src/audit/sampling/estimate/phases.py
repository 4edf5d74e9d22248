"""A cheap check by telephone or desk first, visits to some of each class afterwards (D22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.sampling.estimate.survey import Moments


@dataclass(frozen=True, slots=True)
class PhaseClass:
    """The households that the first check put into one class.

    Attributes:
        name: what the first check said, such as ``likely`` or ``not reached``.
        checked: households of the class in the first phase.
        visited: how many of them were visited.
        found: how many of the visited have the property.
    """

    name: str
    checked: int
    visited: int
    found: int


def two_phases(population: int, classes: Sequence[PhaseClass]) -> Moments:
    """Share of households with the property: the visits decide, the first check only sorts the households.

    p = sum (n'_g/n') p_g; v = (1 - n'/N) p(1-p)/(n'-1) + sum (n'_g/n')^2 (1/m_g - 1/n'_g) s_g^2.

    Args:
        population: households N from which the first phase drew.
        classes: the classes of the first phase.

    Raises:
        ValueError: a class of several households has fewer than two visits, or more visits than households.
    """
    first = sum(one.checked for one in classes)
    point = within = 0.0
    for one in classes:
        if not min(2, one.checked) <= one.visited <= one.checked or not 0 <= one.found <= one.visited:
            raise ValueError(f"class {one.name}: {one.found} of {one.visited} of {one.checked}")
        if one.checked == 0:
            continue
        share = one.found / one.visited
        part = one.checked / first
        point += part * share
        if one.visited < one.checked:
            spread = share * (1 - share) * one.visited / (one.visited - 1)
            within += part**2 * (1 / one.visited - 1 / one.checked) * spread
    between = (1 - first / population) * point * (1 - point) / max(first - 1, 1)
    return Moments(point, between + within)
