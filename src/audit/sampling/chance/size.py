"""The fewest visits with which finding few deviations is a proof (D2, D3, D4)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from audit.sampling.chance.law import Law
from audit.sampling.chance.seek import first_yes

#: Floating point is right to ten digits: what differs by more than this factor needs no exact answer.
_CLEARLY = 1.000001


@dataclass(frozen=True, slots=True)
class Size:
    """A number of visits and how many deviations among them are still borne.

    Attributes:
        n: visits.
        k: the most deviations with which the claim is still supported.
    """

    n: int
    k: int


def smallest_sample(law: Law, k: int, alpha: Fraction, most: int | None = None) -> int | None:
    """The fewest visits in which at most k deviations would be too unlikely (D2; discovery, D4, with k = 0).

    Args:
        law: of the population in which deviations just reach what must not be.
        k: how many deviations are borne.
        alpha: the risk that is left, such as 1/20.
        most: the most visits possible, where the law knows no end.

    Returns:
        min { n : P(X <= k) <= alpha }, or None if not even the most visits prove it.
    """
    risk = float(alpha)
    last = law.largest or most or _enough(law, k, risk)
    guess = first_yes(lambda n: law.near(k, n) <= risk, k + 1, last)
    if guess is None and k < last and law.near(k, last) > risk * _CLEARLY:
        return None
    return first_yes(lambda n: law.at_most(k, n).at_most(alpha), k + 1, last, guess or last)


def _enough(law: Law, k: int, risk: float) -> int:
    """A number of visits that is certainly enough."""
    n = 2 * (k + 1)
    while law.near(k, n) > risk / _CLEARLY:
        n *= 2
    return n


def sample_for_expected(law: Law, expected: Fraction, alpha: Fraction, most: int | None = None) -> Size | None:
    """The fewest visits if deviations are expected at a rate and so many are to be borne (D3).

    Args:
        law: of the population in which deviations just reach what must not be.
        expected: the expected rate; 0 for none.
        alpha: the risk that is left.
        most: the most visits possible, where the law knows no end.

    Returns:
        min { n : P(X <= ceil(expected n)) <= alpha } with k = ceil(expected n); None if there is no such n.
    """
    k = 0
    while True:
        fewest = smallest_sample(law, k, alpha, most)
        if fewest is None:
            return None
        # ceil(expected n) is k from ``begin`` to ``end``.
        begin, end = _ceiling_range(expected, k)
        n = max(fewest, begin)
        last = law.largest or most
        if last is not None and n > last:
            return None
        if end is None or n <= end:
            return Size(n, k)
        # With fewer borne deviations than this the n visits already needed would be expected to find more.
        k = max(k + 1, -(-expected.numerator * n // expected.denominator))


def _ceiling_range(expected: Fraction, k: int) -> tuple[int, int | None]:
    """The first and the last n with ceil(expected n) = k."""
    if expected == 0:
        return (0, None) if k == 0 else (1, 0)
    if k == 0:
        return 0, 0
    first = (k - 1) * expected.denominator // expected.numerator + 1
    return first, k * expected.denominator // expected.numerator
