"""Makes the facts of subjects, each once: ``household_facts`` and so on are tables afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

import duckdb

from audit.contract.normalise import quote
from audit.engine.parted import make_in_parts
from audit.engine.statements import facts_sql, facts_table
from audit.engine.values_in_force import InForce
from audit.subjects import SHARED_TABLES, SUBJECTS, shared_sql, shared_table_sql
from audit.subjects.asked import select_sql, shared_tables_read, tables_read


def place_facts(con: duckdb.DuckDBPyConnection, as_of: date, year: int) -> None:
    """Tell the database the day and the year that facts are about, and what several subjects share."""
    con.execute(f"SET VARIABLE as_of = DATE {quote(as_of.isoformat())}")
    con.execute(f"SET VARIABLE as_of_digits = {as_of:%Y%m%d}")
    con.execute(f"SET VARIABLE audit_year = {year}")
    con.execute(shared_sql())


def make_shared_tables(con: duckdb.DuckDBPyConnection, select: str, made: set[str]) -> None:
    """Make the tables that a SELECT of facts reads and that other subjects may read too.

    Args:
        con: the database with the accepted tables.
        select: the SELECT.
        made: the tables of this kind that are made already; those made now join them.
    """
    for name in shared_tables_read(select):
        if name not in made:
            con.execute(f"CREATE OR REPLACE TABLE {name} AS {shared_table_sql(name)}")
            made.add(name)


def select_facts_sql(subject: str, columns: Collection[str], in_force: Mapping[str, InForce]) -> str:
    """SQL for some of a subject's facts, the parameters put in that they count by."""
    return facts_sql(select_sql(subject, columns), in_force)


def make_table(con: duckdb.DuckDBPyConnection, table: str, subject: str, select: str, parts: int) -> None:
    """Make a table out of a SELECT over a subject's facts, about households in parts; what stood in it is replaced."""
    if subject == "household" and parts > 1:
        make_in_parts(con, table, select, parts)
    else:
        con.execute(f"CREATE OR REPLACE TABLE {table} AS {select}")


def make_facts(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    year: int,
    in_force: Mapping[str, InForce],
    columns: Mapping[str, Collection[str]],
    on_subject: Callable[[str], None] = lambda _: None,
    spent: Collection[str] = (),
    parts: int = 1,
) -> None:
    """Make the facts asked for, each once; afterwards ``household_facts`` and so on are tables of ``con``.

    Args:
        con: the database with the accepted tables.
        as_of: the day of the audit.
        year: the audit year.
        in_force: the parameters' values, for facts that count by one.
        columns: of each subject to make, the columns of its facts.
        on_subject: called with the name of each subject.
        spent: accepted tables that nobody reads afterwards: each is dropped as soon as no further subject needs it.
        parts: in how many parts the facts of households are made: each needs that much less memory.
    """
    place_facts(con, as_of, year)
    left, made = {*spent, *SHARED_TABLES}, set[str]()
    reads = {name: tables_read(name, columns[name], left) for name in columns}
    for name in SUBJECTS:
        later = {table for subject, tables in reads.items() for table in tables}
        for table in sorted(left - later):
            con.execute(f"DROP TABLE IF EXISTS {table}")
        left &= later
        if name not in columns:
            con.execute(f"DROP TABLE IF EXISTS {facts_table(name)}")
            continue
        on_subject(name)
        select = select_facts_sql(name, columns[name], in_force)
        make_shared_tables(con, select, made)
        make_table(con, facts_table(name), name, select, parts)
        del reads[name]
    for table in sorted(left):
        con.execute(f"DROP TABLE IF EXISTS {table}")
