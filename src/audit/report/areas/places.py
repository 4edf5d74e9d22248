"""Where each flagged household and every other subject of a finding stands: its township, its village, which page."""

from __future__ import annotations

import duckdb

from audit.report.links import UNKNOWN

#: So much a village page carries before the next one begins; an entry weighs its findings and its frame.
PAGE_WEIGHT = 250
_FRAME_WEIGHT = 4
#: So many findings, members, posts and earlier findings one entry shows; how many there are in all it says.
SHOWN = 60

#: The parts of a page, in their order: flagged households, other subjects of findings, and mere hints.
HOUSEHOLDS, OTHERS, HINTS = 0, 1, 2


def place_entries(con: duckdb.DuckDBPyConnection) -> None:
    """Give every household with a finding, and every subject that is no household, its place on a village page.

    A household stands where it lives, with all its findings, whichever area each of them has. Afterwards
    ``area_entries`` is a table of ``con``, one row per entry in the order of the pages: no, kind, id, area_code,
    township, village (12 digits, or ``unknown``), part, findings, severe, hints, page (the first is 1).

    Args:
        con: the run's database: findings, households.
    """
    con.execute(f"""
        CREATE OR REPLACE TABLE area_entries AS
        WITH located AS (
            SELECT CASE WHEN f.household_id IS NULL THEN f.subject_type ELSE 'household' END AS kind,
                coalesce(f.household_id, f.subject_id) AS id, coalesce(h.area_code, f.area_code) AS area_code,
                f.set_apart, f.severity
            FROM findings AS f LEFT JOIN households AS h ON h.household_id = f.household_id
        ),
        gathered AS (
            SELECT kind, id, min(area_code) AS area_code, count(*) FILTER (NOT set_apart) AS findings,
                count(*) FILTER (NOT set_apart AND severity = 'high') AS severe, count(*) FILTER (set_apart) AS hints
            FROM located GROUP BY kind, id
        ),
        placed AS (
            SELECT *, {township_sql("area_code")} AS township, {village_sql("area_code")} AS village,
                CASE WHEN findings = 0 THEN {HINTS} WHEN kind = 'household' THEN {HOUSEHOLDS} ELSE {OTHERS} END AS part,
                {_FRAME_WEIGHT} + least(findings + hints, {SHOWN}) AS weight
            FROM gathered
        ),
        numbered AS (
            SELECT *, row_number() OVER (
                ORDER BY township, village, part, severe DESC, findings DESC, id, kind
            ) AS no
            FROM placed
        )
        SELECT no, kind, id, area_code, township, village, part, findings, severe, hints, CAST(1 + (
            sum(weight) OVER (PARTITION BY township, village ORDER BY no) - weight
        ) // {PAGE_WEIGHT} AS INTEGER) AS page
        FROM numbered ORDER BY no
    """)


def township_sql(area: str) -> str:
    """SQL for the township of an area, as ``links.township_code`` says it."""
    known = f"{area} IS NULL OR substr({area}, 7, 3) = '000'"
    return f"CASE WHEN {known} THEN '{UNKNOWN}' ELSE substr({area}, 1, 9) || '000' END"


def village_sql(area: str) -> str:
    """SQL for the village of an area, as ``links.village_page`` names its page."""
    return f"CASE WHEN {area} IS NULL OR substr({area}, 10, 3) = '000' THEN '{UNKNOWN}' ELSE {area} END"
