"""Townships against groups of rules: where which kind of finding is thick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from audit.language import Language, section
from audit.report.overview.townships import TownshipLine

#: From how many findings on a hundred households a cell is shaded more darkly.
STEPS = (0, 2, 5, 10, 20, 40)


@dataclass(frozen=True, slots=True)
class Cell:
    """The findings of one group of rules in one township: how many, how many on a hundred households, how dark."""

    count: str
    rate: str
    step: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One township."""

    title: str
    page: str
    households: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The table: the titles of the groups and the townships."""

    groups: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    legend: tuple[tuple[int, str], ...]


def heat(con: duckdb.DuckDBPyConnection, townships: Sequence[TownshipLine], lang: Language) -> Heat:
    """Count the findings that are not set apart by township and group of rules: the letters of their ids."""
    rows = con.execute("""
        SELECT CASE WHEN area_code IS NULL OR substr(area_code, 7, 3) = '000' THEN '' ELSE substr(area_code, 1, 9) END,
            split_part(rule_id, '-', 1), count(*)
        FROM findings WHERE NOT set_apart GROUP BY ALL ORDER BY ALL
    """).fetchall()
    counts: Mapping[tuple[str, str], int] = {(township, group): count for township, group, count in rows}
    groups = sorted({group for _, group, _ in rows})
    words = section("overview", lang)
    return Heat(
        tuple(words.get(f"group_{group.lower()}", group) for group in groups),
        tuple(
            HeatRow(
                line.title,
                line.page,
                f"{line.households:,}",
                tuple(_cell(counts.get((line.code, group), 0), line.households) for group in groups),
            )
            for line in townships
        ),
        tuple((step + 1, _reach(step)) for step in range(len(STEPS))),
    )


def _cell(count: int, households: int) -> Cell:
    if not count:
        return Cell("0", "", 0)
    if not households:
        return Cell(f"{count:,}", "–", 1)
    step = sum(1 for bound in STEPS if count * 100 > bound * households)
    return Cell(f"{count:,}", f"{count * 100 / households:.1f}", step)


def _reach(step: int) -> str:
    low = STEPS[step]
    return f"{low}–{STEPS[step + 1]}" if step + 1 < len(STEPS) else f"> {low}"
