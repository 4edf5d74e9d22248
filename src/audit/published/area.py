"""The areas of a run: found by their code, or the nearest one named."""

from __future__ import annotations

import difflib
from collections.abc import Set
from dataclasses import dataclass

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.findings.behind import AREAS_FILE, BEHIND
from audit.model.areas import DIGITS, Level, leading_digits, level_of
from audit.published.run import PublishedRun


@dataclass(frozen=True)
class Area:
    """One area in which a run has households.

    Attributes:
        code: its code of 12 digits.
        name: what the registry calls it; empty for a province.
        parents: the names of the county and township that it is in, as far as it is below them.
        households: registered households in it.
        flagged_households: those with a finding that is not set apart.
    """

    code: str
    name: str
    parents: tuple[str, ...]
    households: int
    flagged_households: int

    @property
    def level(self) -> Level:
        """Province, county, township or village."""
        return level_of(self.code)

    @property
    def digits(self) -> str:
        """The leading digits that every code in it has."""
        return self.code[: DIGITS[self.level]]

    @property
    def title(self) -> str:
        """Its name with those of the areas that it is in; its code where nothing has a name."""
        return " ".join(name for name in (*self.parents, self.name) if name) or self.code


def read_areas(run: PublishedRun) -> tuple[Area, ...]:
    """Every area of a run, the largest first, in the order of their codes.

    Raises:
        RunError: a file can't be read.
    """

    def file(name: str) -> str:
        return f"read_parquet({quote(str(run.folder / name))})"

    found = f"(FROM {file('findings.parquet')} WHERE {not_apart_sql(run.set_apart)})"
    homes = file(f"{BEHIND}/households.parquet")
    try:
        with duckdb.connect(":memory:") as con:
            rows = con.execute(
                "SELECT area_code, coalesce(area_name, ''), households, flagged_households "
                f"FROM ({with_flagged_sql(file(AREAS_FILE), found, homes)})"
            ).fetchall()
    except duckdb.Error as error:
        problem = str(error).partition("\n")[0]
        raise RunError("runs.unreadable", file=run.folder.name, problem=problem) from error
    names = {code: name for code, name, _, _ in rows}
    return tuple(Area(code, name, _parents(code, names), homes, flagged) for code, name, homes, flagged in rows)


def not_apart_sql(set_apart: Set[str]) -> str:
    """SQL that is true for findings that do not count apart."""
    return f"rule_id NOT IN ({', '.join(map(quote, sorted(set_apart)))})" if set_apart else "true"


def with_flagged_sql(areas: str, findings: str, homes: str) -> str:
    """SQL for areas with how many of their households have a finding: ``flagged_households``.

    Args:
        areas: SQL for the areas, as ``areas.parquet`` has them.
        findings: SQL for the findings that count.
        homes: SQL for the households with a finding.
    """
    digits = " ".join(f"WHEN '{level}' THEN {number}" for level, number in DIGITS.items())
    flagged = " UNION ALL ".join(
        f"SELECT '{level}' AS area_level, substr(area_code, 1, {number}) AS digits FROM flagged"
        for level, number in DIGITS.items()
    )
    order = " ".join(f"WHEN '{level}' THEN {place}" for place, level in enumerate(DIGITS))
    return (
        f"WITH flagged AS (SELECT h.area_code FROM {homes} AS h WHERE h.household_id IN "
        f"(SELECT household_id FROM {findings})), counted AS "
        f"(SELECT area_level, digits, count(*) AS flagged_households FROM ({flagged}) GROUP BY ALL) "
        "SELECT a.*, coalesce(c.flagged_households, 0) AS flagged_households "
        f"FROM {areas} AS a LEFT JOIN counted AS c ON c.area_level = a.area_level "
        f"AND c.digits = substr(a.area_code, 1, CASE a.area_level {digits} END) "
        f"ORDER BY CASE a.area_level {order} END, a.area_code"
    )


def _parents(code: str, names: dict[str, str]) -> tuple[str, ...]:
    above = [code[: DIGITS[level]].ljust(12, "0") for level in ("county", "township")]
    return tuple(names[one] for one in above if one != code and len(one.rstrip("0")) < len(code) and names.get(one))


def areas_at(areas: tuple[Area, ...], level: Level) -> tuple[Area, ...]:
    """The areas of one level."""
    return tuple(one for one in areas if one.level == level)


def find_area(areas: tuple[Area, ...], asked: str) -> Area:
    """The area with a code of 2, 6, 9 or 12 digits, or with a name that only one has.

    Raises:
        RunError: the run has no such area; the message names the nearest.
    """
    digits = leading_digits(asked)
    found = [one for one in areas if asked and (one.digits == digits or asked in {one.name, one.title})]
    if len(found) == 1:
        return found[0]
    known = {text: one for one in reversed(areas) for text in (one.code, one.digits, one.name, one.title) if text}
    close = difflib.get_close_matches(asked, known, n=3, cutoff=0.4) or sorted(known)[:3]
    near = found or list(dict.fromkeys(known[text] for text in close))
    raise RunError("published.no_area", area=asked, nearest="；".join(f"{one.code} {one.title}" for one in near))
