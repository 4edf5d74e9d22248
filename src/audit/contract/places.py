"""Says of which area a row is that was set aside, or has an unreadable cell: only where nothing speaks against it."""

from __future__ import annotations

from audit.contract.declare import Table
from audit.contract.normalise import name, quote

#: Where each such row belongs; a row of which that can't be proven is not in it.
PLACES = 'CREATE TABLE row_places ("table" VARCHAR, source_no INTEGER, source_row BIGINT, area_code VARCHAR)'
#: The households of which every row was set aside although its area can be read.
REFUSED_HOMES = "CREATE TABLE refused_homes (household_id VARCHAR, area_code VARCHAR)"


#: The rows of households that are not refused, while ``refused`` is about them.
_STANDING = (
    "households AS s WHERE s.household_id IS NOT NULL "
    "AND NOT EXISTS (FROM refused AS x WHERE x.source_no = s.source_no AND x.source_row = s.source_row)"
)


def refused_homes_sql() -> str:
    """SQL for the areas of the refused rows of ``households``, from ``refused``."""
    return (
        "SELECT DISTINCT t.household_id, t.area_code FROM households AS t "
        "JOIN refused AS r ON r.source_no = t.source_no AND r.source_row = t.source_row "
        "WHERE t.household_id IS NOT NULL AND t.area_code IS NOT NULL "
        f"AND NOT EXISTS (FROM {_STANDING} AND s.household_id = t.household_id)"
    )


def places_sql(table: Table, rows: str, *, refused: bool) -> str:
    """SQL for the areas of rows of a table: table, source_no, source_row, area_code.

    What speaks for an area is the row's own code, that of its household's row and that of its person's household.
    Where these differ, nothing is proven, and the row is left out. A household's refused rows count only where it has
    no other.

    Args:
        table: the table, with its rows as they were staged.
        rows: SQL for the rows asked about: source_no, source_row.
        refused: whether these rows are refused, and still stand among the others.
    """
    fields = {field.name for field in table.fields}
    standing = (
        _STANDING if refused and table.name == "households" else "households AS s WHERE s.household_id IS NOT NULL"
    )
    homes = f"SELECT s.household_id, s.area_code FROM {standing} UNION ALL FROM refused_homes"
    told = []
    if "area_code" in fields:
        told.append(_told("t.area_code", ""))
    if "household_id" in fields:
        told.append(_told("h.area_code", f"JOIN ({homes}) AS h ON h.household_id = t.household_id"))
    if "person_id" in fields and table.name != "persons":
        person = "JOIN persons AS p ON p.person_id = t.person_id JOIN households AS h USING (household_id)"
        told.append(_told("h.area_code", person))
    if not told:
        return "SELECT NULL, NULL, NULL, NULL WHERE false"
    staged = f"{name(table.name)} AS t JOIN ({rows}) AS r ON r.source_no = t.source_no AND r.source_row = t.source_row"
    union = " UNION ALL ".join(one.format(staged=staged) for one in told)
    return (
        f"SELECT {quote(table.name)}, source_no, source_row, min(area_code) FROM ({union}) "
        "GROUP BY source_no, source_row HAVING count(DISTINCT area_code) = 1"
    )


def _told(area: str, joined: str) -> str:
    return f"SELECT t.source_no, t.source_row, {area} AS area_code FROM {{staged}} {joined}"
