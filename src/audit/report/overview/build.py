"""Writes the overview."""

from __future__ import annotations

from pathlib import Path

from audit.history.write import TREND_FILE
from audit.language import section, text
from audit.report.ground import Ground
from audit.report.layout import Head
from audit.report.links import INDEX
from audit.report.masking import harmless
from audit.report.overview.heat import heat
from audit.report.overview.page import broken, changes, gate_state, input_rows, left_out, tiles
from audit.report.overview.pictures import rates_chart, trend
from audit.report.overview.together import together_rows
from audit.report.overview.townships import most_flagged, township_lines, township_rows
from audit.report.overview.verified import verified_rows


def build_overview(ground: Ground) -> Path:
    """Write ``index.html``; gives its place."""
    lang, summary = ground.lang, ground.summary
    severities = {
        line.status.rule.id: line.status.rule.severity
        for line in summary.rules
        if not line.status.rule.indicator and line.status.rule.id not in summary.set_apart
    }
    townships = township_lines(township_rows(ground.con), lang, pages=ground.areas)
    shown = most_flagged(townships)
    cut = text("overview.most_flagged", lang, shown=f"{len(shown):,}", count=f"{len(townships):,}")
    subtitle = text("report.subtitle", lang, as_of=summary.as_of, year=summary.year, run_id=summary.run_id)
    return ground.write(
        "overview.html.j2",
        Head(INDEX, text("report.title", lang), subtitle=subtitle),
        t=section("report", lang),
        own=section("overview", lang),
        advisory=section("advisory", lang),
        gate_texts=section("gate_page", lang),
        together_texts=section("cooccurrence", lang),
        summary=summary,
        areas=ground.areas,
        tiles=tiles(summary, lang),
        gate=gate_state(ground.night, lang),
        changes=changes(ground.night, lang),
        notes=[harmless(note.message(lang)) for note in summary.notes],
        broken=broken(ground),
        townships=townships if ground.areas else shown,
        townships_cut="" if ground.areas or shown == townships else cut,
        heat=heat(ground.con, shown, lang),
        heat_cut="" if shown == townships else cut,
        rates=rates_chart(summary, lang),
        verified=verified_rows(ground),
        trend=trend(ground.con, str(ground.folder / TREND_FILE), severities, lang),
        left_out=left_out(summary, lang),
        together=together_rows(summary, lang),
        inputs=input_rows(summary.inputs, lang),
        unread=[harmless(name) for name in summary.unread],
    )
