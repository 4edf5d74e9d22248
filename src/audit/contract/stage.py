"""The SQL that takes one table's rows in: one SELECT per feed, with each cell read and each fault marked.

A staged row has ``source_no``, ``source_row``, the columns of the contract, ``faults`` (bit i set: the i-th
column could not be read) and ``lost`` (bit i set: the i-th column is a number that Excel has shortened).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from audit.contract.declare import Table
from audit.contract.feeds import Feed, RawColumn
from audit.contract.fields import Field, Type
from audit.contract.normalise import in_yuan_sql, lost_sql, name, quick_sql, text_of, tidy_sql, typed_sql, value_sql

#: Columns that sum_by leaves as they are: a figure per head is no sum of its members'.
NOT_SUMMED = frozenset({"net_income_per_capita"})


def stage_sql(table: Table, feeds: list[Feed]) -> str:
    """SQL for all rows of a table, in reading order, before any is refused."""
    return "\nUNION ALL\n".join(_shaped(table, feed) for feed in feeds)


def empty_sql(table: Table) -> str:
    """SQL that makes a table which the registry does not have."""
    columns = "".join(f", {name(field.name)} {field.sql_type}" for field in table.fields)
    return f"CREATE TABLE {table.name} (source_no INTEGER, source_row BIGINT{columns}, faults BIGINT, lost BIGINT)"


@dataclass(frozen=True)
class _Cell:
    """How one column's cells are read, in three looks at a row: DuckDB computes each look's columns once.

    Attributes:
        first: what the first look makes: the tidied text or typed value, and what its reading needs to know.
        value: SQL over the first look for the value.
        kept: what of the first look the last one needs.
        fault: SQL over the first two looks that is true where the cell can't be read.
        lost: SQL that is true where a number has lost digits.
    """

    first: Mapping[str, str]
    value: str
    kept: tuple[str, ...]
    fault: str
    lost: str = "false"


def rows_sql(table: Table, feed: Feed) -> str:
    """SQL for one feed's rows as they stand in its source, each cell read."""
    first, second, outer, faults, lost = [], [], [], {}, {}
    for position, field in enumerate(table.fields):
        column = feed.columns.get(field.name)
        if column is None:
            outer.append(f"CAST(NULL AS {field.sql_type}) AS {name(field.name)}")
            continue
        cell = _typed(position, field, column) or _written(position, field, column)
        first += [f"{sql} AS {made}" for made, sql in cell.first.items()]
        second += [f"{cell.value} AS v{position}", *cell.kept]
        outer.append(f"CAST({in_yuan_sql(f'v{position}', field, column)} AS {field.sql_type}) AS {name(field.name)}")
        faults[1 << position] = cell.fault
        if cell.lost != "false":
            lost[1 << position] = cell.lost
    source = feed.source
    where = "" if source.blank == "false" else f" WHERE NOT ({source.blank})"
    looked = f"SELECT {', '.join([f'CAST({source.source_row} AS BIGINT) AS source_row', *first])}"
    return (
        f"SELECT CAST({source.no} AS INTEGER) AS source_no, source_row, {', '.join(outer)}, "
        f"{_bits(faults)} AS faults, {_bits(lost)} AS lost "
        f"FROM (SELECT {', '.join(['source_row', *second])} FROM ({looked} FROM {source.relation}{where}))"
    )


def _bits(conditions: Mapping[int, str]) -> str:
    """SQL for the sum of the bits whose conditions are true; summed only where one is, as mostly none are."""
    if not conditions:
        return "CAST(0 AS BIGINT)"
    summed = " + ".join(f"CASE WHEN {condition} THEN {bit} ELSE 0 END" for bit, condition in conditions.items())
    any_of_them = " OR ".join(f"({condition})" for condition in conditions.values())
    return f"CAST(CASE WHEN {any_of_them} THEN {summed} ELSE 0 END AS BIGINT)"


def _typed(position: int, field: Field, column: RawColumn) -> _Cell | None:
    """A value whose type fits the column already; None if it must be read from its text."""
    cell, given = f"t{position}", f"g{position}"
    typed = typed_sql(column, field)
    if typed is None:
        return None
    fault = f"{given} IS NOT NULL AND v{position} IS NULL"
    return _with_known_fault(position, column, _Cell({given: column.sql, cell: typed}, cell, (given,), fault))


