"""Writes the pages of townships and villages and the visit sheets: what a clerk works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from audit.history.presence import PRESENCES
from audit.language import Language, section, text
from audit.report.areas.card import Card
from audit.report.areas.cards import CardMaker
from audit.report.areas.finder import Index
from audit.report.areas.places import HINTS, HOUSEHOLDS, OTHERS, place_entries
from audit.report.areas.queries import pick_rows, read_entries, village_rows
from audit.report.areas.quick import cells, pairs, texts
from audit.report.areas.rows import VillageRow
from audit.report.areas.told import Notes, Teller
from audit.report.areas.township import area_code, tiles, township_title, village_line, village_title
from audit.report.areas.visit_sheet import visit_sheets
from audit.report.ground import Ground
from audit.report.layout import Head
from audit.report.links import INDEX, relative, rule_page, sheets_page, township_page, village_page
from audit.report.titles import column_title, severity_word

_STYLE = ("areas/areas.css",)
_SEVERITIES = ("high", "medium", "low")


def build_areas(ground: Ground, on_page: Callable[[int, int], None] = lambda _done, _pages: None) -> tuple[Path, ...]:
    """Write the pages of all townships and their villages, and the visit sheets; gives their places.

    Args:
        ground: what all builders of pages are given; ``con`` also has incomes and posts.
        on_page: called with the townships done and the townships in all.
    """
    place_entries(ground.con)
    message = "message" if ground.lang == "zh" else "message_en"
    pick_rows(ground.con, ground.folder, ground.summary.as_of, ground.summary.year, message)
    builder = _Builder.of(ground)
    townships = [tuple(group) for _, group in groupby(village_rows(ground.con), key=lambda row: row.township)]
    written: list[Path] = []
    for done, villages in enumerate(townships, 1):
        written += builder.township(villages)
        on_page(done, len(townships))
    return tuple(written)


@dataclass(frozen=True)
class _Builder:
    """Writes the pages of one township after the other.

    Attributes:
        ground: what all builders of pages are given.
        maker: makes the cards.
        words: what the templates of all these pages share.
    """

    ground: Ground
    maker: CardMaker
    words: dict[str, object]

    @classmethod
    def of(cls, ground: Ground) -> _Builder:
        lang, summary = ground.lang, ground.summary
        teller = Teller({rule.id: rule for rule in ground.rulebook.rules}, ground.rulebook.parameters, lang)
        t = section("areas", lang)

        def heads(table: str, *columns: str) -> tuple[str, ...]:
            return tuple(t[one[1:]] if one.startswith("=") else column_title(table, one, lang) for one in columns)

        words: dict[str, object] = {
            "t": texts(t),
            "report": texts(section("report", lang)),
            "advisory": texts(section("advisory", lang)),
            "badges": {name: _badge(name, lang) for name in (*_SEVERITIES, "advisory")},
            # All pages of villages lie equally deep.
            "rule_links": {one: _rule_link(one) for one in teller.rules},
            "cells": cells,
            "pairs": pairs,
            "presences": {name: text(f"history.{name}", lang) for name in PRESENCES},
            "member_heads": heads(
                "persons", "name", "relation", "sex", "=age", "id_number", "=condition", "labour_ability", "=gone"
            ),
            "post_heads": heads(
                "posts", "=holder", "post_type", "started_on", "ended_on", "annual_pay", "attendance_days"
            ),
            "past_heads": tuple(t[name] for name in ("rule_id", "rule", "about", "first_seen", "last_seen", "now")),
        }
        return cls(ground, CardMaker(teller, summary.year, summary.as_of, ground.show_personal), words)

    def township(self, rows: Sequence[VillageRow]) -> Iterator[Path]:
        """Write one township: its villages first, so that its own page knows where everybody stands."""
        lang = self.ground.lang
        title = township_title(rows[0], lang)
        by_code = {row.village: row for row in rows}
        index = Index(self.maker.teller.rules, lang)
        for code, entries in groupby(read_entries(self.ground.con, rows[0].township), key=lambda one: one.village):
            row = by_code[code]
            for number, page in groupby(entries, key=lambda one: one.page):
                notes = Notes()
                cards = tuple(self.maker.card(entry, notes) for entry in page)
                index.add(code, village_title(row, lang), cards)
                yield from self._village(row, title, number, cards, notes)
        yield self._index(rows, title, index)

    def _village(
        self, row: VillageRow, township: str, number: int, cards: Sequence[Card], notes: Notes
    ) -> Iterator[Path]:
        lang, area, t = self.ground.lang, area_code(row), section("areas", self.ground.lang)
        line = village_line(row, lang)
        crumbs = ((INDEX, text("layout.to_overview", lang)), (township_page(area), township))
        sheets = visit_sheets(cards, lang)
        place = sheets_page(area, number) if sheets else ""
        yield self.ground.write(
            "areas/village.html.j2",
            Head(
                village_page(area, number),
                line.title,
                crumbs,
                subtitle=text(
                    "report.township_line",
                    lang,
                    households=line.households,
                    flagged=line.flagged,
                    share=line.share,
                    findings=line.findings,
                ),
                styles=_STYLE,
            ),
            **self.words,
            cards=cards,
            sheets=place,
            sheets_link=relative(village_page(area, number), place),
            number=number,
            pages=row.pages,
            page_of=lambda other: village_page(area, other),
            parts=((HOUSEHOLDS, t["part_households"]), (OTHERS, t["part_others"]), (HINTS, t["part_hints"])),
            notes=tuple(notes.told),
        )
        if sheets:
            yield self.ground.write(
                "areas/sheets.html.j2",
                Head(
                    place,
                    text("areas.sheets_of", lang, village=line.title),
                    (*crumbs, (village_page(area, number), line.title)),
                    scripts=("areas/sheets.js",),
                    styles=(*_STYLE, "areas/sheets.css"),
                ),
                **self.words,
                sheets=sheets,
                place=f"{township} {line.title}",
                answers="\n".join(t[f"answer_{name}"] for name in ("true", "false", "mended", "unclear")),
                run=text("layout.run", lang, as_of=self.ground.frame.as_of, run_id=self.ground.frame.run_id),
            )

    def _index(self, rows: Sequence[VillageRow], title: str, index: Index) -> Path:
        lang = self.ground.lang
        severities = [(name, severity_word(name, lang)) for name in _SEVERITIES]
        if any(row.hints for row in rows):
            severities.append(("advisory", severity_word("advisory", lang)))
        return self.ground.write(
            "areas/township.html.j2",
            Head(
                township_page(area_code(rows[0])),
                title,
                ((INDEX, text("layout.to_overview", lang)),),
                scripts=("areas/finder.js",),
                styles=_STYLE,
            ),
            **self.words,
            tiles=tiles(rows, lang),
            villages=tuple(village_line(row, lang) for row in rows),
            hints=any(row.hints for row in rows),
            severities=severities,
            index=index.written(),
        )


def _badge(severity: str, lang: Language) -> Markup:
    return Markup('<span class="badge {}">{}</span>').format(severity, severity_word(severity, lang))


def _rule_link(rule_id: str) -> Markup:
    page = relative(village_page(None), rule_page(rule_id))
    return Markup('<a class="id" href="{}">{}</a>').format(page, rule_id)
