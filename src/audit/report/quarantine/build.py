"""Writes the page of what could not be read, and the workbook beside it."""

from __future__ import annotations

from pathlib import Path

from audit.language import section, text
from audit.report.ground import Ground
from audit.report.layout import Head
from audit.report.links import INDEX, QUARANTINE, QUARANTINE_BOOK
from audit.report.quarantine.book import write_book
from audit.report.quarantine.page import file_faults
from audit.report.quarantine.queries import Kind, groups

KINDS: tuple[Kind, ...] = ("quarantine", "cell_faults")


def build_quarantine(ground: Ground) -> tuple[Path, ...]:
    """Write ``quarantine.html`` and, where anything could not be read, ``quarantine.xlsx``; gives their places."""
    lang, summary = ground.lang, ground.summary
    found = {kind: groups(ground.con, kind) for kind in KINDS}
    counts: dict[tuple[Kind, str], int] = {}
    for kind, own in found.items():
        for group in own:
            counts[kind, group[2]] = counts.get((kind, group[2]), 0) + group[5]
    page = ground.write(
        "quarantine.html.j2",
        Head(QUARANTINE, text("quarantine.title", lang), ((INDEX, text("layout.to_overview", lang)),)),
        t=section("quarantine", lang),
        report=section("report", lang),
        summary=summary,
        rows=file_faults(found["quarantine"], lang, show_personal=ground.show_personal),
        cells=file_faults(found["cell_faults"], lang, show_personal=ground.show_personal),
        book=QUARANTINE_BOOK if counts else "",
    )
    if not counts:
        return (page,)
    book = ground.folder / QUARANTINE_BOOK
    return page, write_book(ground.con, book, counts, lang, show_personal=ground.show_personal)
