"""The SQL that measures tonight's extract: one aggregate query per table, and the rows of each township.

A row of the profile says one number about one table, column, code or township. Its columns are ``metric``, ``table``,
``column``, ``code``, ``area_level`` (all or township), ``area_code``, ``area_name``, ``number``, ``whole`` (what the
number is a part of, or how many cells it rests on) and ``day``. Nothing here runs a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date

from audit.contract import TABLES, Field, Table, Type
from audit.contract.accept import Intake
from audit.contract.normalise import name, quote

#: Counts and sums alike are exact; a county's money in yuan has room many times over.
NUMBER = "DECIMAL(38,6)"
COLUMNS = {
    "metric": "VARCHAR",
    "table": "VARCHAR",
    "column": "VARCHAR",
    "code": "VARCHAR",
    "area_level": "VARCHAR",
    "area_code": "VARCHAR",
    "area_name": "VARCHAR",
    "number": NUMBER,
    "whole": "BIGINT",
    "day": "DATE",
}
TOWNSHIP = "substr(area_code, 1, 9) || '000'"
IN_TOWNSHIP = "substr(area_code, 7, 3) <> '000'"


def create_sql() -> str:
    """SQL for the empty profile."""
    return f"CREATE OR REPLACE TEMP TABLE profile ({', '.join(f'{name(one)} {kind}' for one, kind in COLUMNS.items())})"


def intake_sql(intakes: Iterable[Intake], fed: Sequence[Table]) -> str:
    """SQL for how many rows of each table were read, accepted and quarantined, and whether it is there at all.

    Args:
        intakes: how many rows of each sheet went where.
        fed: the tables that the registry has; of the others there are no rows.
    """
    own: dict[str, list[Intake]] = {}
    for one in intakes:
        own.setdefault(one.table, []).append(one)
    known: list[tuple[str, str, int, int | None]] = []
    for table in TABLES:
        sheets = own.get(table, [])
        known.append(("present", table, int(bool(sheets)), None))
        if sheets:
            read = sum(one.rows_read for one in sheets)
            known.append(("rows_read", table, read, None))
            known.append(("accepted", table, sum(one.rows_accepted for one in sheets), read))
            known.append(("quarantined", table, sum(one.rows_quarantined for one in sheets), read))
    known += [("rows", table.name, 0, None) for table in TABLES.values() if table not in fed]
    rows = ", ".join(
        f"({quote(metric)}, {quote(table)}, {number}, {'NULL' if whole is None else whole})"
        for metric, table, number, whole in known
    )
    return (
        "SELECT metric, \"table\", 'all' AS area_level, number, whole "
        f'FROM (VALUES {rows}) AS known(metric, "table", number, whole)'
    )


def table_sql(table: Table, given: Set[str], as_of: date) -> str:
    """SQL for everything about a table as a whole, in one pass over it.

    Args:
        table: the table.
        given: the columns that the registry has.
        as_of: the day of the audit; later dates are no sign of fresh data.
    """
    day = f"DATE {quote(as_of.isoformat())}"
    aggregates = ["count(*) AS n"]
    entries = [_entry("rows", number="n")]
    for place, field in enumerate(table.fields):
        column = name(field.name)
        if field.name not in given:
            # To a reader of the table a column that is gone is a column without any value.
            entries.append(_entry("blanks", field, number="n", whole="n"))
            continue
        aggregates.append(f"count({column}) AS k{place}")
        if not field.required:
            entries.append(_entry("blanks", field, number=f"n - k{place}", whole="n"))
        if field.type is Type.MONEY:
            aggregates.append(f"sum({column}) AS s{place}")
            entries.append(_entry("sum", field, number=f"s{place}", whole=f"k{place}"))
        elif field.type is Type.DATE:
            aggregates.append(f"max({column}) FILTER ({column} <= {day}) AS d{place}")
            age = f"date_diff('day', d{place}, {day})"
            entries.append(_entry("newest", field, number=age, whole=f"k{place}", day=f"d{place}"))
        for number, code in enumerate(codes_of(field)):
            aggregates.append(f"count(*) FILTER ({column} = {quote(code)}) AS c{place}_{number}")
            entries.append(_entry("code", field, code=code, number=f"c{place}_{number}", whole=f"k{place}"))
    return _entries_sql(table, entries, f"(SELECT {', '.join(aggregates)} FROM {table.name})")


def codes_of(field: Field) -> tuple[str, ...]:
    """The values of which a column's cells are one each: its code list, or yes and no."""
    if field.type is Type.BOOL:
        return ("true", "false")
    return tuple(field.codes) if field.type is Type.CODE else ()


