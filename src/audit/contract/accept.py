"""Takes a registry's rows in: every row is accepted, or quarantined with its reason, and none is lost.

Works in the order of contract.md: cells that can't be read, required cells, households that are not there, keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from audit.contract.declare import Table
from audit.contract.feeds import Feed, Registry
from audit.contract.in_place import in_place_sql, without_refused_sql
from audit.contract.normalise import name, quote
from audit.contract.places import PLACES, REFUSED_HOMES, places_sql, refused_homes_sql
from audit.contract.stage import conflicts_sql, empty_sql, folded_rows_sql, rows_sql, stage_sql
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

    Makes also ``quarantine`` and ``cell_faults`` (columns as in contract.md, section 5, with ``source_no``),
    ``set_aside``: whom the quarantined rows are about, where that can be read, and ``row_places``: of which area the
    rows in both are, where that can be proven.

    Raises:
        ConservationError: rows read are not rows accepted and quarantined.
    """
    columns = '"table" VARCHAR, source_no INTEGER, source_row BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR'
    con.execute(f'CREATE TABLE quarantine ({columns}, "row" VARCHAR)')
    con.execute(f"CREATE TABLE cell_faults ({columns})")
    con.execute('CREATE TABLE set_aside ("table" VARCHAR, key VARCHAR, household_id VARCHAR, person_id VARCHAR)')
    con.execute(PLACES)
    con.execute(REFUSED_HOMES)
    counts: list[Intake] = []
    for table in TABLES.values():
        feeds = [feed for feed in registry.feeds if feed.table == table.name]
        if not feeds:
            con.execute(empty_sql(table))
            continue
        on_table(table.name)
        in_place = all(feed.in_place for feed in feeds)
        if in_place:
            con.execute(f"CREATE VIEW {table.name} AS {in_place_sql(table, feeds)}")
            if all(feed.whole for feed in feeds):
                counts += [_accepted_whole(feed) for feed in feeds]
                continue
        else:
            con.execute(f"CREATE TABLE {table.name} AS {stage_sql(table, feeds)}")
        staged = {feed.source.no: _rows_staged(con, table, feed) for feed in feeds}
        refused = _refuse(con, table, in_place=in_place)
        if refused:
            for feed in feeds:
                if _folds(feed):
                    _refuse_folded(con, table, feed)
                _explain(con, table, feed)
            con.execute(f"INSERT INTO set_aside {_about_sql(table)}")
            if table.name == "households":
                con.execute(f"INSERT INTO refused_homes {refused_homes_sql()}")
            con.execute(f"INSERT INTO row_places {places_sql(table, _REFUSED, refused=True)}")
            if in_place:
                con.execute(f"CREATE OR REPLACE VIEW {table.name} AS {without_refused_sql(table, feeds)}")
            else:
                con.execute(f"DELETE FROM {table.name} AS t USING refused AS r WHERE {_SAME_ROW}")
        con.execute("DROP TABLE refused")
        for feed in feeds:
            _list_faults(con, table, feed)
        faulty = f'SELECT DISTINCT source_no, source_row FROM cell_faults WHERE "table" = {quote(table.name)}'
        if _number(con, f"SELECT count(*) FROM ({faulty})"):
            con.execute(f"INSERT INTO row_places {places_sql(table, faulty, refused=False)}")
        counts += [_count(con, table, feed, staged[feed.source.no]) for feed in feeds]
    return tuple(counts)


_REFUSED = "SELECT DISTINCT source_no, source_row FROM refused"
_SAME_ROW = "r.source_no = t.source_no AND r.source_row = t.source_row"


def _about_sql(table: Table) -> str:
    """SQL for whom the refused rows of a table are about; of a repeated key the first row tells all there is."""
    fields = {field.name for field in table.fields}
    about = ", ".join(f"t.{column}" if column in fields else "NULL" for column in ("household_id", "person_id"))
    return (
        f"SELECT DISTINCT {quote(table.name)}, CAST(t.{name(table.key[0])} AS VARCHAR), {about} "
        f"FROM {table.name} AS t JOIN refused AS r ON {_SAME_ROW} WHERE r.reason <> 'duplicate_key' ORDER BY ALL"
    )


def _folds(feed: Feed) -> bool:
    """Whether several rows that count for this table became one."""
    return feed.grain and feed.shape != "rows"


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])


def _rows_staged(con: duckdb.DuckDBPyConnection, table: Table, feed: Feed) -> int:
    if _folds(feed):
        return _number(con, f"SELECT count(*) FROM ({rows_sql(table, feed)})")
    return _number(con, f"SELECT count(*) FROM {table.name} WHERE source_no = {feed.source.no}")


