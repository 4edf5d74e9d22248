"""Draws the distribution of what a rule measures, and tells it in words and in rows."""

from __future__ import annotations

from dataclasses import dataclass

from audit.language import Language, text
from audit.report.charts import HIGH, MARK, Chart, Mark, histogram
from audit.report.rules.distribution import Distribution
from audit.report.rules.policy import number_written, values_written
from audit.rulebook import Rule, Rulebook
from audit.rulebook.expression import Node
from audit.rulebook.words import unit_word, value_in_words


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart, and the rows of the table that says the same: from, to, not flagged, flagged."""

    chart: Chart
    rows: tuple[tuple[str, ...], ...]


def drawn(rule: Rule, found: Distribution, rulebook: Rulebook, lang: Language) -> Drawn:
    """Draw how the number that a rule measures is distributed over its subjects, with the line it is held against."""
    title = value_in_words(found.measured.number, rulebook, lang)
    unit = _unit(found.measured.number, lang)
    axis = text("rule_page.axis_unit", lang, title=title, unit=unit) if unit else title
    subject = rule.subject.title if lang == "zh" else rule.subject.title_en
    line = value_in_words(found.measured.line, rulebook, lang) if found.measured.line else ""
    marks = [Mark(at, f"{line} {number_written(at)}") for at in found.lines]
    flagged = sum(one.counts[1] for one in found.bins)
    told = [
        text(
            "rule_page.chart_told",
            lang,
            title=title,
            subject=subject,
            known=f"{found.known:,}",
            low=number_written(found.bins[0].low),
            high=number_written(found.bins[-1].high),
            flagged=f"{flagged:,}",
        )
    ]
    if found.lines:
        told.append(text("rule_page.chart_line", lang, line=line, value=values_written(found.lines)))
    if found.below or found.above:
        told.append(text("rule_page.chart_beyond", lang, below=f"{found.below:,}", above=f"{found.above:,}"))
    if found.unknown:
        told.append(text("rule_page.chart_unknown", lang, unknown=f"{found.unknown:,}"))
    kinds = [(text("rule_page.not_flagged", lang), MARK), (text("rule_page.flagged", lang), HIGH)]
    chart = histogram(
        found.bins, marks, kinds, (axis, text("rule_page.axis_count", lang, subject=subject)), " ".join(told)
    )
    rows = tuple(
        (number_written(one.low), number_written(one.high), *(f"{count:,}" for count in one.counts))
        for one in found.bins
    )
    return Drawn(chart, rows)


def _unit(number: Node, lang: Language) -> str:
    """The unit of a single fact; what is worked out of several has none that could be named."""
    return unit_word(number.fact.unit, lang) if number.fact else ""
