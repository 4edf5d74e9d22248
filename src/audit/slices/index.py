"""Writes the first page of a slice: what it is about, its numbers, and where everything is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audit.language import section, text
from audit.model.shares import percent
from audit.published import Area
from audit.report.ground import Ground
from audit.report.layout import Head
from audit.report.links import INDEX, QUARANTINE, RULES, township_page
from audit.report.written import one_line
from audit.slices.archive import MANIFEST
from audit.slices.book import BOOK
from audit.slices.counts import Counts


@dataclass(frozen=True, slots=True)
class Place:
    """A township, with its page if it has one."""

    title: str
    page: str
    households: str
    flagged: str
    share: str


def build_index(ground: Ground, area: Area, townships: tuple[Area, ...], counts: Counts) -> Path:
    """Write ``index.html`` of a slice.

    Args:
        ground: what all builders of pages are given.
        area: the area of the slice.
        townships: the townships in it, or the one that it is in.
        counts: how many findings of which kind are in it.
    """
    lang, summary = ground.lang, ground.summary
    t = section("slices", lang)
    tiles = (
        (t["households"], f"{summary.households:,}"),
        (t["flagged"], f"{summary.flagged_households:,}"),
        *((text(f"report.findings_{name}", lang), f"{number:,}") for name, number in summary.findings.items()),
        (t["quarantined"], f"{counts.quarantined:,}"),
    )
    notes = [t["about_clue"], t["mask_note" if not ground.show_personal else "personal_note"]]
    for name, number in (
        ("household_elsewhere", counts.household_elsewhere),
        ("area_elsewhere", counts.area_elsewhere),
    ):
        if number:
            notes.append(text(f"slices.{name}", lang, count=f"{number:,}"))
    return ground.write(
        "slice.html.j2",
        Head(INDEX, one_line(area.title), subtitle=text("slices.subtitle", lang, code=area.code)),
        t=t,
        tiles=tiles,
        notes=notes,
        townships=tuple(_place(ground, one) for one in townships),
        files=(
            (RULES, t["to_rules"]),
            (QUARANTINE, t["to_quarantine"]),
            (BOOK, t["to_book"]),
            (MANIFEST, t["to_manifest"]),
        ),
    )


def _place(ground: Ground, area: Area) -> Place:
    page = township_page(area.code)
    return Place(
        title=one_line(area.title),
        page=page if (ground.folder / page).is_file() else "",
        households=f"{area.households:,}",
        flagged=f"{area.flagged_households:,}",
        share=percent(area.flagged_households, area.households),
    )
