"""Writes one page per township with its flagged households."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from audit.language import section, text
from audit.report.ground import Ground
from audit.report.layout import Head
from audit.report.links import INDEX, township_page
from audit.report.pages import household_cards, township_lines
from audit.report.queries import choose_households, pages_of_findings, township_rows
from audit.report.titles import severity_word
from audit.rulebook.expression import BUILT_IN


def build_townships(ground: Ground, household_limit: int, on_page: Callable[[int, int], None]) -> tuple[Path, ...]:
    """Write the pages of the townships that have a finding; gives their places.

    Args:
        ground: what all builders of pages are given.
        household_limit: the most households on all pages together.
        on_page: called with the pages done and the pages in all.
    """
    lang, summary = ground.lang, ground.summary
    rules = {line.status.rule.id: line.status.rule for line in summary.rules}
    titles = {name: text(f"report.{name}", lang) for name in BUILT_IN}
    titles.update(
        {name: one.title if lang == "zh" else one.title_en for name, one in ground.rulebook.parameters.items()}
    )
    lines = {line.code: line for line in township_lines(township_rows(ground.con), lang)}
    choose_households(ground.con, household_limit)
    pages = sum(1 for line in lines.values() if line.page)
    written: list[Path] = []
    for code, rows in pages_of_findings(ground.con, "message" if lang == "zh" else "message_en"):
        cards = list(household_cards(rows, rules, titles, lang, show_personal=ground.show_personal))
        head = Head(
            township_page(code and f"{code}000"), lines[code].title, ((INDEX, text("layout.to_overview", lang)),)
        )
        written.append(
            ground.write(
                "township.html.j2",
                head,
                t=section("report", lang),
                advisory=section("advisory", lang),
                severity_word=lambda severity: severity_word(severity, lang),
                township=lines[code],
                households=cards,
            )
        )
        on_page(len(written), pages)
    return tuple(written)
