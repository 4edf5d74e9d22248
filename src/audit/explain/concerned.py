"""Which subjects concern a household: itself, what is its own or its members', and the places where it lives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import duckdb

from audit.contract import TABLES
from audit.contract.normalise import quote
from audit.engine.statements import facts_table
from audit.subjects import Subject


def _village(_household: str, area_code: str) -> str:
    return f"subject_id = {quote(area_code)}"


def _township(_household: str, area_code: str) -> str:
    return f"subject_id = {quote(area_code[:9] + '000')}"


def _village_post_type(household: str, _area_code: str) -> str:
    return (
        f"subject_id IN (SELECT area_code || '|' || post_type FROM {facts_table('post')} "
        f"WHERE household_id = {quote(household)} AND active)"
    )


#: Subjects that are places: SQL for those in which a household lives, or one of its posts stands.
_PLACES: Mapping[str, Callable[[str, str], str]] = {
    "village": _village,
    "township": _township,
    "village_post_type": _village_post_type,
}


def concerned_table(subject: str) -> str:
    """The table that holds the facts of a subject's rows that concern the household."""
    return f"{subject}_concerned"


def concerns_households(subject: Subject) -> bool:
    """Whether a subject's rows can concern a household: by its number, a person's, or as a place."""
    columns = TABLES[subject.table].by_name
    return subject.name in _PLACES or "household_id" in columns or "person_id" in columns


def concerned_sql(subject: Subject, household: str, area_code: str) -> str:
    """SQL for the facts of a subject's rows that concern a household in a village."""
    find = _PLACES.get(subject.name)
    where = find(household, area_code) if find else f"household_id = {quote(household)}"
    return f"FROM {facts_table(subject.name)} WHERE {where}"


def keep_concerned(con: duckdb.DuckDBPyConnection, subject: Subject, household: str, area_code: str) -> None:
    """Copy the few rows that concern a household, so that every rule is asked about these alone."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {concerned_table(subject.name)} AS "
        f"{concerned_sql(subject, household, area_code)}"
    )
