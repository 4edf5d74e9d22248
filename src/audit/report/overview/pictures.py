"""The charts of the overview: the rules with the highest rates, and what became of the findings from run to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import duckdb

from audit.findings.summary import RunSummary
from audit.language import Language, text
from audit.model.shares import percent
from audit.report.charts import HIGH, LOW, MEDIUM, Bar, Chart, Series, bar_chart, line_chart
from audit.report.masking import harmless
from audit.report.titles import rule_title

#: So many rules are drawn, those with the highest rates; the list of rules has them all.
RULES_DRAWN = 15
#: So many runs are drawn, the last ones.
RUNS_DRAWN = 30
_SEVERITIES = (("high", HIGH), ("medium", MEDIUM), ("low", LOW))


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run: its day, its findings by severity, and how many are new and gone since the run before."""

    as_of: str
    run_id: str
    severities: tuple[int, ...]
    new: int
    gone: int


@dataclass(frozen=True, slots=True)
class Trend:
    """What became of the findings from run to run; without a chart where there is one run only."""

    chart: Chart | None
    runs: tuple[RunLine, ...]


def rates_chart(summary: RunSummary, lang: Language) -> Chart | None:
    """The rules with the highest share of flagged in their population; None if nothing is flagged."""
    counted = [
        line
        for line in summary.rules
        if line.counts.flagged and not line.status.rule.indicator and line.status.rule.id not in summary.set_apart
    ]
    if not counted:
        return None
    highest = sorted(counted, key=lambda line: (-line.counts.flagged / line.counts.population, line.status.rule.id))
    bars = []
    told = []
    for line in highest[:RULES_DRAWN]:
        rule, counts = line.status.rule, line.counts
        rate = percent(counts.flagged, counts.population)
        behind = f"{counts.flagged:,} / {counts.population:,}  ({rate})"
        title = harmless(rule_title(rule, lang))
        bars.append(Bar(_shortened(f"{rule.id} {title}"), counts.flagged * 100 / counts.population, behind))
        told.append(f"{rule.id} {behind}")
    words = text("overview.rates_told", lang, shown=len(bars), count=len(counted), first="; ".join(told[:3]))
    return bar_chart(bars, text("overview.rates_axis", lang), words)


def _shortened(label: str, room: int = 44) -> str:
    """As much of a label as there is room for: a Chinese character takes that of two letters."""
    taken = 0
    for place, character in enumerate(label):
        taken += 1 if character.isascii() else 2
        if taken > room:
            return f"{label[:place]}…"
    return label


def trend(con: duckdb.DuckDBPyConnection, file: str, severities: Mapping[str, str], lang: Language) -> Trend:
    """Read what became of the findings from run to run, and draw it.

    Args:
        con: any database.
        file: ``trend.parquet`` of the run.
        severities: of each rule that has findings which count, its severity today.
        lang: the language.
    """
    rows = con.execute(
        f"""
        WITH runs AS (
            SELECT run_id, max(file_row_number) AS place FROM read_parquet($1, file_row_number = true) GROUP BY run_id
            ORDER BY place DESC LIMIT {RUNS_DRAWN}
        )
        SELECT r.place, CAST(t.as_of AS VARCHAR), t.run_id, t.rule_id, coalesce(t.flagged, 0), t.new,
            t.fixed + t.not_evaluated + t.unit_gone
        FROM read_parquet($1) AS t JOIN runs AS r ON r.run_id = t.run_id ORDER BY r.place, t.rule_id
        """,
        [file],
    ).fetchall()
    lines = []
    for (_, as_of, run_id), group in groupby(rows, key=lambda row: row[:3]):
        own = [row for row in group if row[3] in severities]
        counts = tuple(sum(row[4] for row in own if severities[row[3]] == one) for one, _ in _SEVERITIES)
        lines.append(RunLine(as_of, run_id, counts, sum(row[5] for row in own), sum(row[6] for row in own)))
    if len(lines) < 2:
        return Trend(None, tuple(lines))
    series = [
        Series(text(f"report.{severity}", lang), colour, tuple(line.severities[place] for line in lines))
        for place, (severity, colour) in enumerate(_SEVERITIES)
    ]
    first, last = lines[0], lines[-1]
    told = text(
        "overview.trend_told", lang, runs=len(lines), first=first.as_of, before=f"{sum(first.severities):,}",
        last=last.as_of, now=f"{sum(last.severities):,}",
    )  # fmt: skip
    axes = (text("report.as_of", lang), text("report.findings", lang))
    return Trend(line_chart([line.as_of for line in lines], series, axes, told), tuple(lines))
