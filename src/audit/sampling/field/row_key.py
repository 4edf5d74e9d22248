"""The keys of rows: short enough to be read aloud, and a mistyped one is noticed."""

from __future__ import annotations

import hashlib

from audit.contract.cells import fold

_SEPARATOR = "\u001f"
#: Thirty-one signs, a prime number, so that the check sign notices every wrong sign and every exchange of two.
#: None of them is taken for another: no I, L, O, U and no 0.
_SIGNS = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
#: The key of a household's row begins with H, that of a finding with F, that of a checklist question with C.
KINDS = "HFC"


def row_key(kind: str, sample_id: str, unit_id: str, role: str, item: str = "") -> str:
    """Make the key of a row: kind, ten signs from a SHA-256 over what the row is about, and a check sign.

    Args:
        kind: one of ``KINDS``.
        sample_id: the sample.
        unit_id: the household.
        role: as whom the inspector comes.
        item: the finding or the rule; empty for the household itself.
    """
    told = _SEPARATOR.join(("row1", kind, sample_id, unit_id, role, item))
    number = int.from_bytes(hashlib.sha256(told.encode("utf-8")).digest()[:8])
    signs = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[place])
    body = "".join(signs)
    return f"{kind}-{body[:5]}-{body[5:]}-{_check_sign(kind, body)}"


def read_key(written: str) -> str | None:
    """Give the key that a cell holds, in plain capitals; None if it is mistyped."""
    plain = "".join(sign for sign in fold(written).upper() if sign.isascii() and sign.isalnum())
    kind, body, check = plain[:1], plain[1:-1], plain[-1:]
    if kind not in KINDS or not kind or len(body) != _LENGTH or any(sign not in _SIGNS for sign in body):
        return None
    if check != _check_sign(kind, body):
        return None
    return f"{kind}-{body[:5]}-{body[5:]}-{check}"


def _check_sign(kind: str, body: str) -> str:
    places = [KINDS.index(kind), *(_SIGNS.index(sign) for sign in body)]
    return _SIGNS[sum(weight * place for weight, place in enumerate(places, start=1)) % len(_SIGNS)]


def digest(values: tuple[str, ...]) -> str:
    """Tell one state of a row from another; the letter before its digits keeps Excel from making a number of it."""
    return "v" + hashlib.sha256(_SEPARATOR.join(values).encode("utf-8")).hexdigest()[:11]
