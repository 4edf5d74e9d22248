"""Limits of a share from a stratified sample, and of the share of problems that the audit finds (D17 to D19)."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log, log1p, sqrt

from scipy.special import betaincinv, stdtrit

#: Sums of logarithms nearer than this to their limit are decided by whole numbers.
_NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which values the truth lies, with the confidence asked for.

    Attributes:
        lower: not below this.
        upper: not above this.
    """

    lower: float
    upper: float

    def times(self, factor: float) -> Limits:
        """Both limits multiplied."""
        return Limits(self.lower * factor, self.upper * factor)

    def complement(self) -> Limits:
        """The limits of the other share: what is not found of what is."""
        return Limits(1.0 - self.upper, 1.0 - self.lower)


def share_limits(point: float, variance: float, units: int, strata: int, alpha: float, worth: float) -> Limits:
    """Limits of a share strictly between 0 and 1 (D17: Korn and Graubard, never more units than were visited).

    n_eff = p(1-p)/v; n* = min(n_w, n_eff (t(n-1) / t(n-H))^2) at 1 - alpha/2; x* = n* p; the limits are the quantiles
    alpha/2 of Beta(x*, n*-x*+1) and 1 - alpha/2 of Beta(x*+1, n*-x*). n_w is n where all weigh alike, and less where
    they do not: few units with very unequal weights have a variance that looks smaller than it is.

    Args:
        point: the estimated share p.
        variance: its variance v.
        units: visited units n that the share is about.
        strata: strata H that they come from.
        alpha: the risk that is left, both sides together.
        worth: how many units of equal weight the visited ones are worth: (sum w)^2 / sum w^2, at most n.
    """
    free = units - strata
    if free < 1:
        return Limits(0.0, 1.0)
    counted = worth
    if variance > 0:
        narrower = stdtrit(units - 1, 1 - alpha / 2) / stdtrit(free, 1 - alpha / 2)
        counted = min(counted, point * (1 - point) / variance * narrower**2)
    found = counted * point
    return Limits(
        float(betaincinv(found, counted - found + 1, alpha / 2)),
        float(betaincinv(found + 1, counted - found, 1 - alpha / 2)),
    )


def most_when_nothing_found(sizes: Sequence[int], sampled: Sequence[int], alpha: Fraction) -> int:
    """The largest number of affected units that leaves finding none of them likelier than alpha (D18).

    Each further affected unit is put into the stratum with the largest (N_h - n_h - K_h)/(N_h - K_h), which is the
    split that is hardest to notice. Logarithms say where to look; whole numbers decide.

    Args:
        sizes: units of the population by stratum.
        sampled: visited units by stratum, none of which was affected.
        alpha: the risk that is left.
    """
    shares = enumerate(zip(sizes, sampled, strict=True))
    heap = [(-(size - seen) / size, place) for place, (size, seen) in shares if size]
    heapq.heapify(heap)
    affected = [0] * len(sizes)
    bound = log(alpha)
    unnoticed, exact, counted = 0.0, Fraction(1), 0
    steps: list[Fraction] = []
    while heap:
        _, place = heapq.heappop(heap)
        left = sizes[place] - sampled[place] - affected[place]
        if left == 0:
            break  # the largest chance is nil: every other is, too
        step = Fraction(left, sizes[place] - affected[place])
        unnoticed += log1p(-sampled[place] / (sizes[place] - affected[place]))
        steps.append(step)
        if unnoticed < bound - _NEAR:
            break
        if unnoticed < bound + _NEAR:
            for one in steps:
                exact *= one
            steps.clear()
            if exact <= alpha:
                break
        affected[place] += 1
        counted += 1
        remaining = sizes[place] - affected[place]
        if remaining:
            heapq.heappush(heap, (-(left - 1) / remaining, place))
    return counted


@dataclass(frozen=True, slots=True)
class Recall:
    """How much of what is wrong the audit finds.

    Attributes:
        point: found problems over all problems.
        limits: of that share; the lower one is the headline.
    """

    point: float
    limits: Limits


def recall(found: float, found_limits: Limits, missed: float, missed_limits: Limits) -> Recall | None:
    """Share of the households with a real problem that the audit flags (D19: square and add).

    Args:
        found: flagged households that were confirmed, expanded to the county (TP).
        found_limits: its two-sided limits.
        missed: unflagged households with a real problem, expanded to the county (FN).
        missed_limits: its two-sided limits.

    Returns:
        None if nothing was confirmed and nothing missed.
    """
    if found + missed == 0:
        return None

    def share(flagged: float, unflagged: float) -> float:
        return flagged / (flagged + unflagged) if flagged + unflagged else 0.0

    point = share(found, missed)
    down = sqrt((point - share(found, missed_limits.upper)) ** 2 + (point - share(found_limits.lower, missed)) ** 2)
    up = sqrt((share(found, missed_limits.lower) - point) ** 2 + (share(found_limits.upper, missed) - point) ** 2)
    return Recall(point, Limits(max(0.0, point - down), min(1.0, point + up)))
