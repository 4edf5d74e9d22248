"""The ticket of a household: a number that only the seed and the household's own id decide (D9).

The stratum is no part of it, so that dividing the frame otherwise does not shuffle the households, and no other
household is, so that a draw stays as it is when others come and go.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction

from audit.contract.normalise import quote

#: First part of what is hashed: another way of making tickets would have another name.
SCHEME = "prn1"
HOUSEHOLD = "household"
#: For the second visits, which must not depend on who was drawn first.
SECOND_VISIT = "second_visit"
#: For the starting point of a systematic draw.
FRAME = "frame"
_SEPARATOR = "\x1f"
_HEX_DIGITS = 64


def ticket(seed: str, unit_type: str, unit_id: str) -> str:
    """The ticket of a unit: 64 hexadecimal digits, compared as text."""
    return hashlib.sha256(_SEPARATOR.join((SCHEME, seed, unit_type, unit_id)).encode()).hexdigest()


def ticket_sql(seed: str, unit_type: str, column: str = "unit_id") -> str:
    """SQL for the very same ticket."""
    return f"sha256(concat_ws(chr(31), {quote(SCHEME)}, {quote(seed)}, {quote(unit_type)}, {column}))"


def number(drawn: str) -> float:
    """A ticket as a number between 0 and 1: its first 53 bits and a half, never 0 and never 1."""
    return (int(drawn[:14], 16) // 8 + 0.5) / 2**53


def number_sql(drawn: str) -> str:
    """SQL for the very same number."""
    return f"(((CAST('0x' || substr({drawn}, 1, 14) AS UBIGINT) >> 3)::DOUBLE + 0.5) / 9007199254740992.0)"


def point(shift: Fraction) -> str:
    """A place on the circle of tickets, between 0 and 1, as a ticket: where a rotated wave begins (D10)."""
    return f"{int(shift * 16**_HEX_DIGITS):0{_HEX_DIGITS}x}"
