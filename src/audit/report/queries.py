"""The SQL behind the pages: only what is shown is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import cast

import duckdb

#: Every township page may show this many households, however many there are in all.
AT_LEAST = 50

_TOWNSHIP = "CASE WHEN area_code IS NULL OR substr(area_code, 7, 3) = '000' THEN '' ELSE substr(area_code, 1, 9) END"

#: Whether set apart, household, village, head, rule, subject type, subject, person's name, message, evidence, file,
#: sheet, row.
FindingRow = tuple[bool, str, str, str, str, str, str, str, str, str, str, str, int]


def township_rows(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, int, int, int, int]]:
    """Of each township: code, name, households, flagged households, findings, severe findings, findings set apart."""
    return con.execute(f"""
        WITH place AS (
            SELECT {_TOWNSHIP} AS township, min(concat_ws(' ', county_name, township_name)) AS title
            FROM households GROUP BY 1
        ),
        homes AS (SELECT {_TOWNSHIP} AS township, count(*) AS homes FROM household_facts GROUP BY 1),
        found AS (
            SELECT {_TOWNSHIP} AS township, count(DISTINCT household_id) FILTER (NOT set_apart) AS flagged,
                count(*) FILTER (NOT set_apart) AS findings,
                count(*) FILTER (NOT set_apart AND severity = 'high') AS severe,
                count(*) FILTER (set_apart) AS hints
            FROM findings GROUP BY 1
        )
        SELECT coalesce(h.township, f.township), coalesce(p.title, ''), coalesce(h.homes, 0), coalesce(f.flagged, 0),
            coalesce(f.findings, 0), coalesce(f.severe, 0), coalesce(f.hints, 0)
        FROM homes AS h FULL JOIN found AS f ON f.township = h.township
        LEFT JOIN place AS p ON p.township = coalesce(h.township, f.township)
        ORDER BY 1
    """).fetchall()


def choose_households(con: duckdb.DuckDBPyConnection, limit: int) -> None:
    """Choose the households to show, the worst of each township first; afterwards ``shown`` is a table of ``con``.

    Findings that are set apart are chosen for themselves: they neither take a household's place nor give it one.
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE shown AS
        WITH grouped AS (
            SELECT {_TOWNSHIP} AS township, set_apart, household_id,
                count(*) FILTER (severity = 'high') AS severe, count(*) AS findings
            FROM findings GROUP BY 1, 2, 3
        ),
        ranked AS (
            SELECT *,
                row_number() OVER (
                    PARTITION BY township, set_apart ORDER BY severe DESC, findings DESC, household_id
                ) AS place
            FROM grouped
        ),
        townships AS (SELECT greatest({AT_LEAST}, {limit} // greatest(count(DISTINCT township), 1)) AS room FROM ranked)
        SELECT * FROM ranked WHERE (SELECT count(*) FROM ranked) <= {limit} OR place <= (SELECT room FROM townships)
    """)


def pages_of_findings(
    con: duckdb.DuckDBPyConnection, message: str, batch: int = 20_000
) -> Iterator[tuple[str, Iterator[FindingRow]]]:
    """The findings of the chosen households, township by township, as they are shown: those set apart last."""
    township = _TOWNSHIP.replace("area_code", "f.area_code")
    found = con.execute(f"""
        SELECT s.township, s.set_apart, coalesce(s.household_id, ''), coalesce(h.village_name, ''),
            coalesce(h.head_name, ''), f.rule_id, f.subject_type, f.subject_id, coalesce(p.name, ''), f.{message},
            f.evidence, coalesce(f.source_file, ''), coalesce(f.source_sheet, ''), f.source_row
        FROM shown AS s
        JOIN findings AS f ON f.household_id IS NOT DISTINCT FROM s.household_id AND f.set_apart = s.set_apart
            AND {township} = s.township
        LEFT JOIN households AS h ON h.household_id = s.household_id
        LEFT JOIN persons AS p ON p.person_id = f.person_id
        ORDER BY s.township, s.set_apart, s.household_id IS NULL, s.place,
            CASE f.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, f.rule_id, f.subject_id
    """)

    def rows() -> Iterator[Sequence[object]]:
        while chunk := found.fetchmany(batch):
            yield from chunk

    for code, group in groupby(rows(), key=lambda row: str(row[0])):
        yield code, (cast("FindingRow", row[1:]) for row in group)
