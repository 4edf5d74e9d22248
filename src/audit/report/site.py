"""Writes the pages: an overview, and one page per township with its flagged households."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from audit.findings.summary import RunSummary
from audit.language import Language, section, text
from audit.report.environment import templates
from audit.report.pages import (
    fault_lines,
    household_cards,
    left_out,
    page_name,
    rule_rows,
    severity_word,
    table_title,
    township_lines,
)
from audit.report.queries import choose_households, fault_rows, pages_of_findings, quarantine_rows, township_rows
from audit.report.together import together_rows
from audit.rulebook import Parameter
from audit.rulebook.expression import BUILT_IN

#: Beyond this many flagged households every township page shows its worst ones only, and says so.
HOUSEHOLD_LIMIT = 20_000


def build_pages(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    summary: RunSummary,
    parameters: dict[str, Parameter],
    *,
    lang: Language = "zh",
    show_personal: bool = False,
    held: bool = False,
    household_limit: int = HOUSEHOLD_LIMIT,
    on_page: Callable[[int, int], None] = lambda _done, _pages: None,
) -> tuple[Path, ...]:
    """Write ``index.html`` and the township pages of a run.

    Args:
        con: the run's database: findings, rates, households, persons, household_facts, quarantine, cell_faults.
        folder: where the pages go.
        summary: the run's numbers.
        parameters: the parameters by name, for their titles.
        lang: language of the pages.
        show_personal: whether names are shown in full.
        held: whether the gate holds the run until a person has looked.
        household_limit: the most households on all pages together.
        on_page: called with the pages done and the pages in all.

    Returns:
        The pages written.
    """
    environment = templates()
    shared = {
        "lang": lang,
        "html_lang": "zh-CN" if lang == "zh" else "en",
        "t": section("report", lang),
        "advisory": section("advisory", lang),
        "summary": summary,
        "severity_word": lambda severity: severity_word(severity, lang),
        "table_title": lambda table: table_title(table, lang),
    }
    townships = township_lines(township_rows(con), lang)
    written = [folder / "index.html"]
    written[0].write_text(
        environment.get_template("index.html.j2").render(
            **shared,
            held=held,
            gate=section("gate_page", lang),
            rules=rule_rows(summary, lang),
            left_out=left_out(summary, lang),
            townships=townships,
            together=together_rows(summary, lang),
            together_texts=section("cooccurrence", lang),
            notes=[note.message(lang) for note in summary.notes],
            quarantine=fault_lines(quarantine_rows(con), lang, show_personal=show_personal),
            faults=fault_lines(fault_rows(con), lang, show_personal=show_personal),
        ),
        encoding="utf-8",
    )
    rules = {line.status.rule.id: line.status.rule for line in summary.rules}
    titles = {name: text(f"report.{name}", lang) for name in BUILT_IN}
    titles.update({name: one.title if lang == "zh" else one.title_en for name, one in parameters.items()})
    lines = {line.code: line for line in townships}
    choose_households(con, household_limit)
    template = environment.get_template("township.html.j2")
    pages = sum(1 for line in townships if line.page)
    for township, rows in pages_of_findings(con, "message" if lang == "zh" else "message_en"):
        cards = list(household_cards(rows, rules, titles, lang, show_personal=show_personal))
        path = folder / page_name(township)
        path.write_text(template.render(**shared, township=lines[township], households=cards), encoding="utf-8")
        written.append(path)
        on_page(len(written) - 1, pages)
    return tuple(written)
