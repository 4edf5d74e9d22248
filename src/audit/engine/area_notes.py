"""Says when households of other areas than the site's own are in the registry; they are audited all the same."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from audit.contract.normalise import quote
from audit.errors import AuditError
from audit.model.areas import DIGITS

#: So many counties are named in the note.
COUNTIES_SHOWN = 5


def outside_areas_sql(areas: Sequence[str]) -> str:
    """Accepted households per county and how many of them lie outside the areas, most first.

    Args:
        areas: the leading digits of the site's areas.
    """
    inside = " OR ".join(f"starts_with(area_code, {quote(area)})" for area in areas)
    return (
        f"SELECT left(area_code, {DIGITS['county']}) AS county, count(*) AS households, "
        f"count(*) FILTER (WHERE NOT ({inside})) AS outside "
        "FROM households GROUP BY county ORDER BY outside DESC, county"
    )


def area_notes(con: duckdb.DuckDBPyConnection, areas: Sequence[str]) -> tuple[AuditError, ...]:
    """The note about households outside the areas, with their number and counties; none where all are inside.

    Args:
        con: the database with the accepted ``households``.
        areas: the leading digits of the site's areas; empty for all.
    """
    if not areas:
        return ()
    counties = con.execute(outside_areas_sql(areas)).fetchall()
    strange = [(county, outside) for county, _, outside in counties if outside]
    if not strange:
        return ()
    named = [f"{county} {outside:,}" for county, outside in strange[:COUNTIES_SHOWN]]
    return (
        AuditError(
            "configuration.outside_areas",
            outside=f"{sum(outside for _, outside in strange):,}",
            households=f"{sum(households for _, households, _ in counties):,}",
            areas=", ".join(areas),
            counties=", ".join([*named, *(["…"] if len(strange) > COUNTIES_SHOWN else [])]),
        ),
    )
