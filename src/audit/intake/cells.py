"""Writes what a workbook's cell holds as text, so that every cell is read the same way."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

#: Excel keeps fifteen digits; a longer whole number has lost some.
EXCEL_DIGITS = 1e15


def cell_text(value: object) -> str:
    """The text of a cell: whole numbers without a point, dates as 2024-01-31, long numbers as 1.39E+17."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case None:
            return ""
    return str(value)


def _number(value: float) -> str:
    if abs(value) >= EXCEL_DIGITS:
        return f"{value:.14E}"
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f")
