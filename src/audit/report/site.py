"""Writes the pages of a run: those about the whole county, then those of its townships."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from audit.findings.summary import RunSummary
from audit.language import Language
from audit.model.extent import Extent
from audit.report.areas import build_areas
from audit.report.ground import Ground, Night
from audit.report.layout import WHOLE_SITE, Frame, environment
from audit.report.overview import build_overview
from audit.report.places import place_names
from audit.report.quarantine import build_quarantine
from audit.report.rules import RuleFigures, build_rules
from audit.rulebook import Rulebook

#: The most flagged households of whom pages are made without being asked for, so that a site stays within 60 seconds
#: and 200 MB: those of a county of 100,000 households took 56 seconds and 174 MB. The Parquet has them all.
HOUSEHOLD_LIMIT = 25_000


def build_pages(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    summary: RunSummary,
    rulebook: Rulebook,
    figures: Mapping[str, RuleFigures],
    night: Night,
    *,
    lang: Language = "zh",
    show_personal: bool = False,
    held: bool = False,
    extent: Extent = Extent.AUTO,
    household_limit: int = HOUSEHOLD_LIMIT,
    on_page: Callable[[int, int], None] = lambda _done, _pages: None,
) -> tuple[Path, ...]:
    """Write all pages of a run but that of the gate.

    Args:
        con: the run's database: findings, rates, households, persons, household_facts, quarantine, cell_faults.
        folder: where the pages go.
        summary: the run's numbers.
        rulebook: the rules and parameters.
        figures: what was taken from the facts for the rule pages, by rule id.
        night: what the run is held against: the run before, the gate.
        lang: language of the pages.
        show_personal: whether names are shown in full.
        held: whether the gate holds the run until a person has looked.
        extent: how far down the pages go.
        household_limit: the most flagged households of whom pages are made where nobody asked for them.
        on_page: called with the pages done and the pages in all.

    Returns:
        The pages written.
    """
    frame = Frame(summary.run_id, summary.as_of, lang, held, WHOLE_SITE)
    areas = extent.settled(summary.flagged_households, household_limit) is Extent.TOWNSHIP
    ground = Ground(
        con,
        folder,
        environment(),
        frame,
        summary,
        rulebook,
        night,
        show_personal=show_personal,
        areas=areas,
        names=place_names(con),
    )
    # The pages of the areas come first: they say on which of them each finding stands.
    of_areas = build_areas(ground, on_page) if areas else ()
    return (build_overview(ground), *build_rules(ground, figures), *build_quarantine(ground), *of_areas)
