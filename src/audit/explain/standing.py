"""Where a household stands in a registry: registered, deregistered, quarantined, or named by other tables only."""

from __future__ import annotations

from datetime import date

import duckdb

from audit.contract import Personal
from audit.contract.normalise import quote
from audit.errors import AuditError
from audit.explain.explanation import Household, Standing
from audit.explain.sources import HouseholdRows
from audit.report.masking import harmless, mask

#: How many household numbers are proposed for one that is not there.
_PROPOSED = 3


def find_household(
    con: duckdb.DuckDBPyConnection, household: str, as_of: date, rows: HouseholdRows, *, show_personal: bool
) -> Household:
    """Say where a household stands.

    Args:
        con: the database with the accepted tables.
        household: the household's number.
        as_of: the day of the audit.
        rows: all rows of the registry that are about it.
        show_personal: whether the head's name is shown unmasked.

    Raises:
        AuditError: no row of the registry has this number; the message names the nearest.
    """
    found = con.execute(
        "SELECT deregistered_on, head_name, area_code, county_name, township_name, village_name FROM households "
        f"WHERE household_id = {quote(household)}"
    ).fetchall()
    if found:
        deregistered_on, head, area_code, *names = found[0]
        gone = deregistered_on is not None and deregistered_on <= as_of
        return Household(
            id=harmless(household),
            standing=Standing.DEREGISTERED if gone else Standing.REGISTERED,
            deregistered_on=deregistered_on,
            head=_name(head, show_personal),
            area_code=area_code,
            place=" ".join(harmless(name) for name in names if name),
        )
    if any(row.table == "households" for row in rows.quarantined):
        return Household(harmless(household), Standing.QUARANTINED)
    if rows.accepted or rows.quarantined:
        return Household(harmless(household), Standing.ABSENT)
    raise _unknown(con, household)


def masked_names(con: duckdb.DuckDBPyConnection, household: str, *, show_personal: bool) -> dict[str, str]:
    """The names of a household's persons by their numbers."""
    rows = con.execute(f"SELECT person_id, name FROM persons WHERE household_id = {quote(household)}").fetchall()
    return {person: _name(name, show_personal) for person, name in rows}


def _name(value: str | None, show_personal: bool) -> str:
    return harmless(value if show_personal else mask(value, Personal.NAME))


def _unknown(con: duckdb.DuckDBPyConnection, household: str) -> AuditError:
    home = con.execute(f"SELECT household_id FROM persons WHERE person_id = {quote(household)}").fetchall()
    if home:
        return AuditError("explain.is_person", name=household, household=home[0][0])
    near = con.execute(
        f"SELECT household_id FROM households ORDER BY levenshtein(household_id, {quote(household)}), household_id "
        f"LIMIT {_PROPOSED}"
    ).fetchall()
    return AuditError("explain.unknown_household", name=household, nearest=", ".join(str(row[0]) for row in near))
