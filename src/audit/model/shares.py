"""Shares as people read them: rounded half up on exact decimals, never on binary floats."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal


def percent(part: int | Decimal, whole: int | Decimal, places: int = 2) -> str:
    """Write a share in per cent, such as 2.64 %; a dash where there is nothing to share."""
    if whole == 0:
        return "–"
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{share} %"


#: Floating point is exact to far more than this.
_NEAR = Decimal("1e-9")


def rounded(value: float, how: str, places: int) -> Decimal:
    """A figure rounded as a constant of ``decimal`` says; the last bits of floating point never make it a step more."""
    nudge = _NEAR if how == ROUND_FLOOR else -_NEAR if how == ROUND_CEILING else Decimal(0)
    return (Decimal(value) + nudge).quantize(Decimal(1).scaleb(-places), rounding=how)


def estimated_share(value: float) -> str:
    """An estimated share in per cent with one decimal."""
    return f"{rounded(value * 100, ROUND_HALF_UP, 1)} %"


def share_limits(lower: float, upper: float) -> str:
    """Limits of a share, the lower one rounded down and the upper one up: rounding never makes a claim stronger."""
    return f"{rounded(lower * 100, ROUND_FLOOR, 1)}–{rounded(upper * 100, ROUND_CEILING, 1)} %"
