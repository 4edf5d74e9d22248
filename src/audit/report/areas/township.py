"""What the page of a township shows of itself and of its villages, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.language import Language, text
from audit.model.shares import percent
from audit.report.areas.rows import VillageRow
from audit.report.areas.told import shown
from audit.report.links import UNKNOWN, sheets_page, village_page


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of a township."""

    title: str
    count: str
    share: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class VillageLine:
    """One village in the list of its township; ``page`` and ``sheets`` are empty where there are none."""

    title: str
    code: str
    page: str
    sheets: str
    households: str
    flagged: str
    share: str
    findings: str
    severe: str
    fresh: str
    hints: str


def area_code(row: VillageRow) -> str | None:
    """The area of a village row as links know it: the village, else its township, else nothing."""
    known = [one for one in (row.village, row.township) if one != UNKNOWN]
    return known[0] if known else None


def township_title(row: VillageRow, lang: Language) -> str:
    """What a township is called: county and name, else its code."""
    if row.township == UNKNOWN:
        return text("areas.no_township", lang)
    return " ".join(shown(name) for name in row.names[:2] if name) or row.township


def village_title(row: VillageRow, lang: Language) -> str:
    """What a village is called: its name, else its code."""
    if row.village == UNKNOWN:
        return text("areas.no_village" if row.township != UNKNOWN else "areas.no_area", lang)
    return shown(row.names[2]) or row.village


def village_line(row: VillageRow, lang: Language) -> VillageLine:
    """A village's numbers."""
    area = area_code(row)
    return VillageLine(
        title=village_title(row, lang),
        code="" if row.village == UNKNOWN else row.village,
        page=village_page(area) if row.pages else "",
        sheets=sheets_page(area) if row.sheet_pages else "",
        households=f"{row.households:,}",
        flagged=f"{row.flagged:,}",
        share=percent(row.flagged, row.households),
        findings=f"{row.findings:,}",
        severe=f"{row.severe:,}",
        fresh=f"{row.fresh:,}",
        hints=f"{row.hints:,}",
    )


def tiles(rows: Sequence[VillageRow], lang: Language) -> tuple[Tile, ...]:
    """The township's own numbers, added up over its villages."""
    households, flagged = sum(row.households for row in rows), sum(row.flagged for row in rows)
    hints = sum(row.hints for row in rows)
    told = [
        Tile(text("report.households", lang), f"{households:,}"),
        Tile(text("report.flagged_households", lang), f"{flagged:,}", percent(flagged, households)),
        Tile(text("report.findings", lang), f"{sum(row.findings for row in rows):,}"),
        Tile(text("report.findings_high", lang), f"{sum(row.severe for row in rows):,}", style="high"),
        Tile(text("areas.fresh", lang), f"{sum(row.fresh for row in rows):,}"),
    ]
    if hints:
        told.append(Tile(text("advisory.findings", lang), f"{hints:,}"))
    return tuple(told)