def townships_sql(tables: Sequence[Table]) -> Iterator[str]:
    """SQL for the rows of each table in each township; a table without area and household has none.

    Rows of which the township is not known are counted in the whole table only.
    """
    of_households = [table for table in tables if "household_id" in table.by_name and not _placed(table)]
    for table in tables:
        if _placed(table):
            named = "min(concat_ws(' ', county_name, township_name))" if table.name == "households" else "NULL"
            yield (
                f"SELECT 'rows' AS metric, {quote(table.name)} AS \"table\", 'township' AS area_level, "
                f"{TOWNSHIP} AS area_code, {named} AS area_name, count(*) AS number FROM {table.name} "
                f"WHERE {IN_TOWNSHIP} GROUP BY {TOWNSHIP}"
            )
    if of_households:
        yield _by_household_sql(of_households)


def _placed(table: Table) -> bool:
    return "area_code" in table.by_name


def _by_household_sql(tables: Sequence[Table]) -> str:
    """SQL for the rows of all tables of households in each township, which looks up each household's township once."""
    rows = " UNION ALL ".join(
        f"SELECT CAST({place} AS TINYINT) AS place, household_id FROM {table.name}"
        for place, table in enumerate(tables)
    )
    names = ", ".join(quote(table.name) for table in tables)
    # Counting by numbers instead of names takes half the time.
    return f"""
        WITH towns AS MATERIALIZED (
            SELECT area_code, CAST(row_number() OVER (ORDER BY area_code) AS INTEGER) AS town
            FROM (SELECT DISTINCT {TOWNSHIP} AS area_code FROM households WHERE {IN_TOWNSHIP})
        ),
        homes AS (
            SELECT h.household_id, w.town
            FROM households AS h JOIN towns AS w ON w.area_code = substr(h.area_code, 1, 9) || '000'
            WHERE substr(h.area_code, 7, 3) <> '000'
        ),
        counted AS (
            SELECT r.place, h.town, count(*) AS number
            FROM ({rows}) AS r JOIN homes AS h ON h.household_id = r.household_id GROUP BY ALL
        )
        SELECT 'rows' AS metric, [{names}][c.place + 1] AS "table", 'township' AS area_level, w.area_code, c.number
        FROM counted AS c JOIN towns AS w ON w.town = c.town
    """


def unknown_codes_sql() -> str:
    """SQL for the cells of each code column that are not in its list, of all its cells that are not blank."""
    return """
        WITH coded AS (SELECT DISTINCT "table", "column", whole FROM profile WHERE metric = 'code'),
        faults AS (SELECT "table", "column", count(*) AS n FROM cell_faults WHERE reason = 'unreadable' GROUP BY ALL)
        SELECT 'unknown_codes' AS metric, c."table", c."column", 'all' AS area_level, coalesce(f.n, 0) AS number,
            c.whole + coalesce(f.n, 0) AS whole
        FROM coded AS c LEFT JOIN faults AS f ON f."table" = c."table" AND f."column" = c."column"
    """


def _entry(
    metric: str, field: Field | None = None, *, code: str = "", number: str, whole: str = "NULL", day: str = "NULL"
) -> str:
    column = quote(field.name) if field else "CAST(NULL AS VARCHAR)"
    listed = quote(code) if code else "CAST(NULL AS VARCHAR)"
    return (
        f"{{'metric': {quote(metric)}, 'column': {column}, 'code': {listed}, 'number': CAST({number} AS {NUMBER}), "
        f"'whole': CAST({whole} AS BIGINT), 'day': CAST({day} AS DATE)}}"
    )


def _entries_sql(table: Table, entries: Iterable[str], relation: str) -> str:
    return (
        f'SELECT metric, {quote(table.name)} AS "table", "column", code, \'all\' AS area_level, number, whole, day '
        f"FROM (SELECT unnest([{', '.join(entries)}], recursive := true) FROM {relation})"
    )
