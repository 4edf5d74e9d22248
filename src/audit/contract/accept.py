"""Takes a registry's rows in: every row is accepted, or quarantined with its reason, and none is lost.

Works in the order of contract.md: cells that can't be read, required cells, households that are not there, keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from audit.contract.declare import Table
from audit.contract.feeds import Feed, Registry
from audit.contract.normalise import name, quote
from audit.contract.stage import conflicts_sql, empty_sql, rows_sql, stage_sql
from audit.contract.tables import TABLES


@dataclass(frozen=True)
class Intake:
    """How many rows of one sheet went where.

    Attributes:
        table: the table that the rows belong to.
        source_no: the sheet.
        derived: whether the rows were made from the rows of another table (they count there).
        rows_read: rows as the reader counted them; for derived rows, as they were made.
        rows_accepted: rows taken in.
        rows_quarantined: rows set aside with a reason.
    """

    table: str
    source_no: int
    derived: bool
    rows_read: int
    rows_accepted: int
    rows_quarantined: int


class ConservationError(Exception):
    """A row was lost or made up between reading and accepting: a defect of the audit itself."""


def accept(
    con: duckdb.DuckDBPyConnection, registry: Registry, on_table: Callable[[str], None] = lambda _: None
) -> tuple[Intake, ...]:
    """Take in all tables: afterwards each table of the contract is a table of ``con``.

    Makes also ``quarantine`` and ``cell_faults`` (columns as in contract.md, section 5, with ``source_no``).

    Raises:
        ConservationError: rows read are not rows accepted and quarantined.
    """
    columns = '"table" VARCHAR, source_no INTEGER, source_row BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR'
    con.execute(f'CREATE TABLE quarantine ({columns}, "row" VARCHAR)')
    con.execute(f"CREATE TABLE cell_faults ({columns})")
    counts: list[Intake] = []
    for table in TABLES.values():
        feeds = [feed for feed in registry.feeds if feed.table == table.name]
        if not feeds:
            con.execute(f"CREATE TABLE {table.name} AS {empty_sql(table)}")
            continue
        on_table(table.name)
        con.execute(f"CREATE TABLE {table.name} AS {stage_sql(table, feeds)}")
        staged = _by_source(con, table.name)
        refused = _refuse(con, table)
        if refused:
            for feed in feeds:
                _explain(con, table, feed)
            con.execute(f"DELETE FROM {table.name} AS t USING refused AS r WHERE {_SAME_ROW}")
        con.execute("DROP TABLE refused")
        for feed in feeds:
            _list_faults(con, table, feed)
        accepted = _by_source(con, table.name)
        for feed in feeds:
            counts.append(_count(feed, staged.get(feed.source.no, 0), accepted.get(feed.source.no, 0)))
    return tuple(counts)


_SAME_ROW = "r.source_no = t.source_no AND r.source_row = t.source_row"


def _by_source(con: duckdb.DuckDBPyConnection, table: str) -> dict[int, int]:
    return dict(con.execute(f"SELECT source_no, count(*) FROM {table} GROUP BY source_no").fetchall())


def _count(feed: Feed, staged: int, accepted: int) -> Intake:
    read = feed.source.rows_read if feed.grain else staged
    if read != staged:
        raise ConservationError(f"{feed.source.file} {feed.source.sheet}: {read} rows read, {staged} rows staged")
    return Intake(feed.table, feed.source.no, not feed.grain, read, accepted, staged - accepted)


def _refuse(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Fill ``refused`` with the rows that can't be accepted: their first bad column and the reason."""
    whens = []
    for position, field in enumerate(table.fields):
        bit = 1 << position
        if field.required:
            column = name(field.name)
            whens.append(f"WHEN {column} IS NULL AND lost & {bit} <> 0 THEN {quote(field.name + '|excel_number')}")
            whens.append(f"WHEN {column} IS NULL AND faults & {bit} <> 0 THEN {quote(field.name + '|unreadable')}")
            whens.append(f"WHEN {column} IS NULL THEN {quote(field.name + '|missing')}")
        else:
            whens.append(f"WHEN lost & {bit} <> 0 THEN {quote(field.name + '|excel_number')}")
    missing = " OR ".join(f"{name(field.name)} IS NULL" for field in table.fields if field.required)
    con.execute(
        f"CREATE TEMP TABLE refused AS SELECT source_no, source_row, split_part(why, '|', 1) AS \"column\", "
        f"split_part(why, '|', 2) AS reason FROM (SELECT source_no, source_row, CASE {' '.join(whens)} END AS why "
        f"FROM {table.name} WHERE lost <> 0 OR {missing})"
    )
    if table.name == "persons":
        con.execute(
            "INSERT INTO refused SELECT source_no, source_row, 'household_id', 'household_unknown' FROM persons AS t "
            f"WHERE NOT EXISTS (FROM refused AS r WHERE {_SAME_ROW}) AND household_id NOT IN "
            "(SELECT household_id FROM households)"
        )
    _refuse_repeated(con, table)
    return int(con.execute("SELECT count(*) FROM refused").fetchall()[0][0])


