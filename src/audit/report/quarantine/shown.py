"""What of a row as it was read may be shown: known columns, personal ones masked; all else is hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from audit.contract import TABLES, Personal
from audit.contract.fields import Type
from audit.intake.headers import labels_of, read_headers
from audit.report.masking import HIDDEN, harmless, mask, mask_cell

#: What looks like an identity number or a mobile number stands masked wherever it was entered.
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
#: What is a number by itself, and may well have the eleven digits of a mobile number.
_NUMBERS = frozenset({Type.AREA, Type.IDENTIFIER})
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@cache
def header_columns(header: str) -> tuple[tuple[str, str], ...]:
    """The columns of the contract that a header names: table and column, in the order of the tables."""
    read = read_headers([header.partition("#")[0]])[0]
    found = []
    for table in TABLES:
        labels = labels_of(table)
        known = labels.get(read.folded) or labels.get(read.bare)
        if known:
            found.append((table, known[0]))
    return tuple(found)


def shown_fault(table: str, column: str, value: str | None, *, show_personal: bool) -> str:
    """A value that could not be read: masked if its column is personal, or if it looks like a personal number."""
    if show_personal:
        return harmless(value)
    return _numbers_masked(mask_cell(table, column, value), [(table, column)])


def shown_under(header: str, value: str, *, show_personal: bool) -> str:
    """A cell of a row as read, under its own header.

    A header that no column of the contract is known by may stand over anything: its cells are hidden.
    """
    if show_personal or not value:
        return harmless(value)
    columns = header_columns(header)
    if not columns:
        return HIDDEN
    kinds = [TABLES[table].by_name[column].personal for table, column in columns]
    personal = next((kind for kind in kinds if kind is not None), None)
    return _numbers_masked(harmless(mask(value, personal) if personal else value), columns)


def _numbers_masked(value: str, columns: Sequence[tuple[str, str]]) -> str:
    value = _IDENTITY.sub(lambda found: mask(found[0], Personal.ID_NUMBER), value)
    if any(TABLES[table].by_name[column].type in _NUMBERS for table, column in columns):
        return value
    return _MOBILE.sub(lambda found: mask(found[0], Personal.PHONE), value)
