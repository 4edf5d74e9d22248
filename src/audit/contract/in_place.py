"""Reads a table's rows where they lie, without a copy: if every cell of its files is its own value already.

A nightly audit reads each row many times, and keeps its own copy. Who reads rows once or twice only spares the copy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import duckdb

from audit.contract.declare import Table
from audit.contract.feeds import Feed, Registry
from audit.contract.normalise import in_yuan_sql, name, quick_sql, quote, typed_sql
from audit.contract.tables import TABLES


@dataclass(frozen=True)
class _Lying:
    """A column as it lies in its file.

    Attributes:
        value: SQL for its values.
        own: SQL that is true where a cell is its own value, or blank where it may be.
    """

    value: str
    own: str


@dataclass(frozen=True)
class Known:
    """What was seen of a registry's files before, by the same audit and through the same source map.

    Attributes:
        own: by table, the columns in which every cell is its own value.
        whole: the tables of which no row was refused.
    """

    own: Mapping[str, Collection[str]]
    whole: Collection[str]


#: Nobody looked before.
NOTHING_KNOWN = Known({}, ())


def left_in_place(
    con: duckdb.DuckDBPyConnection,
    registry: Registry,
    on_table: Callable[[str], None] = lambda _: None,
    known: Known = NOTHING_KNOWN,
) -> Registry:
    """Tell which tables can be read where they lie; a look at all their cells decides it.

    Args:
        con: a database that sees the registry.
        registry: the registry, which stays as it is.
        on_table: called with each table whose cells are looked at.
        known: what was seen of the same files before, and needs no second look.
    """
    feeds: list[Feed] = []
    for table in TABLES.values():
        own = [feed for feed in registry.feeds if feed.table == table.name]
        if own and all(_lying(table, feed) for feed in own):
            on_table(table.name)
            in_place = all(_all_own(con, table, feed, known.own.get(table.name, ())) for feed in own)
            own = [replace(feed, in_place=in_place, whole=in_place and table.name in known.whole) for feed in own]
        feeds += own
    return replace(registry, feeds=tuple(feeds))


def in_place_sql(table: Table, feeds: list[Feed]) -> str:
    """SQL for all rows of a table that is read where it lies, with the columns of a staged row."""
    return "\nUNION ALL\n".join(_rows_sql(table, feed) for feed in feeds)


def without_refused_sql(table: Table, feeds: list[Feed]) -> str:
    """SQL for the same rows without those that stand in ``quarantine``."""
    refused = f'SELECT source_no, source_row FROM quarantine WHERE "table" = {quote(table.name)}'
    return f"SELECT * FROM ({in_place_sql(table, feeds)}) WHERE (source_no, source_row) NOT IN ({refused})"


def _lying(table: Table, feed: Feed) -> dict[str, _Lying] | None:
    """The columns of a feed as they lie; None if some cells have to be read from their text."""
    if feed.shape != "rows" or not feed.grain or feed.source.path is None:
        return None
    columns = {}
    for field in table.fields:
        column = feed.columns.get(field.name)
        if column is None:
            continue
        required = f"{column.sql} IS NOT NULL AND " if field.required else ""
        typed, told = typed_sql(column, field), quick_sql(column.sql, field)
        if column.fault != "false":
            return None
        if typed is not None:
            own = f"{column.sql} IS NULL OR {in_yuan_sql(typed, field, column)} IS NOT NULL"
            columns[field.name] = _Lying(typed, f"{required}({own})")
        elif column.type == "VARCHAR" and told is not None:
            columns[field.name] = _Lying(column.sql, f"{required}{told.as_it_is}")
        else:
            return None
    return columns


def _all_own(con: duckdb.DuckDBPyConnection, table: Table, feed: Feed, known: Collection[str]) -> bool:
    """Whether no cell of a feed has to be tidied, folded or refused, and none is missing; ``known`` columns are so."""
    if any(field.required and field.name not in feed.columns for field in table.fields):
        return False
    own = " AND ".join(column.own for of, column in (_lying(table, feed) or {}).items() if of not in known)
    if not own:
        return True
    found = con.execute(f"SELECT count(*) FILTER (({own}) IS DISTINCT FROM true) FROM {_relation(feed)}").fetchall()
    return bool(found[0][0] == 0)


def _rows_sql(table: Table, feed: Feed) -> str:
    source, columns, made = feed.source, _lying(table, feed) or {}, []
    for field in table.fields:
        lying = columns.get(field.name)
        value = in_yuan_sql(lying.value, field, feed.columns[field.name]) if lying else "NULL"
        made.append(f"CAST({value} AS {field.sql_type}) AS {name(field.name)}")
    return (
        f"SELECT CAST({source.no} AS INTEGER) AS source_no, CAST({source.source_row} AS BIGINT) AS source_row, "
        f"{', '.join(made)}, CAST(0 AS BIGINT) AS faults, CAST(0 AS BIGINT) AS lost FROM {_relation(feed)}"
    )


def _relation(feed: Feed) -> str:
    source = feed.source
    return source.relation if source.blank == "false" else f"{source.relation} WHERE NOT ({source.blank})"
