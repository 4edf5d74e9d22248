"""Makes the facts of households part by part where memory is short: each part knows only its own households' rows.

A household's facts are made of rows that name it, so a part can be made without the others. Within a part every table
that names households holds only theirs; the SELECT stays the same.

A part is a range of household ids. Exports mostly come in their order, and then the rows of other parts are passed over
without being read.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from audit.contract.normalise import quote

#: Where a part ends is looked up among at most about so many households, evenly spread.
_ASKED = 10_000


def make_in_parts(con: duckdb.DuckDBPyConnection, made: str, select: str, parts: int) -> None:
    """Make a table of facts of households, as many households at a time as a part of them has.

    Args:
        con: the database with the accepted tables and the facts that households' facts are made from.
        made: the name of the table; it is replaced.
        select: the SELECT that makes all of it.
        parts: how many parts.
    """
    tables, ranges = _naming_households(con, made), _ranges(con, parts)
    try:
        for part, own in enumerate(ranges):
            for name, place in tables.items():
                con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {place} WHERE {own}")
            con.execute(f"INSERT INTO {made} {select}" if part else f"CREATE OR REPLACE TABLE {made} AS {select}")
    finally:  # no later statement may take a part for the whole
        for name in tables:
            con.execute(f"DROP VIEW IF EXISTS temp.{name}")


def _ranges(con: duckdb.DuckDBPyConnection, parts: int) -> list[str]:
    """SQL for whose rows are in each part: about as many households in each, every id in one."""
    shares = [part / parts for part in range(1, parts)]
    every = con.execute("SELECT count(*) FROM households").fetchall()[0][0] // _ASKED + 1
    asked = f"SELECT quantile_disc(household_id, {shares}) FROM households WHERE source_row % {every} = 0"
    bounds = [quote(bound) for bound in con.execute(asked).fetchall()[0][0] or []]
    least = [f"household_id >= {bound}" for bound in bounds]
    below = [f"household_id < {bound}" for bound in bounds]
    return [" AND ".join(both) for both in zip(["true", *least], [*below, "true"], strict=True)]


def _naming_households(con: duckdb.DuckDBPyConnection, made: str) -> Mapping[str, str]:
    """The tables that name households, with the places where they are."""
    found = con.execute(
        "SELECT DISTINCT table_name, concat_ws('.', database_name, schema_name, table_name) FROM duckdb_columns() "
        "WHERE column_name = 'household_id' AND database_name NOT IN ('system', 'temp') "
        f"AND table_name <> {quote(made)} ORDER BY table_name"
    ).fetchall()
    return {str(name): str(place) for name, place in found}
