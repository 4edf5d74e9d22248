"""Hides personal values and disarms hostile ones before they are shown."""

from __future__ import annotations

import re

from audit.contract import TABLES, Personal

HIDDEN = "*"
#: Characters that turn the direction of text around or are not printed: a name must not reorder a page.
_UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def mask(value: str | None, kind: Personal) -> str:
    """Show of a personal value what may be shown: contract.md, section 5.

    Names keep the first character, identity numbers the first 6 and last 1, phones the first 3 and last 2,
    account numbers the last 4. What is too short to hide anything is hidden altogether.
    """
    if not value:
        return ""
    first, last = kind.shown
    hidden = len(value) - first - last
    if hidden < 1:
        return HIDDEN * max(len(value), 1)
    return value[:first] + HIDDEN * hidden + value[len(value) - last :]


def mask_cell(table: str, column: str, value: str | None) -> str:
    """Show a cell of a registry, masked if its column is personal."""
    declared = TABLES.get(table)
    field = declared.by_name.get(column) if declared else None
    if field is None or field.personal is None:
        return harmless(value)
    return harmless(mask(value, field.personal))


def harmless(value: str | None) -> str:
    """Show unprintable and direction-turning characters as a visible mark."""
    if not value or value.isprintable():  # most values are, and asking so costs next to nothing
        return value or ""
    return _UNSEEN.sub("\ufffd", value)
