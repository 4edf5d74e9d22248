"""Opens a run's Parquet files as a database: all of it, or what is provably of one area."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.findings.behind import BEHIND, TABLES_BEHIND
from audit.published.area import Area
from audit.published.run import PublishedRun

_FILES = ("findings", "rates", "quarantine", "cell_faults", "absent", "history", "areas")


@contextmanager
def opened(run: PublishedRun, area: Area | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database with the run's findings, rates, quarantine, cell_faults, absent, history, areas, and the rows of
    flagged households: households, persons.

    ``findings`` has two columns more: ``set_apart``, whether it counts apart, and ``elsewhere``, whether its household
    is not of the area. With an area, every table holds only what is provably of that area:

    - findings and history whose own area is in it, as the rates count them. Where the household is of another area, its
      number and that of the person are left out. Findings without an area, and those of an area above, are not in it.
    - rates of the area and of the areas in it; rows set aside and cells not read whose area is proven.
    - absent findings whose household is in it now, or nowhere any more.

    Raises:
        RunError: a file can't be read.
    """
    with duckdb.connect(":memory:") as con:
        try:
            for name in _FILES:
                con.execute(f"CREATE VIEW run_{name} AS FROM read_parquet({_path(run, f'{name}.parquet')})")
            for name in TABLES_BEHIND:
                con.execute(f"CREATE VIEW run_{name} AS FROM read_parquet({_path(run, f'{BEHIND}/{name}.parquet')})")
            for sql in _views(area.digits if area else "", sorted(run.set_apart)):
                con.execute(sql)
        except duckdb.Error as error:
            told = str(error).partition("\n")[0]
            raise RunError("runs.unreadable", file=run.folder.name, problem=told) from error
        yield con


def _path(run: PublishedRun, name: str) -> str:
    return quote(str(run.folder / name))


def _views(digits: str, set_apart: list[str]) -> Iterator[str]:
    """SQL for the tables, each made from those before it."""
    inside = f"starts_with(area_code, {quote(digits)})" if digits else "true"
    apart = f"rule_id IN ({', '.join(map(quote, set_apart))})" if set_apart else "false"
    yield f"CREATE TABLE households AS FROM run_households WHERE {inside}"
    yield "CREATE TABLE persons AS FROM run_persons WHERE household_id IN (SELECT household_id FROM households)"
    away = "household_id IS NOT NULL AND household_id NOT IN (SELECT household_id FROM households)" if digits else "false"
    blank = ", ".join(f"CASE WHEN NOT elsewhere THEN {name} END AS {name}" for name in ("household_id", "person_id"))
    yield (
        f"CREATE TABLE findings AS SELECT * REPLACE ({blank}) FROM "
        f"(SELECT *, {apart} AS set_apart, {away} AS elsewhere FROM run_findings WHERE {inside}) "
        "ORDER BY rule_id, subject_id"
    )
    for name in ("rates", "quarantine", "cell_faults", "areas"):
        yield f"CREATE TABLE {name} AS FROM run_{name} WHERE {inside}"
    # A finding that is gone has no row of a household any more; only one that stands nowhere else may be named.
    known = "k.household_id IS NULL OR k.household_id IN (SELECT household_id FROM households)"
    nowhere = "a.reason = 'unit_gone' AND k.household_id NOT IN (SELECT household_id FROM run_households)"
    proven = f"starts_with(k.area_code, {quote(digits)}) AND ({known} OR ({nowhere}))" if digits else "true"
    yield (
        "CREATE TABLE absent AS SELECT a.*, k.severity, k.household_id, k.area_code, k.first_seen, k.last_seen "
        f"FROM run_absent AS a LEFT JOIN run_history AS k USING (finding_id) WHERE {proven} "
        "ORDER BY a.rule_id, a.subject_id, a.finding_id"
    )
    yield (
        f"CREATE TABLE history AS SELECT * REPLACE ({blank}) FROM (SELECT k.*, coalesce(f.elsewhere, false) AS elsewhere "
        "FROM run_history AS k LEFT JOIN findings AS f USING (finding_id) "
        "WHERE f.finding_id IS NOT NULL OR k.finding_id IN (SELECT finding_id FROM absent)) "
        "ORDER BY rule_id, subject_id, finding_id"
    )
