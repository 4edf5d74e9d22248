"""Writes the overview."""

from __future__ import annotations

from pathlib import Path

from audit.language import section, text
from audit.report.ground import Ground
from audit.report.layout import Head
from audit.report.links import INDEX
from audit.report.pages import fault_lines, left_out, rule_rows, township_lines
from audit.report.queries import fault_rows, quarantine_rows, township_rows
from audit.report.titles import severity_word, table_title
from audit.report.together import together_rows


def build_overview(ground: Ground) -> Path:
    """Write ``index.html``; gives its place."""
    lang, summary = ground.lang, ground.summary
    head = Head(
        INDEX,
        text("report.title", lang),
        subtitle=text("report.subtitle", lang, as_of=summary.as_of, year=summary.year, run_id=summary.run_id),
    )
    return ground.write(
        "overview.html.j2",
        head,
        t=section("report", lang),
        advisory=section("advisory", lang),
        summary=summary,
        severity_word=lambda severity: severity_word(severity, lang),
        table_title=lambda table: table_title(table, lang),
        rules=rule_rows(summary, lang),
        left_out=left_out(summary, lang),
        townships=township_lines(township_rows(ground.con), lang),
        together=together_rows(summary, lang),
        together_texts=section("cooccurrence", lang),
        notes=[note.message(lang) for note in summary.notes],
        quarantine=fault_lines(quarantine_rows(ground.con), lang, show_personal=ground.show_personal),
        faults=fault_lines(fault_rows(ground.con), lang, show_personal=ground.show_personal),
    )
