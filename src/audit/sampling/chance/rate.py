"""Rates as people write them, 0.05 or 5%, kept as text and computed as fractions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from audit.errors import RunError

_WRITTEN = re.compile(r"(\d{1,6}(?:\.\d{1,12})?|\.\d{1,12})\s*([%％]?)")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of households, exactly as a person wrote it.

    Attributes:
        text: a decimal between 0 and 1 without trailing zeros, such as ``0.05``.
    """

    text: str

    @classmethod
    def read(cls, written: str) -> Rate:
        """Read ``0.05``, ``5%`` or ``５％``.

        Raises:
            RunError: it is no decimal, or not between 0 and 1.
        """
        plain = written.strip().translate({ord("０") + digit: str(digit) for digit in range(10)} | {ord("．"): "."})
        found = _WRITTEN.fullmatch(plain)
        if found is None:
            raise RunError("sampling.rate_unreadable", value=written)
        value = Decimal(found[1]) / (100 if found[2] else 1)
        if value > 1:
            raise RunError("sampling.rate_unreadable", value=written)
        return cls(f"{value.normalize():f}")

    @property
    def value(self) -> Fraction:
        """The rate as a fraction."""
        return Fraction(self.text)

    def percent(self) -> str:
        """The rate as people read it, such as ``5%``."""
        return f"{(Decimal(self.text) * 100).normalize():f}%"


def tolerable_count(rate: Rate, population: int) -> int:
    """How many households of a population make up at least that rate: rounded up, exactly (D1)."""
    return -(-rate.value.numerator * population // rate.value.denominator)


def alpha_of(confidence: Rate, sides: int = 1) -> Fraction:
    """The risk that is left on each side: 1 minus the confidence, shared among the sides.

    Raises:
        RunError: the confidence leaves no risk, or nothing but risk.
    """
    if not 0 < confidence.value < 1:
        raise RunError("sampling.confidence_out_of_range", value=confidence.text)
    return (1 - confidence.value) / sides
