"""What every value of a parameter must keep, in whichever file it stands: its type, and a time of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from audit.errors import AuditError
from audit.rulebook.policy import DatedValue, Parameter

KINDS = ("money", "int", "share", "number", "date")


def fits(value: object, kind: str) -> bool:
    """Whether a value is of a parameter's type; a share lies between 0 and 1."""
    if isinstance(value, bool):
        return False
    if kind == "date":
        return isinstance(value, date)
    if kind == "int":
        return isinstance(value, int)
    if kind == "share":
        return isinstance(value, int | Decimal) and 0 <= value <= 1
    return isinstance(value, int | Decimal)


def place_name(area: str) -> str | AuditError:
    """An area as it is told: its digits, or the word for everywhere."""
    return area or AuditError("policy.everywhere")


def check_periods(parameters: Iterable[Parameter], mistakes: list[AuditError]) -> None:
    """Refuse two values that begin on one day, or of which one begins before the stated end of the other.

    A value without a stated end simply gives way to the next one of its area.
    """
    for parameter in parameters:
        earlier: dict[str, list[DatedValue]] = defaultdict(list)
        for value in parameter.values:
            for other in earlier[value.area]:
                if key := _conflict(other, value):
                    mistakes.append(_told(key, parameter.name, value, other))
                    break
            earlier[value.area].append(value)


def _conflict(one: DatedValue, other: DatedValue) -> str:
    if one.valid_from == other.valid_from:
        return "policy.same_start"
    first, second = (one, other) if one.valid_from < other.valid_from else (other, one)
    return "policy.overlap" if first.valid_to and second.valid_from <= first.valid_to else ""


def _told(key: str, name: str, value: DatedValue, other: DatedValue) -> AuditError:
    return AuditError(
        key,
        file=value.file,
        line=value.line,
        name=name,
        area=place_name(value.area),
        value=value.value,
        start=value.valid_from,
        other=other.file,
        other_line=other.line,
        other_start=other.valid_from,
    )
