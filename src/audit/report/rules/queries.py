"""The SQL behind the rule pages: of each rule only so much as its page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from audit.history.write import TREND_FILE

#: So many findings stand on a rule's page; all of them are on the area pages and in the Parquet.
FINDINGS_SHOWN = 300
#: So many counties and so many townships are listed on a rule's page, those with the most flagged: a country has
#: thousands, and rates.parquet has them all.
AREAS_SHOWN = 500
#: So many villages are listed on a rule's page, those with the most flagged first.
VILLAGES_SHOWN = 50
#: So many other rules are named that flag the same households.
TOGETHER_SHOWN = 8
#: So many runs are listed, the latest last.
RUNS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class AreaRow:
    """What a rule counted in one area; ``areas`` is how many areas of that level it counted in."""

    level: str
    area_code: str
    population: int
    flagged: int
    clear: int
    undecided: int
    not_applicable: int
    households_flagged: int
    areas: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as it is read for a rule's page."""

    subject_type: str
    subject_id: str
    household_id: str | None
    area_code: str | None
    message: str
    presence: str
    first_seen: str
    file: str
    sheet: str
    row: int | None
    page: int | None


@dataclass(frozen=True, slots=True)
class TogetherRow:
    """Another rule that flags households of this one."""

    rule_id: str
    households: int
    households_rule: int
    households_other: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """What a rule counted in one run, and what became of its findings since the run before."""

    as_of: str
    run_id: str
    population: int | None
    flagged: int | None
    undecided: int | None
    new: int
    unchanged: int
    updated: int
    recurred: int
    fixed: int
    not_evaluated: int
    unit_gone: int


@dataclass(frozen=True)
class RuleRows:
    """All rows of all rule pages, by rule id."""

    areas: Mapping[str, list[AreaRow]] = field(default_factory=dict)
    findings: Mapping[str, list[FindingRow]] = field(default_factory=dict)
    together: Mapping[str, list[TogetherRow]] = field(default_factory=dict)
    runs: Mapping[str, list[RunRow]] = field(default_factory=dict)


def rule_rows(con: duckdb.DuckDBPyConnection, folder: Path, message: str, *, areas: bool) -> RuleRows:
    """Read the rows of all rule pages.

    Args:
        con: the run's database: rates, cooccurrence.
        folder: the run's folder, with its findings and its trend.
        message: the column of the findings' sentence.
        areas: whether the areas have pages, and ``area_entries`` says where everybody stands on them.
    """
    findings = _FINDINGS.format(message=message, placed=_PLACED if areas else _UNPLACED)
    return RuleRows(
        {rule: [AreaRow(*row[1:]) for row in rows] for rule, rows in _grouped(con, _AREAS)},
        {
            rule: [FindingRow(*row[1:]) for row in rows]
            for rule, rows in _grouped(con, findings, folder / "findings.parquet")
        },
        {rule: [TogetherRow(*row[1:]) for row in rows] for rule, rows in _grouped(con, _TOGETHER)},
        {rule: [RunRow(*row[1:]) for row in rows] for rule, rows in _grouped(con, _RUNS, folder / TREND_FILE)},
    )


def _grouped(
    con: duckdb.DuckDBPyConnection, sql: str, file: Path | None = None
) -> list[tuple[str, list[tuple[Any, ...]]]]:
    rows = con.execute(sql, [str(file)] if file else []).fetchall()
    return [(str(rule), list(group)) for rule, group in groupby(rows, key=lambda row: row[0])]


_AREAS = f"""
    SELECT rule_id, area_level, area_code, population, flagged, clear, undecided, not_applicable, households_flagged,
        count(*) OVER (PARTITION BY rule_id, area_level) AS areas
    FROM rates WHERE area_level IN ('county', 'township', 'village')
    QUALIFY (area_level <> 'village' OR flagged > 0) AND row_number() OVER (
        PARTITION BY rule_id, area_level ORDER BY flagged DESC, area_code)
        <= CASE area_level WHEN 'village' THEN {VILLAGES_SHOWN} ELSE {AREAS_SHOWN} END
    ORDER BY rule_id, CASE area_level WHEN 'county' THEN 0 WHEN 'township' THEN 1 ELSE 2 END,
        CASE area_level WHEN 'village' THEN -flagged ELSE 0 END, area_code
"""
# Findings lie sorted by rule and subject in their file: whose they are is read first, then only those that are shown.
_FINDINGS = f"""
    WITH places AS MATERIALIZED (
        SELECT file_row_number FROM read_parquet($1, file_row_number = true)
        QUALIFY row_number() OVER (PARTITION BY rule_id ORDER BY file_row_number) <= {FINDINGS_SHOWN}
    ), listed AS (
        FROM read_parquet($1, file_row_number = true)
        WHERE file_row_number IN (SELECT file_row_number FROM places)
    )
    SELECT f.rule_id, f.subject_type, f.subject_id, f.household_id, coalesce(e.area_code, f.area_code),
        f.{{message}}, f.presence, CAST(f.first_seen AS VARCHAR), coalesce(f.source_file, ''),
        coalesce(f.source_sheet, ''), f.source_row, e.page
    FROM listed AS f LEFT JOIN {{placed}} AS e ON e.id = coalesce(f.household_id, f.subject_id)
        AND e.kind = CASE WHEN f.household_id IS NULL THEN f.subject_type ELSE 'household' END
    ORDER BY f.rule_id, f.subject_id
"""
_PLACED = "area_entries"
_UNPLACED = "(SELECT '' AS id, '' AS kind, '' AS area_code, CAST(NULL AS INTEGER) AS page WHERE false)"
_TOGETHER = f"""
    WITH both_ways AS (
        SELECT rule_id, other_rule_id, households, households_rule, households_other FROM cooccurrence
        UNION ALL
        SELECT other_rule_id, rule_id, households, households_other, households_rule FROM cooccurrence
    )
    SELECT * FROM both_ways WHERE households > 0
    QUALIFY row_number() OVER (PARTITION BY rule_id ORDER BY households DESC, other_rule_id) <= {TOGETHER_SHOWN}
    ORDER BY rule_id, households DESC, other_rule_id
"""
# Runs stand in the file in the order in which they were made.
_RUNS = f"""
    WITH runs AS (
        SELECT run_id, max(file_row_number) AS place FROM read_parquet($1, file_row_number = true) GROUP BY run_id
        ORDER BY place DESC LIMIT {RUNS_SHOWN}
    )
    SELECT t.rule_id, CAST(t.as_of AS VARCHAR), t.run_id, t.population, t.flagged, t.undecided, t.new, t.unchanged,
        t.updated, t.recurred, t.fixed, t.not_evaluated, t.unit_gone
    FROM read_parquet($1) AS t JOIN runs AS r ON r.run_id = t.run_id ORDER BY t.rule_id, r.place
"""
