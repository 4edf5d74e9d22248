"""How the visited units came into the sample, and the totals, means, ratios and variances that follow (D13 to D15)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A variance within a stratum needs so many units.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Survey:
    """The units of a sample with their strata and weights.

    Attributes:
        sizes: units of the population by stratum, shape (H,).
        stratum: the stratum of each sampled unit, 0 to H-1, shape (n,).
        weight: how many units of the population each sampled unit stands for, shape (n,).
        unequal: whether the units of a stratum had unequal chances (probability proportional to size).
        whole: where the population is itself a simple random sample, checked by desk or phone and divided into the
            strata by what it said: units of the population that it was drawn from (D22); None else.
    """

    sizes: Ints
    stratum: Ints
    weight: Floats
    unequal: bool = False
    whole: int | None = None

    @property
    def sampled(self) -> Ints:
        """Sampled units by stratum."""
        return np.bincount(self.stratum, minlength=len(self.sizes)).astype(np.int64)

    def only(self, chosen: Bools) -> Survey:
        """The same survey with some of its units, which keep their weights."""
        return replace(self, stratum=self.stratum[chosen], weight=self.weight[chosen])


def equal_chances(sizes: Ints, stratum: Ints) -> Survey:
    """A survey whose units had equal chances within each stratum: weight = N_h / n_h (D13)."""
    counts = np.bincount(stratum, minlength=len(sizes))
    return Survey(sizes, stratum, (sizes / np.maximum(counts, 1))[stratum])


def unequal_chances(sizes: Ints, stratum: Ints, chance: Floats) -> Survey:
    """A survey drawn with probability proportional to size: weight = 1 / chance (D12)."""
    return Survey(sizes, stratum, 1.0 / chance, unequal=True)


def total(survey: Survey, values: Floats) -> float:
    """Expand what was seen to the population: sum of weight times value (D14)."""
    return float(survey.weight @ values)


def total_variance(survey: Survey, values: Floats) -> float:
    """Variance of an expanded total.

    Equal chances (D14): sum over strata of N_h^2 (1 - n_h/N_h) s_h^2 / n_h. Unequal chances (D12, Hajek): sum over
    strata of c_i (y_i/pi_i - B)^2 with c_i = (1 - pi_i) n/(n - 1), n the units that were not certain (pi_i < 1), and B
    the mean of y_i/pi_i weighted with c_i. A stratum taken whole adds nothing. In the second of two phases the first
    adds its own part (D22).

    Raises:
        ValueError: a stratum that was not taken whole has one unit; merge it first.
    """
    return _within(survey, values) + (0.0 if survey.whole is None else _first_phase(survey, values, survey.whole))


def _first_phase(survey: Survey, values: Floats, whole: int) -> float:
    """What a total varies by because other units might have been checked: (1 - n'/N) n' s^2, s^2 as the visits tell."""
    checked = float(survey.sizes.sum())
    centre = total(survey, values) / checked
    squares = float(survey.weight @ (values - centre) ** 2)
    return (1 - checked / whole) * checked / max(checked - 1, 1) * squares


def _within(survey: Survey, values: Floats) -> float:
    """What a total varies by because other units of the strata might have been visited."""
    strata, count = len(survey.sizes), survey.sampled
    if bool(np.any((count == 1) & (survey.sizes > 1))):
        raise ValueError("a stratum with one unit has no variance")
    expanded = survey.weight * values
    if survey.unequal:
        part = np.maximum(1.0 - 1.0 / survey.weight, 0.0)
        drawn = np.bincount(survey.stratum[part > 0], minlength=strata)  # whoever is certain was not left to chance
        corrected = drawn / np.maximum(drawn - 1, 1)
        weight_sum = np.bincount(survey.stratum, part, strata)
        centre = np.bincount(survey.stratum, part * expanded, strata) / np.where(weight_sum > 0, weight_sum, 1.0)
        squares = np.bincount(survey.stratum, part * (expanded - centre[survey.stratum]) ** 2, strata)
        return float(squares @ corrected)
    corrected = count / np.maximum(count - 1, 1)
    centre = np.bincount(survey.stratum, expanded, strata) / np.maximum(count, 1)
    squares = np.bincount(survey.stratum, (expanded - centre[survey.stratum]) ** 2, strata)
    left = np.maximum(1.0 - count / np.maximum(survey.sizes, 1), 0.0)
    return float((left * corrected) @ squares)


def worth(weight: Floats) -> float:
    """How many units of equal weight some units are worth: (sum w)^2 / sum w^2 (Kish)."""
    return float(weight.sum() ** 2 / (weight @ weight))


@dataclass(frozen=True, slots=True)
class Moments:
    """A share or mean with its variance.

    Attributes:
        point: the estimate.
        variance: its variance over all samples that could have been drawn.
    """

    point: float
    variance: float


def mean(survey: Survey, values: Floats) -> Moments:
    """Mean per unit of the population (D14)."""
    size = float(survey.sizes.sum())
    return Moments(total(survey, values) / size, total_variance(survey, values) / size**2)


def ratio(survey: Survey, found: Floats, asked: Floats, known: float | None = None) -> Moments:
    """Share of the findings that were confirmed, findings of one household being one cluster (D15).

    Args:
        survey: the sampled households.
        found: confirmed findings by household.
        asked: findings by household; 0 for a household that the question is not about.
        known: findings of the whole frame, where known; else their expanded number.

    Raises:
        ZeroDivisionError: no sampled household has a finding.
    """
    point = total(survey, found) / total(survey, asked)
    size = known or total(survey, asked)
    return Moments(point, total_variance(survey, found - point * asked) / size**2)


def merge_strata(survey: Survey, groups: Ints) -> Survey:
    """Merge strata; the weights within a merged stratum are adjusted so that they add up to its size (D16).

    Args:
        survey: the survey.
        groups: the merged stratum of each stratum, shape (H,), numbered from 0.
    """
    many = int(groups.max()) + 1
    sizes = np.bincount(groups, survey.sizes, many).astype(np.int64)
    stratum = groups[survey.stratum]
    if survey.unequal:
        return replace(survey, sizes=sizes, stratum=stratum)
    expanded = np.bincount(stratum, survey.weight, many)
    factor = sizes / np.where(expanded > 0, expanded, 1.0)
    return replace(survey, sizes=sizes, stratum=stratum, weight=survey.weight * factor[stratum])
