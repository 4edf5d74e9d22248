"""Keeps with a run what stands behind its findings: areas with their names, rows of flagged households, the rules.

With these files a run's folder is enough to show any part of it later, without the registry.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from audit.contract import TABLES, Personal
from audit.contract.normalise import name
from audit.model.areas import DIGITS
from audit.runs.parquet import write_parquet

AREAS_FILE = "areas.parquet"
RULEBOOK_FILE = "rules.zip"
#: The tables of which the rows of flagged households are kept, each in a file of its name in this folder.
BEHIND = "behind"
TABLES_BEHIND = ("households", "persons", "incomes", "posts")
SOURCES_FILE = "source_files.parquet"
#: Before 1980 a ZIP file knows no dates.
_FIXED = (1980, 1, 1, 0, 0, 0)
_NAMES = {"county": "county_name", "township": "township_name", "village": "village_name"}


def write_behind(con: duckdb.DuckDBPyConnection, folder: Path, rules: Mapping[str, bytes], *, masked: bool) -> None:
    """Write ``areas.parquet``, ``behind/*.parquet`` and ``rules.zip``.

    Args:
        con: the run's database: findings, missed, households, persons, incomes, posts, household_facts, source_files.
        folder: the run's folder.
        rules: the files of the rulebook, by name.
        masked: whether personal columns are masked as on the pages.
    """
    write_parquet(con, _areas_sql(), folder / AREAS_FILE)
    (folder / BEHIND).mkdir(exist_ok=True)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE homes AS SELECT household_id FROM findings WHERE household_id IS NOT NULL "
        "UNION SELECT household_id FROM missed WHERE household_id IS NOT NULL"
    )
    for table in TABLES_BEHIND:
        write_parquet(con, _rows_sql(table, masked=masked), folder / BEHIND / f"{table}.parquet")
    write_parquet(con, "FROM source_files ORDER BY no", folder / BEHIND / SOURCES_FILE)
    con.execute("DROP TABLE homes")
    with zipfile.ZipFile(folder / RULEBOOK_FILE, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in sorted(rules.items()):
            archive.writestr(zipfile.ZipInfo(file, _FIXED), content, zipfile.ZIP_DEFLATED)


def _areas_sql() -> str:
    """SQL for every area in which a household is: level, code, name, households, and those with this very code.

    Households are counted once, by their own code; there are few codes, from which all levels follow.
    """
    parts = []
    for level, digits in DIGITS.items():
        code = f"rpad(substr(codes.area_code, 1, {digits}), 12, '0')"
        above = {"province": 0, "county": 2, "township": 6, "village": 9}[level]
        named = f"min({_NAMES[level]})" if level in _NAMES else "CAST(NULL AS VARCHAR)"
        parts.append(
            f"SELECT '{level}' AS area_level, {code} AS area_code, {named} AS area_name, "
            "CAST(sum(registered) AS BIGINT) AS households, "
            f"CAST(coalesce(sum(registered) FILTER (codes.area_code = {code}), 0) AS BIGINT) AS households_here "
            f"FROM codes WHERE substr(codes.area_code, {above + 1}) <> '{'0' * (12 - above)}' GROUP BY ALL"
        )
    order = " ".join(f"WHEN '{level}' THEN {place}" for place, level in enumerate(DIGITS))
    names = ", ".join(f"min({column}) AS {column}" for column in _NAMES.values())
    return (
        f"WITH codes AS (SELECT h.area_code, {names}, count(r.household_id) AS registered FROM households AS h "
        "LEFT JOIN household_facts AS r USING (household_id) GROUP BY h.area_code) "
        f"FROM ({' UNION ALL '.join(parts)}) ORDER BY CASE area_level {order} END, area_code"
    )


def _rows_sql(table: str, *, masked: bool) -> str:
    """SQL for the rows of the households with a finding now or at the last run, in the order of their keys."""
    by_name = TABLES[table].by_name
    columns = [
        f"{mask_sql(name(field.name), field.personal)} AS {name(field.name)}"
        if masked and field.personal
        else f"t.{name(field.name)}"
        for field in by_name.values()
    ]
    key = ", ".join(f"t.{name(column)}" for column in TABLES[table].key)
    homes = "household_id IN (SELECT household_id FROM homes)"
    chosen = homes if "household_id" in by_name else f"person_id IN (SELECT person_id FROM persons WHERE {homes})"
    return f"SELECT t.source_no, t.source_row, {', '.join(columns)} FROM {table} AS t WHERE {chosen} ORDER BY {key}"


def mask_sql(column: str, kind: Personal) -> str:
    """SQL for a personal value as it may be shown, the same as ``audit.report.masking.mask`` gives it."""
    first, last = kind.shown
    text = f"t.{column}"
    hidden = f"length({text}) - {first + last}"
    return (
        f"CASE WHEN {hidden} < 1 THEN repeat('*', length({text})) ELSE left({text}, {first}) || "
        f"repeat('*', {hidden}) || right({text}, {last}) END"
    )
