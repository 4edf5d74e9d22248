"""Says aloud where an audit uses a value past its stated end, and where it has none and asks nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import duckdb

from audit.engine.run import Evaluation
from audit.engine.values_in_force import InForce
from audit.errors import AuditError
from audit.rulebook.policy import Chosen, Rule, State, chosen_at


@dataclass(frozen=True)
class _Trouble:
    """A parameter that has no firm value in some areas, and what follows; told in this order.

    Attributes:
        name: the parameter.
        key: the text that tells it.
        ended: the stated end of its value, or None.
        place: the text for an area without a code, or empty.
    """

    name: str
    key: str
    ended: date | None
    place: str


def policy_notes(
    con: duckdb.DuckDBPyConnection, evaluation: Evaluation, in_force: Mapping[str, InForce], year: int
) -> list[AuditError]:
    """One note for each parameter that is used unconfirmed or has no value, with the areas and rules concerned.

    Only areas of the registry are named, unless a rule was not evaluated at all for want of a value.

    Args:
        con: the run's database after the rules were evaluated.
        evaluation: what became of the rules.
        in_force: the parameters' values for the year.
        year: the audit year.
    """
    places: dict[_Trouble, set[str]] = defaultdict(set)
    rules: dict[_Trouble, list[str]] = defaultdict(list)
    for status in evaluation.statuses:
        for one in _parameters(status.rule, in_force):
            whole = status.status == "not_evaluated" and not one.usable
            found = _everywhere(one) if whole else _troubles(one, partial(_lived_in, con, status.rule.id))
            for trouble, areas in found.items():
                places[trouble] |= areas
                rules[trouble].append(status.rule.id)
    return [_note(trouble, places[trouble], rules[trouble], year) for trouble in sorted(places, key=_order)]


def _parameters(rule: Rule, in_force: Mapping[str, InForce]) -> list[InForce]:
    return [in_force[name] for name in rule.parameters if name in in_force]


def _everywhere(one: InForce) -> dict[_Trouble, set[str]]:
    found: dict[_Trouble, set[str]] = defaultdict(set)
    for chosen in one.chosen:
        found[_trouble(one, chosen)].add(chosen.dated.area)
    return found


def _lived_in(con: duckdb.DuckDBPyConnection, rule_id: str) -> list[str]:
    """The areas in which a rule counted somebody; empty text for no area."""
    counted = "SELECT DISTINCT coalesce(area_code, '') FROM rule_counts WHERE rule_id = ?"
    return [str(area) for (area,) in con.execute(counted, [rule_id]).fetchall()]


def _troubles(one: InForce, lived_in: Callable[[], Iterable[str]]) -> dict[_Trouble, set[str]]:
    """Where a parameter has no firm value: the areas for which the value was given; counties where there is none."""
    found: dict[_Trouble, set[str]] = defaultdict(set)
    # A country has a hundred thousand villages for each rule: they are asked for only where a value is not firm.
    if not one.firm:
        for area in lived_in():
            chosen = chosen_at(one.chosen, area)
            if chosen is None:
                found[_nothing(one, area)].add(area[:6])
            elif chosen.state is not State.IN_FORCE:
                found[_trouble(one, chosen)].add(chosen.dated.area)
    return found


def _trouble(one: InForce, chosen: Chosen) -> _Trouble:
    key = "policy.used_unconfirmed" if chosen.state is State.UNCONFIRMED else "policy.not_evaluated_there"
    place = "" if chosen.dated.area else "policy.elsewhere"
    return _Trouble(one.parameter.name, key, chosen.dated.valid_to, place)


def _nothing(one: InForce, area: str) -> _Trouble:
    return _Trouble(one.parameter.name, "policy.nothing_there", None, "" if area else "policy.area_unknown")


def _order(trouble: _Trouble) -> tuple[str, ...]:
    return trouble.name, trouble.key, str(trouble.ended), trouble.place


def _note(trouble: _Trouble, areas: Iterable[str], rules: Sequence[str], year: int) -> AuditError:
    return AuditError(
        trouble.key,
        name=trouble.name,
        areas=AuditError(trouble.place) if trouble.place else ", ".join(sorted(areas)),
        ended=trouble.ended,
        day=f"{year}-12-31",
        rules=", ".join(rules),
    )
