"""Writes the pages of a run: those about the whole county, then those of its townships."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from audit.findings.summary import RunSummary
from audit.language import Language
from audit.report.ground import Ground
from audit.report.layout import WHOLE_SITE, Frame, environment
from audit.report.overview import build_overview
from audit.report.places import place_names
from audit.report.rules import RuleFigures, build_rules
from audit.report.township import build_townships
from audit.rulebook import Rulebook

#: Beyond this many flagged households every township page shows its worst ones only, and says so.
HOUSEHOLD_LIMIT = 20_000


def build_pages(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    summary: RunSummary,
    rulebook: Rulebook,
    figures: Mapping[str, RuleFigures],
    *,
    lang: Language = "zh",
    show_personal: bool = False,
    held: bool = False,
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
        lang: language of the pages.
        show_personal: whether names are shown in full.
        held: whether the gate holds the run until a person has looked.
        household_limit: the most households on all pages together.
        on_page: called with the pages done and the pages in all.

    Returns:
        The pages written.
    """
    frame = Frame(summary.run_id, summary.as_of, lang, held, WHOLE_SITE)
    names = place_names(con)
    ground = Ground(con, folder, environment(), frame, summary, rulebook, show_personal, names=names)
    return (
        build_overview(ground),
        *build_rules(ground, figures),
        *build_townships(ground, household_limit, on_page),
    )
