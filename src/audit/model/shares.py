"""Shares as people read them: rounded half up on exact decimals, never on binary floats."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def percent(part: int | Decimal, whole: int | Decimal, places: int = 2) -> str:
    """Write a share in per cent, such as 2.64 %; a dash where there is nothing to share."""
    if whole == 0:
        return "–"
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{share} %"
