"""From what a sample found to exact limits of how many households deviate, or at what rate (D5)."""

from __future__ import annotations

from fractions import Fraction

import scipy

from audit.sampling.chance.binomial import Binomial
from audit.sampling.chance.hypergeometric import Hypergeometric
from audit.sampling.chance.law import Law
from audit.sampling.chance.poisson import Poisson
from audit.sampling.chance.seek import first_yes

#: Rates are given to so many decimal places unless told otherwise.
PLACES = 8


def upper_count(population: int, n: int, k: int, alpha: Fraction) -> int:
    """The largest number of deviating households with which finding so few is not yet too unlikely.

    Args:
        population: how many households there are.
        n: how many were visited.
        k: how many of them deviated.
        alpha: the risk that is left, such as 1/20.

    Returns:
        max { K : P(X <= k; N, K, n) > alpha }, between k and N - (n - k).
    """
    _possible(population, n, k)
    most = population - (n - k)

    def too_unlikely(deviating: int) -> bool:
        return Hypergeometric(population, deviating).at_most(k, n).at_most(alpha)

    def near(deviating: int) -> bool:
        return bool(scipy.stats.hypergeom.cdf(k, population, deviating, n) <= float(alpha))

    first = first_yes(too_unlikely, k + 1, most, first_yes(near, k + 1, most) or most)
    return most if first is None else first - 1


def lower_count(population: int, n: int, k: int, alpha: Fraction) -> int:
    """The smallest number of deviating households with which finding so many is not too unlikely; 0 if k is 0.

    Returns:
        min { K : P(X >= k; N, K, n) > alpha }, between k and N - (n - k). Arguments as of ``upper_count``.
    """
    _possible(population, n, k)
    if k == 0:
        return 0
    most = population - (n - k)

    def likely(deviating: int) -> bool:
        return not Hypergeometric(population, deviating).at_most(k - 1, n).complement().at_most(alpha)

    def near(deviating: int) -> bool:
        return bool(scipy.stats.hypergeom.sf(k - 1, population, deviating, n) > float(alpha))

    found = first_yes(likely, k, most, first_yes(near, k, most) or most)
    return most if found is None else found


def two_sided_counts(population: int, n: int, k: int, alpha: Fraction) -> tuple[int, int]:
    """Both limits, with half the risk on each side."""
    return lower_count(population, n, k, alpha / 2), upper_count(population, n, k, alpha / 2)


def upper_rate(n: int, k: int, alpha: Fraction, *, places: int = PLACES, poisson: bool = False) -> Fraction:
    """The smallest rate of so many decimal places at which finding so few is too unlikely (Clopper-Pearson).

    Args:
        n: how many were visited.
        k: how many of them deviated.
        alpha: the risk that is left, such as 1/20.
        places: decimal places of the rate; it is rounded up, never down.
        poisson: whether the Poisson law counts instead of the binomial; the rate may then be over 1.
    """
    _possible(n, n, k)
    if k == n and not poisson:
        return Fraction(1)
    scale = 10**places
    laws, risk = scipy.stats, float(alpha)
    located = laws.gamma.isf(risk, k + 1) / n if poisson else laws.beta.isf(risk, k + 1, n - k)

    def too_unlikely(step: int) -> bool:
        return _law(Fraction(step, scale), poisson=poisson).at_most(k, n).at_most(alpha)

    last = scale if not poisson else int(located * scale) * 2 + 2
    return Fraction(first_yes(too_unlikely, 0, last, int(located * scale)) or last, scale)


def lower_rate(n: int, k: int, alpha: Fraction, *, places: int = PLACES, poisson: bool = False) -> Fraction:
    """The largest rate of so many decimal places at which finding so many is too unlikely; 0 if k is 0.

    It is rounded down, never up. Arguments as of ``upper_rate``.
    """
    _possible(n, n, k)
    if k == 0:
        return Fraction(0)
    scale = 10**places
    laws, risk = scipy.stats, float(alpha)
    located = laws.gamma.ppf(risk, k) / n if poisson else laws.beta.ppf(risk, k, n - k + 1)

    def likely(step: int) -> bool:
        return not _law(Fraction(step, scale), poisson=poisson).at_most(k - 1, n).complement().at_most(alpha)

    last = scale if not poisson else int(located * scale) * 2 + 2
    found = first_yes(likely, 0, last, int(located * scale))
    return Fraction((last if found is None else found) - 1, scale)


def two_sided_rates(n: int, k: int, alpha: Fraction, *, places: int = PLACES) -> tuple[Fraction, Fraction]:
    """Both limits of a rate, with half the risk on each side."""
    return lower_rate(n, k, alpha / 2, places=places), upper_rate(n, k, alpha / 2, places=places)


def _law(rate: Fraction, *, poisson: bool) -> Law:
    return Poisson(rate) if poisson else Binomial(rate)


def _possible(population: int, n: int, k: int) -> None:
    if not 0 <= k <= n <= population:
        raise ValueError(f"no sample of {n} from {population} has {k} deviations")
