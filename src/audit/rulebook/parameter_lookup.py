"""Answers which values a parameter has, and which of them counts in an area on a day and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit.errors import AuditError
from audit.model.areas import leading_digits
from audit.model.nearest import nearest
from audit.rulebook.parameter_values import place_name
from audit.rulebook.policy import Chosen, DatedValue, Parameter, Rulebook, State

#: How a value stands on a day, beside the states of values that count.
REPLACED, NOT_YET, NO_VALUE = "replaced", "not_yet", "no_value"


@dataclass(frozen=True)
class Standing:
    """One value of a parameter with how it stands on a day; no value where none has begun.

    Attributes:
        parameter: the parameter.
        dated: the value.
        state: a ``State``, or ``replaced not_yet no_value``.
    """

    parameter: Parameter
    dated: DatedValue | None
    state: str


def find_parameter(rulebook: Rulebook, name: str) -> Parameter:
    """The parameter of a name.

    Raises:
        AuditError: there is none; the nearest name is told.
    """
    name = name.removeprefix("$")
    if name not in rulebook.parameters:
        raise AuditError("policy.no_parameter", name=name, nearest=nearest(name, rulebook.parameters))
    return rulebook.parameters[name]


def on_day(rulebook: Rulebook, day: date) -> list[Standing]:
    """Every parameter with the values that count on a day, everywhere first, then by area."""
    standings = []
    for parameter in rulebook.parameters.values():
        chosen = sorted(parameter.on(day), key=lambda one: one.dated.area)
        standings += [Standing(parameter, one.dated, one.state.value) for one in chosen]
        if not chosen:
            standings.append(Standing(parameter, None, NO_VALUE))
    return standings


def all_values(parameter: Parameter, day: date) -> list[Standing]:
    """Every value of a parameter, by area and date, with how it stands on a day."""
    counting = {one.dated: one.state.value for one in parameter.on(day)}
    ordered = sorted(parameter.values, key=lambda value: (value.area, value.valid_from))
    return [
        Standing(parameter, value, counting.get(value, REPLACED if value.valid_from <= day else NOT_YET))
        for value in ordered
    ]


def why(parameter: Parameter, area: str, day: date) -> tuple[Chosen | None, AuditError]:
    """The value that counts in an area on a day, with the sentence that says why.

    Raises:
        AuditError: the area is no code of 2, 6, 9 or 12 digits.
    """
    digits = leading_digits(area)
    if not digits:
        raise AuditError("policy.area_asked", value=area)
    chosen = parameter.at(digits, day)
    if chosen is None:
        return None, AuditError("policy.why_no_value", name=parameter.name, area=digits, day=day)
    key = {
        State.IN_FORCE: "policy.why_in_force",
        State.UNCONFIRMED: "policy.why_unconfirmed",
        State.ENDED: "policy.why_ended",
    }[chosen.state]
    dated = chosen.dated
    told = {"place": place_name(dated.area), "value": dated.value, "start": dated.valid_from, "ended": dated.valid_to}
    return chosen, AuditError(key, name=parameter.name, area=digits, day=day, source=dated.source, **told)