def _count(con: duckdb.DuckDBPyConnection, table: Table, feed: Feed, staged: int) -> Intake:
    no = feed.source.no
    read = feed.source.rows_read if feed.grain else staged
    if _folds(feed):
        accepted = _number(con, f"SELECT count(*) FROM ({folded_rows_sql(feed, table, 'true')})")
    else:
        accepted = _number(con, f"SELECT count(*) FROM {table.name} WHERE source_no = {no}")
    set_aside = f'SELECT count(*) FROM quarantine WHERE "table" = {quote(table.name)} AND source_no = {no}'
    quarantined = _number(con, set_aside)
    if read != staged or staged != accepted + quarantined:
        raise ConservationError(
            f"{feed.source.file} {feed.source.sheet}: {read} rows read, {staged} staged, {accepted} accepted, "
            f"{quarantined} quarantined"
        )
    return Intake(table.name, no, not feed.grain, read, accepted, quarantined)


def _accepted_whole(feed: Feed) -> Intake:
    """All rows of a feed of which none is refused; nobody has to count them again."""
    read = feed.source.rows_read
    return Intake(feed.table, feed.source.no, False, read, read, 0)


def _refuse_folded(con: duckdb.DuckDBPyConnection, table: Table, feed: Feed) -> None:
    """Refuse with a folded row all the rows that were folded into it."""
    again = (
        "EXISTS (FROM refused AS x WHERE x.source_no = t.source_no AND x.source_row = t.source_row) "
        "AND r.source_row <> t.source_row"
    )
    con.execute(
        f'INSERT INTO refused SELECT r.source_no, f.folded_row, r."column", r.reason '
        f"FROM ({folded_rows_sql(feed, table, again)}) AS f JOIN refused AS r "
        f"ON r.source_no = {feed.source.no} AND r.source_row = f.source_row"
    )


def _refuse(con: duckdb.DuckDBPyConnection, table: Table, *, in_place: bool) -> int:
    """Fill ``refused`` with the rows that can't be accepted: their first bad column and the reason."""
    if in_place:  # of these no cell is missing, and no number shortened
        con.execute(
            'CREATE TEMP TABLE refused (source_no INTEGER, source_row BIGINT, "column" VARCHAR, reason VARCHAR)'
        )
    else:
        _refuse_cells(con, table)
    if table.name == "persons":
        con.execute(
            "INSERT INTO refused SELECT source_no, source_row, 'household_id', 'household_unknown' FROM persons AS t "
            f"WHERE NOT EXISTS (FROM refused AS r WHERE {_SAME_ROW}) AND household_id NOT IN "
            "(SELECT household_id FROM households)"
        )
    _refuse_repeated(con, table)
    return _number(con, "SELECT count(*) FROM refused")


def _refuse_cells(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Fill ``refused`` with the rows of which a required cell can't be read, or a number was shortened."""
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


def _refuse_repeated(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    key = ", ".join(name(column) for column in table.key)
    standing = f"{table.name} AS t WHERE NOT EXISTS (FROM refused AS r WHERE {_SAME_ROW})"
    if not _number(con, "SELECT count(*) FROM refused"):
        standing = table.name
    if _all_different(con, key, standing):
        return
    repeated = f"SELECT {key} FROM {standing} GROUP BY {key} HAVING count(*) > 1"
    con.execute(
        f"INSERT INTO refused SELECT source_no, source_row, {quote(table.key[0])}, 'duplicate_key' FROM ("
        f"SELECT source_no, source_row, row_number() OVER (PARTITION BY {key} ORDER BY source_no, source_row) "
        f"AS place FROM {standing} {'AND' if 'WHERE' in standing else 'WHERE'} ({key}) IN ({repeated})"
        ") WHERE place > 1"
    )


def _all_different(con: duckdb.DuckDBPyConnection, key: str, rows: str) -> bool:
    """Whether no key is repeated; mostly none is, and this is found out faster than which ones are.

    True is certain. Where two keys share a hash, the repeated keys are sought for nothing.
    """
    # Sorting hashes takes a third of the time of grouping them, and less memory.
    hashed = f"SELECT hash({key}) AS h FROM {rows}"
    after_another = f"SELECT h, lag(h) OVER (ORDER BY h) AS before FROM ({hashed})"
    return not _number(con, f"SELECT count(*) FROM ({after_another}) WHERE h = before")


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
        keys = ", ".join(name(key) for key in feed.by)
        accepted = f"SELECT {keys} FROM {table.name} WHERE source_no = {source.no}"
        staged = f"SELECT source_row, faults FROM ({rows_sql(table, feed)}) WHERE ({keys}) IN ({accepted})"
    con.execute(f"CREATE TEMP TABLE faulty AS {staged}")
    parts = []
    if _number(con, "SELECT count(*) FROM faulty WHERE faults <> 0"):
        parts += [
            f"SELECT source_row, {position} AS position, 'unreadable' AS reason FROM faulty "
            f"WHERE faults & {1 << position} <> 0"
            for position, field in enumerate(table.fields)
            if field in fields
        ]
    if feed.shape == "one_per" and set(feed.columns) - set(feed.by):
        parts.append(
            f"SELECT source_row, position, 'conflicting' AS reason FROM ({conflicts_sql(table, feed)}) "
            "WHERE source_row IN (SELECT source_row FROM faulty)"
        )
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