def _written(position: int, field: Field, column: RawColumn) -> _Cell:
    """A value that is read from its text; what is written as the value itself is taken as it is."""
    cell, quick, value = f"t{position}", f"q{position}", f"v{position}"
    text = column.sql if column.type == "VARCHAR" else text_of(column.sql, column.type)
    read, fault = value_sql(cell, field, column), f"{cell} IS NOT NULL AND {value} IS NULL"
    told = quick_sql(text, field)
    if told is None:
        return _with_known_fault(position, column, _Cell({cell: tidy_sql(text, field)}, read, (cell,), fault))
    first = {quick: told.as_it_is, cell: f"CASE WHEN {told.as_it_is} THEN {text} ELSE {told.otherwise} END"}
    read, fault = f"CASE WHEN {quick} THEN {cell} ELSE {read} END", f"NOT {quick} AND {fault}"
    # An identifier is only unreadable because Excel has shortened it; other columns can be unreadable for more reasons.
    shortened = {Type.IDENTIFIER: fault, Type.AREA: f"{fault} AND {lost_sql(cell, field)}"}
    return _with_known_fault(
        position, column, _Cell(first, read, (cell, quick), fault, shortened.get(field.type, "false"))
    )


def _with_known_fault(position: int, column: RawColumn, cell: _Cell) -> _Cell:
    """The cell with the fault that is known before it is read: then nothing is said about its value."""
    if column.fault == "false":
        return cell
    known = f"k{position}"
    return replace(
        cell,
        first={**cell.first, known: column.fault},
        value=f"CASE WHEN NOT {known} THEN {cell.value} END",
        kept=(*cell.kept, known),
        fault=f"({cell.fault}) OR {known}",
    )


def _shaped(table: Table, feed: Feed) -> str:
    rows = rows_sql(table, feed)
    if feed.shape == "rows":
        if feed.grain:
            return rows
        keys = " AND ".join(f"{name(key)} IS NOT NULL" for key in table.key)
        return f"SELECT * FROM ({rows}) WHERE {keys}"
    by = ", ".join(name(key) for key in feed.by)
    known = " AND ".join(f"{name(key)} IS NOT NULL" for key in feed.by)
    order = "(source_no, source_row)"
    columns = [
        name(field.name)
        if field.name in feed.by
        else f"{_summed(field) if _is_summed(feed, field) else f'arg_min({name(field.name)}, {order})'}"
        f" AS {name(field.name)}"
        for field in table.fields
    ]
    # Lost digits in an optional cell of a repeated row are a cell fault; only a required one refuses the row.
    required = sum(1 << position for position, field in enumerate(table.fields) if field.required)
    folded = (
        f"SELECT min(source_no) AS source_no, min(source_row) AS source_row, {', '.join(columns)}, "
        f"bit_or(faults) AS faults, bit_or(lost) & {required} AS lost FROM ({rows}) WHERE {known} GROUP BY {by}"
    )
    # Rows without a key can't be folded into any; where they count, they stay to be refused one by one.
    return f"{folded} UNION ALL SELECT * FROM ({rows}) WHERE NOT ({known})" if feed.grain else folded


def _is_summed(feed: Feed, field: Field) -> bool:
    return feed.shape == "sum_by" and field.type is Type.MONEY and field.name not in NOT_SUMMED


def _summed(field: Field) -> str:
    column = name(field.name)
    return f"TRY_CAST(CASE WHEN count({column}) = count(*) THEN sum({column}) END AS {field.sql_type})"


def folded_rows_sql(feed: Feed, table: Table, where: str) -> str:
    """SQL for the rows that were folded into the rows ``t`` of a table that fulfil a condition."""
    same = " AND ".join(f"r.{name(key)} = t.{name(key)}" for key in feed.by)
    return (
        f"SELECT r.source_row AS folded_row, t.source_row FROM ({rows_sql(table, feed)}) AS r "
        f"JOIN {table.name} AS t ON t.source_no = {feed.source.no} AND {same} WHERE {where}"
    )


def conflicts_sql(table: Table, feed: Feed) -> str:
    """SQL for the cells of a feed with one row per key that differ from the one that was kept: row, position."""
    by = ", ".join(name(key) for key in feed.by)
    compared = [
        (position, name(field.name))
        for position, field in enumerate(table.fields)
        if field.name in feed.columns and field.name not in feed.by
    ]
    kept = ", ".join(f"arg_min({column}, source_row) OVER same AS k{position}" for position, column in compared)
    differ = ", ".join(f"CASE WHEN {column} <> k{position} THEN {position} END" for position, column in compared)
    return (
        f"SELECT source_row, unnest(list_filter([{differ}], lambda position: position IS NOT NULL)) AS position "
        f"FROM (SELECT *, {kept} FROM ({rows_sql(table, feed)}) WINDOW same AS (PARTITION BY {by}))"
    )
