"""Writes the list of rules and a page for each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.engine.print_rule import rule_sql
from audit.engine.values_in_force import InForce, all_in_force
from audit.findings.summary import RuleLine
from audit.language import section, text
from audit.model.shares import percent
from audit.report.ground import Ground
from audit.report.layout import Head
from audit.report.links import INDEX, RULES, rule_page
from audit.report.masking import harmless
from audit.report.measured_words import measured_words
from audit.report.rules.drawn import drawn
from audit.report.rules.figures import RuleFigures
from audit.report.rules.page import (
    RulePage,
    area_lines,
    finding_lines,
    more,
    state_of,
    tiles,
    together_lines,
    undecided_lines,
)
from audit.report.rules.policy import condition_lines, parameter_lines
from audit.report.rules.queries import RuleRows, rule_rows
from audit.report.titles import rule_title, severity_of, severity_word
from audit.rulebook.words import fact_title

#: The most charts on all rule pages together; those of the rules with the most flagged are drawn.
CHARTS = 60


@dataclass(frozen=True, slots=True)
class ListLine:
    """One rule in the list of rules."""

    rule_id: str
    title: str
    page: str
    severity: str
    style: str
    share: str
    rate: str
    undecided: str
    not_applicable: str
    state: str
    measured: str


def build_rules(
    ground: Ground, figures: Mapping[str, RuleFigures], on_page: Callable[[], None] = lambda: None
) -> tuple[Path, ...]:
    """Write ``rules/index.html`` and the pages of all rules, also of those that were not evaluated; gives their places.

    Args:
        ground: what all builders of pages are given.
        figures: what was taken from the facts, by rule id.
        on_page: called when a page is done.
    """
    summary, lang = ground.summary, ground.lang
    lines = [_list_line(ground, line) for line in summary.rules]
    head = Head(RULES, text("rule_page.list_title", lang), ((INDEX, text("layout.to_overview", lang)),))
    texts = section("rule_page", lang)
    written = [ground.write("rules.html.j2", head, t=texts, report=section("report", lang), rules=lines)]
    message = "message" if lang == "zh" else "message_en"
    rows = rule_rows(ground.con, ground.folder, message, areas=ground.areas)
    in_force = all_in_force(ground.rulebook.parameters, summary.year)
    measured = [one for one in summary.rules if _figures(figures, one).distribution]
    charted = {
        one.status.rule.id
        for one in sorted(measured, key=lambda one: (-one.counts.flagged, one.status.rule.id))[:CHARTS]
    }
    for line in summary.rules:
        rule = line.status.rule
        crumbs = ((INDEX, text("layout.to_overview", lang)), (RULES, text("rule_page.list_title", lang)))
        head = Head(rule_page(rule.id), f"{rule.id} {harmless(rule_title(rule, lang))}", crumbs)
        page = _page(ground, line, _figures(figures, line), rows, in_force, chart=rule.id in charted)
        written.append(ground.write("rule.html.j2", head, t=texts, report=section("report", lang), page=page))
        on_page()
    return tuple(written)


def _figures(figures: Mapping[str, RuleFigures], line: RuleLine) -> RuleFigures:
    return figures.get(line.status.rule.id, RuleFigures())


def _list_line(ground: Ground, line: RuleLine) -> ListLine:
    rule, counts, lang = line.status.rule, line.counts, ground.lang
    evaluated = line.status.status == "evaluated"
    style = severity_of(rule, ground.summary.set_apart)
    return ListLine(
        rule_id=rule.id,
        title=harmless(rule_title(rule, lang)),
        page=rule_page(rule.id),
        severity=severity_word(style, lang),
        style=style,
        share=f"{counts.flagged:,} / {counts.population:,}" if evaluated else "",
        rate=percent(counts.flagged, counts.population) if evaluated else "",
        undecided=f"{counts.undecided:,}" if evaluated else "",
        not_applicable=f"{counts.not_applicable:,}" if evaluated else "",
        state=state_of(line, lang),
        measured=measured_words(ground.night.measured.get(rule.id), lang),
    )


def _page(
    ground: Ground,
    line: RuleLine,
    figures: RuleFigures,
    rows: RuleRows,
    in_force: Mapping[str, InForce],
    *,
    chart: bool,
) -> RulePage:
    """The context of one rule's page."""
    rule, lang, summary = line.status.rule, ground.lang, ground.summary
    rules = {one.status.rule.id: one.status.rule for one in summary.rules}
    areas = rows.areas.get(rule.id, [])
    larger = [row for row in areas if row.level != "village"]
    findings = finding_lines(rows.findings.get(rule.id, []), rule, ground.names, lang)
    undecided = undecided_lines(figures, ground.names, lang)
    style = severity_of(rule, summary.set_apart)
    picture = drawn(rule, figures.distribution, ground.rulebook, lang) if chart and figures.distribution else None
    return RulePage(
        rule_id=rule.id,
        title=harmless(rule_title(rule, lang)),
        severity=severity_word(style, lang),
        style=style,
        section=harmless(rule.section),
        subject=rule.subject.title if lang == "zh" else rule.subject.title_en,
        state=state_of(line, lang),
        measured=measured_words(ground.night.measured.get(rule.id), lang),
        tiles=tiles(line, lang) if line.status.status == "evaluated" else (),
        conditions=condition_lines(rule, ground.rulebook, lang),
        parameters=parameter_lines(rule, in_force, lang),
        message=harmless(rule.message if lang == "zh" else rule.message_en),
        remedy=harmless(rule.remedy if lang == "zh" else rule.remedy_en),
        inspect=harmless(rule.inspect if lang == "zh" else rule.inspect_en),
        chart=picture.chart if picture else None,
        bars=picture.rows if picture else (),
        areas=area_lines(larger, ground.names, pages=ground.areas),
        more_areas=more(
            len(larger), sum({row.level: row.areas for row in larger}.values()), "rule_page.more_areas", lang
        ),
        villages=area_lines([row for row in areas if row.level == "village"], ground.names, pages=ground.areas),
        together=together_lines(rows.together.get(rule.id, []), rules, lang),
        findings=findings,
        more_findings=""
        if rule.indicator
        else more(len(findings), line.counts.flagged, "rule_page.more_findings", lang),
        deciding=tuple(fact_title(fact, lang) for fact in figures.deciding),
        undecided=undecided,
        more_undecided=more(len(undecided), line.counts.undecided, "rule_page.more_undecided", lang),
        runs=tuple(rows.runs.get(rule.id, [])),
        sql=harmless(rule_sql(rule, ground.rulebook, summary.as_of, summary.year, findings=False, in_force=in_force)),
    )
