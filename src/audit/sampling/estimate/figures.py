"""Figures as people read them: limits are rounded outwards, so that rounding never makes a claim stronger."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP

from audit.model.shares import estimated_share, rounded, share_limits
from audit.sampling.estimate.estimate import Estimate, Measure
from audit.sampling.estimate.limits import Limits

#: What is counted, rather than a share.
COUNTED = frozenset(
    {
        Measure.CONFIRMED_FINDINGS,
        Measure.CONFIRMED_HOUSEHOLDS,
        Measure.MISSED_HOUSEHOLDS,
        Measure.CONFIRMED_DIFFERENCE,
        Measure.REFUTED_DIFFERENCE,
    }
)
DASH = "–"


def share(value: float | None) -> str:
    """A share in per cent with one decimal."""
    return DASH if value is None else estimated_share(value)


def share_limits_written(limits: Limits | None) -> str:
    """Both limits of a share: the lower one rounded down, the upper one up."""
    return DASH if limits is None else share_limits(limits.lower, limits.upper)


def count_limits_written(limits: Limits | None) -> str:
    """Both limits of a number of households or findings, rounded outwards to whole ones."""
    if limits is None:
        return DASH
    return f"{rounded(limits.lower, ROUND_FLOOR, 0):,} – {rounded(limits.upper, ROUND_CEILING, 0):,}"


def point_written(estimate: Estimate) -> str:
    """The point of an estimate, as a share or as a number."""
    seen = estimate.seen
    if seen is None:
        return DASH
    return f"{rounded(seen.point, ROUND_HALF_UP, 0):,}" if estimate.measure in COUNTED else share(seen.point)


def limits_written(estimate: Estimate, *, whatever: bool = False) -> str:
    """The limits of an estimate.

    Args:
        estimate: the estimate.
        whatever: whether to give those that also hold whatever the unresolved are.
    """
    limits = estimate.seen.limits if estimate.seen else None
    if whatever:
        lower, upper = estimate.lower_worst, estimate.upper_best
        limits = None if lower is None or upper is None else Limits(lower, upper)
    return count_limits_written(limits) if estimate.measure in COUNTED else share_limits_written(limits)
