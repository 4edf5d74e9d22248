"""A probability as whole numbers, so that comparing it with a limit is never a matter of rounding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

#: Binary places of a probability that is written out.
_PLACES = 256


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely something is, between two fractions with the same denominator.

    Of the hypergeometric and binomial laws the two are the same. A Poisson probability is no fraction: it lies between
    two that differ by less than 2^-250, and it never equals a fraction, so that every comparison is decided.

    Attributes:
        low: numerator of the lower fraction.
        high: numerator of the upper fraction.
        denominator: of both.
    """

    low: int
    high: int
    denominator: int

    @classmethod
    def exact(cls, numerator: int, denominator: int) -> Chance:
        """A probability that is a fraction."""
        return cls(numerator, numerator, denominator)

    def at_most(self, limit: Fraction) -> bool:
        """Whether it is at most the limit; equal counts as at most.

        Raises:
            ArithmeticError: the limit lies between the two fractions; no limit written by a person does.
        """
        bound = limit.numerator * self.denominator
        if self.high * limit.denominator <= bound:
            return True
        if self.low * limit.denominator > bound:
            return False
        raise ArithmeticError("a probability is not known closely enough to be compared")

    def decimal(self, digits: int = 6) -> Decimal:
        """The probability to so many significant digits, for people."""
        context = Context(prec=digits + 10)
        # Whole numbers of a million digits are slow to write as decimals: a few hundred binary places are plenty.
        shift = _PLACES + max(0, self.denominator.bit_length() - self.low.bit_length())
        wide = context.divide(Decimal(((self.low + self.high) << shift) // (2 * self.denominator)), Decimal(1 << shift))
        return Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(wide)

    def complement(self) -> Chance:
        """How likely it is that it does not happen."""
        return Chance(self.denominator - self.high, self.denominator - self.low, self.denominator)

    def __add__(self, other: Chance) -> Chance:
        """How likely one of two things is that cannot both happen."""
        if self.denominator == other.denominator:
            return Chance(self.low + other.low, self.high + other.high, self.denominator)
        mine, theirs = self.denominator, other.denominator
        low, high = self.low * theirs + other.low * mine, self.high * theirs + other.high * mine
        return Chance(low, high, mine * theirs)

    def __mul__(self, other: Chance) -> Chance:
        """How likely it is that the second thing follows the first."""
        return Chance(self.low * other.low, self.high * other.high, self.denominator * other.denominator)
