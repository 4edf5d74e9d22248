"""The townships as the overview lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from audit.language import Language, text
from audit.model.shares import percent
from audit.report.links import township_page
from audit.report.masking import harmless

#: So many townships are listed, those with the most flagged households, unless each has a page to be found from here.
TOWNSHIPS_SHOWN = 500
_TOWNSHIP = "CASE WHEN area_code IS NULL OR substr(area_code, 7, 3) = '000' THEN '' ELSE substr(area_code, 1, 9) END"


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """One township in the overview."""

    code: str
    title: str
    page: str
    households: int
    flagged: int
    share: str
    findings: int
    severe: int
    hints: int


def township_rows(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, int, int, int, int]]:
    """Of each township: code, name, households, flagged households, findings, severe findings, findings set apart.

    A household's findings count where it lives, whichever area each of them has: so its township's page lists them.
    """
    return con.execute(f"""
        WITH place AS (
            SELECT {_TOWNSHIP} AS township, min(concat_ws(' ', county_name, township_name)) AS title
            FROM households GROUP BY 1
        ),
        located AS (
            SELECT f.* REPLACE (coalesce(h.area_code, f.area_code) AS area_code)
            FROM findings AS f LEFT JOIN households AS h ON h.household_id = f.household_id
        ),
        homes AS (SELECT {_TOWNSHIP} AS township, count(*) AS homes FROM household_facts GROUP BY 1),
        found AS (
            SELECT {_TOWNSHIP} AS township, count(DISTINCT household_id) FILTER (NOT set_apart) AS flagged,
                count(*) FILTER (NOT set_apart) AS findings,
                count(*) FILTER (NOT set_apart AND severity = 'high') AS severe,
                count(*) FILTER (set_apart) AS hints
            FROM located GROUP BY 1
        )
        SELECT coalesce(h.township, f.township), coalesce(p.title, ''), coalesce(h.homes, 0), coalesce(f.flagged, 0),
            coalesce(f.findings, 0), coalesce(f.severe, 0), coalesce(f.hints, 0)
        FROM homes AS h FULL JOIN found AS f ON f.township = h.township
        LEFT JOIN place AS p ON p.township = coalesce(h.township, f.township)
        ORDER BY 1
    """).fetchall()


def township_lines(
    rows: Iterable[tuple[str, str, int, int, int, int, int]], lang: Language, *, pages: bool = True
) -> tuple[TownshipLine, ...]:
    """The townships of the overview."""
    return tuple(
        TownshipLine(
            code=code,
            title=harmless(title) or (code if code else text("report.no_township", lang)),
            page=township_page(code and f"{code}000") if pages and (findings or hints) else "",
            households=homes,
            flagged=flagged,
            share=percent(flagged, homes),
            findings=findings,
            severe=severe,
            hints=hints,
        )
        for code, title, homes, flagged, findings, severe, hints in rows
    )


def most_flagged(lines: Sequence[TownshipLine], number: int = TOWNSHIPS_SHOWN) -> tuple[TownshipLine, ...]:
    """The townships with the most flagged households, in the order in which they are listed."""
    chosen = sorted(lines, key=lambda line: (-line.flagged, -line.findings, line.code))[:number]
    kept = {line.code for line in chosen}
    return tuple(line for line in lines if line.code in kept)
