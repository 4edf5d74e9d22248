"""The figures of a report, read from a run's files: per rule, area, severity and presence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from audit.contract.normalise import quote
from audit.model.areas import DIGITS, Level
from audit.published import Area

#: The level below each, which a report lists one by one.
BELOW: dict[Level, Level] = {"all": "township", "province": "county", "county": "township", "township": "village"}


@dataclass(frozen=True)
class RuleFigures:
    """What a rule counted in the area of a report."""

    population: int = 0
    flagged: int = 0
    undecided: int = 0
    households: int = 0


@dataclass(frozen=True)
class AreaFigures:
    """An area of the level below: households and findings by severity, without those that count apart."""

    code: str
    name: str
    households: int
    flagged: int
    high: int
    medium: int
    low: int


def rule_figures(con: duckdb.DuckDBPyConnection, area: Area | None) -> dict[str, RuleFigures]:
    """The figures of every rule that has a subject in the area."""
    where = f"area_code = {quote(area.code)}" if area else "area_level = 'all'"
    rows = con.execute(
        f"SELECT rule_id, population, flagged, undecided, households_flagged FROM rates WHERE {where}"
    ).fetchall()
    return {rule_id: RuleFigures(*numbers) for rule_id, *numbers in rows}


def severities(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Findings by severity; those set apart as ``advisory``."""
    found = dict(
        con.execute(
            "SELECT CASE WHEN set_apart THEN 'advisory' ELSE severity END, count(*) FROM findings GROUP BY 1"
        ).fetchall()
    )
    return {name: int(found.get(name, 0)) for name in ("high", "medium", "low", "advisory")}


def flagged_households(con: duckdb.DuckDBPyConnection, rules: Sequence[str] | None = None) -> int:
    """Distinct households with a finding that does not count apart, of some rules or of any."""
    among = "true" if rules is None else f"rule_id IN ({', '.join(map(quote, rules)) or 'NULL'})"
    ((number,),) = con.execute(
        f"SELECT count(DISTINCT household_id) FROM findings WHERE NOT set_apart AND {among}"
    ).fetchall()
    return int(number)


def area_figures(con: duckdb.DuckDBPyConnection, level: Level) -> tuple[AreaFigures, ...]:
    """Every area of a level, in the order of the codes."""
    digits = DIGITS[level]
    by = ", ".join(
        f"count(*) FILTER (severity = '{severity}' AND NOT set_apart)" for severity in ("high", "medium", "low")
    )
    rows = con.execute(
        "SELECT a.area_code, coalesce(a.area_name, ''), a.households, a.flagged_households, f.* EXCLUDE (digits) "
        f"FROM areas AS a LEFT JOIN (SELECT substr(area_code, 1, {digits}) AS digits, {by} FROM findings GROUP BY 1) "
        f"AS f ON f.digits = substr(a.area_code, 1, {digits}) WHERE a.area_level = {quote(level)} ORDER BY 1"
    ).fetchall()
    return tuple(AreaFigures(code, name, *(number or 0 for number in numbers)) for code, name, *numbers in rows)


def presences(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """By rule: findings by presence, and absent ones by reason."""
    counted: dict[str, dict[str, int]] = {}
    for sql in (
        "SELECT rule_id, presence, count(*) FROM findings GROUP BY ALL ORDER BY ALL",
        "SELECT rule_id, reason, count(*) FROM absent GROUP BY ALL ORDER BY ALL",
    ):
        for rule_id, what, number in con.execute(sql).fetchall():
            counted.setdefault(rule_id, {})[what] = number
    return counted
