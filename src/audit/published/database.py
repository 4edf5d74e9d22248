"""Opens a run's Parquet files as a database: all of it, or what is provably of one area."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.findings.behind import BEHIND, SOURCES_FILE, TABLES_BEHIND
from audit.published.area import Area, not_apart_sql, with_flagged_sql
from audit.published.run import PublishedRun

_FILES = ("findings", "rates", "quarantine", "cell_faults", "absent", "history", "areas")


@contextmanager
def opened(run: PublishedRun, area: Area | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database with the run's findings, rates, quarantine, cell_faults, absent, history, areas, source_files,
    the rows of flagged households (households, persons, incomes, posts), and household_facts for counting.

    ``findings`` has three columns more: ``set_apart``, whether it counts apart; ``counted_here``, whether its own area
    is in the area, as the rates count; ``hidden``, whether it has a household that is of another area. With an area,
    every table holds only what is provably of that area:

    - findings whose own area is in it, and findings about its households. A household of another area is left out with
      its person, and so is the code of another area. Findings of neither kind are not in it: those without an area,
      and those of an area above.
    - rates of the area and of the areas in it; rows set aside and cells not read whose area is proven.
    - absent findings whose household is in it now, or nowhere any more.
    - the history of these findings.

    Raises:
        RunError: a file can't be read.
    """
    with duckdb.connect(":memory:") as con:
        try:
            for name in _FILES:
                con.execute(f"CREATE VIEW run_{name} AS FROM read_parquet({_path(run, f'{name}.parquet')})")
            for name in TABLES_BEHIND:
                con.execute(f"CREATE VIEW run_{name} AS FROM read_parquet({_path(run, f'{BEHIND}/{name}.parquet')})")
            con.execute(f"CREATE TABLE source_files AS FROM read_parquet({_path(run, f'{BEHIND}/{SOURCES_FILE}')})")
            for sql in (*_behind(area), *_found(area, run.set_apart), *_gone(area)):
                con.execute(sql)
        except duckdb.Error as error:
            told = str(error).partition("\n")[0]
            raise RunError("runs.unreadable", file=run.folder.name, problem=told) from error
        yield con


def _path(run: PublishedRun, name: str) -> str:
    return quote(str(run.folder / name))


def _inside(area: Area | None, column: str = "area_code") -> str:
    """SQL that is true for the codes in an area."""
    return f"coalesce(starts_with({column}, {quote(area.digits)}), false)" if area else "true"


def _behind(area: Area | None) -> Iterator[str]:
    """SQL for the rows of households, and for what counts them."""
    yield f"CREATE TABLE households AS FROM run_households WHERE {_inside(area)}"
    mine = "IN (SELECT household_id FROM households)"
    yield f"CREATE TABLE persons AS FROM run_persons WHERE household_id {mine}"
    yield f"CREATE TABLE incomes AS FROM run_incomes WHERE household_id {mine}"
    yield "CREATE TABLE posts AS FROM run_posts WHERE person_id IN (SELECT person_id FROM persons)"
    facts = f"SELECT area_code FROM run_areas, range(households_here) WHERE {_inside(area)}"
    yield f"CREATE TABLE household_facts AS {facts}"


def _found(area: Area | None, set_apart: Set[str]) -> Iterator[str]:
    """SQL for findings, rates, rows set aside and cells not read."""
    here = "coalesce(household_id IN (SELECT household_id FROM households), false)" if area else "true"
    # A person without a household is nobody of another area: the registry knows no such person.
    # Where a finding is of another area, so may be the values of policy that it was judged by.
    merged = "CAST(json_merge_patch(evidence, '{\"parameters\": null}') AS VARCHAR)"
    yield (
        "CREATE TABLE findings AS SELECT * REPLACE ("
        "CASE WHEN NOT hidden THEN household_id END AS household_id, "
        "CASE WHEN NOT hidden THEN person_id END AS person_id, "
        "CASE WHEN counted_here THEN area_code END AS area_code, "
        f"CASE WHEN counted_here THEN evidence ELSE {merged} END AS evidence) "
        f"FROM (SELECT *, NOT {not_apart_sql(set_apart)} AS set_apart, {_inside(area)} AS counted_here, "
        f"household_id IS NOT NULL AND NOT {here} AS hidden FROM run_findings "
        f"WHERE {_inside(area)} OR {here}) ORDER BY rule_id, subject_id"
    )
    counted = "(FROM findings WHERE NOT set_apart)"
    mine = f"(FROM run_areas WHERE {_inside(area)})"
    yield f"CREATE TABLE areas AS {with_flagged_sql(mine, counted, 'households')}"
    yield f"CREATE TABLE rates AS FROM run_rates WHERE {_inside(area)}"
    same = "s.file = q.source_file AND s.sheet IS NOT DISTINCT FROM q.source_sheet"
    for name in ("quarantine", "cell_faults"):
        yield (
            f"CREATE TABLE {name} AS SELECT q.*, s.no AS source_no FROM run_{name} AS q "
            f"LEFT JOIN source_files AS s ON {same} WHERE {_inside(area)} "
            'ORDER BY s.no, q.source_row, q."table", q."column"'
        )


def name_places(con: duckdb.DuckDBPyConnection) -> None:
    """Let ``households`` tell the names of all areas, also of those in which no household has a finding.

    Pages take the names of areas from the rows of households; these rows have names and no household.
    """
    named = "(SELECT min(area_name) FROM run_areas AS u WHERE u.area_code = {code})"
    county = named.format(code="substr(a.area_code, 1, 6) || '000000'")
    township = named.format(code="substr(a.area_code, 1, 9) || '000'")
    con.execute(
        "INSERT INTO households BY NAME SELECT a.area_code, "
        f"{county} AS county_name, {township} AS township_name, "
        "a.area_name AS village_name FROM areas AS a WHERE a.area_level = 'village' ORDER BY a.area_code"
    )


def _gone(area: Area | None) -> Iterator[str]:
    """SQL for absent findings and the history."""
    # Who is gone has no row any more; named is only who stands nowhere else.
    known = "k.household_id IS NULL OR k.household_id IN (SELECT household_id FROM households)"
    nowhere = "a.reason = 'unit_gone' AND k.household_id NOT IN (SELECT household_id FROM run_households)"
    proven = f"{_inside(area, 'k.area_code')} AND ({known} OR ({nowhere}))" if area else "true"
    yield (
        "CREATE TABLE absent AS SELECT a.*, k.severity, k.household_id, k.area_code, k.first_seen, k.last_seen "
        f"FROM run_absent AS a LEFT JOIN run_history AS k USING (finding_id) WHERE {proven} "
        "ORDER BY a.rule_id, a.subject_id, a.finding_id"
    )
    if area is None:
        yield "CREATE TABLE history AS FROM run_history ORDER BY rule_id, subject_id, finding_id"
        return
    names = ("household_id", "person_id", "area_code")
    replaced = ", ".join(f"CASE WHEN f.finding_id IS NULL THEN k.{name} ELSE f.{name} END AS {name}" for name in names)
    yield (
        f"CREATE TABLE history AS SELECT k.* REPLACE ({replaced}) FROM run_history AS k "
        "LEFT JOIN findings AS f USING (finding_id) "
        "WHERE f.finding_id IS NOT NULL OR k.finding_id IN (SELECT finding_id FROM absent) "
        "ORDER BY k.rule_id, k.subject_id, k.finding_id"
    )
