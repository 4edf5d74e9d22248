"""Which value of each parameter an audit uses, area by area, and how firmly it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from audit.contract.normalise import quote
from audit.rulebook.policy import Chosen, Parameter, State, Value, chosen_at


@dataclass(frozen=True)
class InForce:
    """A parameter on the day that counts, 31 December of the audit year.

    Attributes:
        parameter: the parameter.
        chosen: its values, longest area first.
        sql: SQL for the value of a row, by its area code.
        available: SQL that is true where the row has a value at all.
        origin: SQL for where a row's value comes from, as JSON text: its date, area, source and state.
    """

    parameter: Parameter
    chosen: tuple[Chosen, ...]
    sql: str
    available: str
    origin: str

    @property
    def usable(self) -> bool:
        """Whether any area has a value."""
        return any(one.state is not State.ENDED for one in self.chosen)

    @property
    def firm(self) -> bool:
        """Whether every area has a value that is in force."""
        return chosen_at(self.chosen, "") is not None and all(one.state is State.IN_FORCE for one in self.chosen)


def literal_sql(value: Value) -> str:
    """SQL for a number or a date as it was written."""
    return f"DATE {quote(value.isoformat())}" if isinstance(value, date) else f"{value}"


def in_force(parameter: Parameter, year: int) -> InForce:
    """Choose a parameter's values for an audit year."""
    chosen = parameter.on(date(year, 12, 31))
    everywhere = chosen_at(chosen, "")
    placed = [one for one in chosen if one.dated.area]
    value = _by_area(
        [(one.dated.area, _literal(one)) for one in placed], _literal(everywhere) if everywhere else "NULL"
    )
    ended = [(one.dated.area, "false" if one.state is State.ENDED else "true") for one in placed]
    outside = "true" if everywhere and everywhere.state is not State.ENDED else "false"
    if all(branch == outside for _, branch in ended):
        ended = []
    origins = [(one.dated.area, quote(_origin(one))) for one in placed]
    origin = _by_area(origins, quote(_origin(everywhere) if everywhere else "null"))
    return InForce(parameter, chosen, value, _by_area(ended, outside), origin)


def _literal(chosen: Chosen) -> str:
    return "NULL" if chosen.state is State.ENDED else literal_sql(chosen.dated.value)


def _origin(chosen: Chosen) -> str:
    dated = chosen.dated
    told = {"valid_from": dated.valid_from.isoformat(), "area": dated.area, "source": dated.source}
    return json.dumps({**told, "state": chosen.state.value}, ensure_ascii=False)


def _by_area(branches: list[tuple[str, str]], otherwise: str) -> str:
    if not branches:
        return otherwise
    whens = " ".join(f"WHEN starts_with(area_code, {quote(area)}) THEN {value}" for area, value in branches)
    return f"(CASE {whens} ELSE {otherwise} END)"


def all_in_force(parameters: Mapping[str, Parameter], year: int) -> dict[str, InForce]:
    """Choose the values of all parameters for an audit year."""
    return {name: in_force(parameter, year) for name, parameter in parameters.items()}


def built_in(as_of: date, year: int) -> dict[str, str]:
    """SQL for what every rule may name without declaring it."""
    return {"as_of": literal_sql(as_of), "audit_year": str(year)}