def _refuse_repeated(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    key = ", ".join(name(column) for column in table.key)
    standing = f"{table.name} AS t WHERE NOT EXISTS (FROM refused AS r WHERE {_SAME_ROW})"
    if not con.execute("SELECT count(*) FROM refused").fetchall()[0][0]:
        standing = table.name
    con.execute(f"CREATE TEMP TABLE repeated AS SELECT {key} FROM {standing} GROUP BY {key} HAVING count(*) > 1")
    if con.execute("SELECT count(*) FROM repeated").fetchall()[0][0]:
        con.execute(
            f"INSERT INTO refused SELECT source_no, source_row, {quote(table.key[0])}, 'duplicate_key' FROM ("
            f"SELECT source_no, source_row, row_number() OVER (PARTITION BY {key} ORDER BY source_no, source_row) "
            f"AS place FROM {standing} {'AND' if 'WHERE' in standing else 'WHERE'} ({key}) IN (FROM repeated)"
            ") WHERE place > 1"
        )
    con.execute("DROP TABLE repeated")


def _row_json(feed: Feed) -> str:
    cells = ", ".join(f"{quote(header)}, CAST({name(column)} AS VARCHAR)" for column, header in feed.source.headers)
    return f"CAST(json_object({cells}) AS VARCHAR)"


def _explain(con: duckdb.DuckDBPyConnection, table: Table, feed: Feed) -> None:
    """Write the refused rows of one feed down, each with the value and the row as read."""
    shown = " ".join(
        f"WHEN {quote(field.name)} THEN CAST({feed.columns[field.name].shown} AS VARCHAR)"
        for field in table.fields
        if field.name in feed.columns
    )
    source = feed.source
    con.execute(
        f'INSERT INTO quarantine SELECT {quote(table.name)}, r.source_no, r.source_row, r."column", '
        f'CASE r."column" {shown} END, r.reason, {_row_json(feed)} '
        f"FROM (SELECT *, CAST({source.source_row} AS BIGINT) AS row_number FROM {source.relation}) AS t "
        f"JOIN refused AS r ON r.source_no = {source.no} AND r.source_row = t.row_number"
    )


def _list_faults(con: duckdb.DuckDBPyConnection, table: Table, feed: Feed) -> None:
    """Write the unreadable cells of accepted rows down, and in a wide export the values that differ."""
    source = feed.source
    fields = [field for field in table.fields if field.name in feed.columns]
    if feed.shape == "rows":
        staged = f"SELECT source_row, faults FROM {table.name} WHERE source_no = {source.no} AND faults <> 0"
    else:
        staged = f"SELECT source_row, faults FROM ({rows_sql(table, feed)}) WHERE faults <> 0"
    con.execute(f"CREATE TEMP TABLE faulty AS {staged}")
    parts = []
    if con.execute("SELECT count(*) FROM faulty").fetchall()[0][0]:
        parts += [
            f"SELECT source_row, {position} AS position, 'unreadable' AS reason FROM faulty "
            f"WHERE faults & {1 << position} <> 0"
            for position, field in enumerate(table.fields)
            if field in fields
        ]
    if feed.shape == "one_per":
        parts += [
            f"SELECT source_row, {position}, 'conflicting' FROM ({conflicts_sql(table, feed, field)})"
            for position, field in enumerate(table.fields)
            if field in fields and field.name not in feed.by
        ]
    if parts:
        names = " ".join(f"WHEN {i} THEN {quote(field.name)}" for i, field in enumerate(table.fields))
        shown = " ".join(
            f"WHEN {position} THEN CAST({feed.columns[field.name].shown} AS VARCHAR)"
            for position, field in enumerate(table.fields)
            if field in fields
        )
        con.execute(
            f"INSERT INTO cell_faults SELECT {quote(table.name)}, {source.no}, f.source_row, "
            f"CASE f.position {names} END, CASE f.position {shown} END, f.reason "
            f"FROM (SELECT *, CAST({source.source_row} AS BIGINT) AS row_number FROM {source.relation}) AS t "
            f"JOIN ({' UNION ALL '.join(parts)}) AS f ON f.source_row = t.row_number "
            "ORDER BY f.source_row, f.position"
        )
    con.execute("DROP TABLE faulty")
