"""Puts a report together: figures and sentences, in one language, from a run's folder alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from audit.contract import TABLES, Personal
from audit.history.absent import REASONS
from audit.history.presence import PRESENCES
from audit.language import Language, text
from audit.model.areas import Level
from audit.model.shares import percent
from audit.published import Area, PublishedRun, RuleState
from audit.report.masking import mask
from audit.report.written import one_line
from audit.rulebook import Rule
from audit.word.cases import CaseRow, case_rows
from audit.word.figures import (
    BELOW,
    RuleFigures,
    area_figures,
    flagged_households,
    presences,
    rule_figures,
    severities,
)
from audit.word.report import AreaRow, Case, ChangeRow, InputRow, LeftOut, Remedy, Report, RuleRow, Section
from audit.word.sections import in_plan_order, numbered, section_title


@dataclass(frozen=True)
class _About:
    """Of what a report is made: a run, its files, the area, the language."""

    run: PublishedRun
    con: duckdb.DuckDBPyConnection
    area: Area | None
    lang: Language

    def title(self, rule: Rule) -> str:
        return rule.title if self.lang == "zh" else rule.title_en

    def remedy(self, rule: Rule) -> str:
        return (rule.remedy if self.lang == "zh" else rule.remedy_en).rstrip("。.")

    def say(self, key: str, **values: object) -> str:
        return text(f"county.{key}", self.lang, **values)

    @property
    def evaluated(self) -> dict[str, list[RuleState]]:
        """The rules that were evaluated, by section, both in order."""
        states = [state for state in self.run.rules if state.status == "evaluated"]
        sections = in_plan_order(state.rule.section for state in states)
        return {one: [state for state in states if state.rule.section == one] for one in sections}

    @property
    def households(self) -> int:
        return self.area.households if self.area else self.run.counts["households"]


def compose(run: PublishedRun, con: duckdb.DuckDBPyConnection, area: Area | None, place: str, lang: Language) -> Report:
    """Put a report together.

    Args:
        run: the run.
        con: its files, as ``audit.published.opened`` gives them for the area.
        area: the part that the report is about; None for all of the run.
        place: what that is called.
        lang: language of the report.
    """
    about = _About(run, con, area, lang)
    level: Level = area.level if area else "all"
    return Report(
        title=about.say("title", place=one_line(place)),
        area=one_line(place),
        day=_day(run.as_of, lang),
        year=str(run.year),
        run_id=run.run_id,
        situation=_situation(about),
        sections=_sections(about),
        cases=_cases(about),
        changes=_changes(about),
        change_rows=_change_rows(about),
        areas=_areas(about, BELOW[level]) if level in BELOW else (),
        inputs=() if area else _inputs(about),
        left_out=_left_out(about),
    )


def _day(day: date, lang: Language) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else day.isoformat()


def _situation(about: _About) -> tuple[str, ...]:
    run, homes = about.run, about.households
    flagged = flagged_households(about.con)
    found = severities(about.con)
    evaluated = sum(len(states) for states in about.evaluated.values())
    audited = about.say("audited", day=_day(run.as_of, about.lang), year=run.year, rules=evaluated, all=len(run.rules))
    if about.area:
        ((quarantined,),) = about.con.execute("SELECT count(*) FROM quarantine").fetchall()
        data = about.say("data_of_area", households=f"{homes:,}", quarantined=f"{quarantined:,}")
    else:
        rows = {what: f"{run.rows(what):,}" for what in ("read", "accepted", "quarantined")}
        data = about.say("data", households=f"{homes:,}", persons=f"{run.counts['persons']:,}", **rows)
    counted = {name: f"{number:,}" for name, number in found.items()}
    total = found["high"] + found["medium"] + found["low"]
    share = percent(flagged, homes)
    outcome = about.say(
        "found", flagged=f"{flagged:,}", households=f"{homes:,}", share=share, total=f"{total:,}", **counted
    )
    hints = (about.say("hints", count=counted["advisory"]),) if found["advisory"] else ()
    return (audited, data, outcome, *hints, about.say("clue"))


def _sections(about: _About) -> tuple[Section, ...]:
    figures = rule_figures(about.con, about.area)
    found = dict(about.con.execute("SELECT rule_id, count(*) FROM findings GROUP BY rule_id").fetchall())
    return tuple(
        _section(about, place, name, states, figures, found)
        for place, (name, states) in enumerate(about.evaluated.items(), start=1)
    )


def _section(
    about: _About,
    place: int,
    name: str,
    states: Sequence[RuleState],
    figures: Mapping[str, RuleFigures],
    found: Mapping[str, int],
) -> Section:
    asked = [state.rule for state in states if not state.rule.indicator and state.rule.id not in about.run.set_apart]
    total = sum(found.get(rule.id, 0) for rule in asked)
    homes = flagged_households(about.con, [rule.id for rule in asked])
    with_findings = [rule for rule in asked if found.get(rule.id)]
    summary = about.say(
        "section_summary" if total else "section_clear" if asked else "section_counted",
        rules=len(asked),
        with_findings=len(with_findings),
        total=f"{total:,}",
        households=f"{homes:,}",
        all=f"{about.households:,}",
        share=percent(homes, about.households),
    )
    remedies = tuple(
        Remedy(rule.id, about.title(rule), f"{found[rule.id]:,}", about.remedy(rule)) for rule in with_findings
    )
    rows = tuple(_rule_row(about, state.rule, figures.get(state.rule.id, RuleFigures())) for state in states)
    return Section(numbered(place, about.lang), section_title(name, about.lang), summary, rows, remedies)


def _rule_row(about: _About, rule: Rule, figures: RuleFigures) -> RuleRow:
    severity = "advisory" if rule.id in about.run.set_apart else rule.severity or "indicator"
    return RuleRow(
        id=rule.id,
        title=about.title(rule),
        severity=text("advisory.word", about.lang)
        if severity == "advisory"
        else text(f"report.{severity}", about.lang),
        share=f"{figures.flagged:,} / {figures.population:,}",
        rate=percent(figures.flagged, figures.population),
        undecided=f"{figures.undecided:,}",
        households=f"{figures.households:,}",
    )


def _cases(about: _About) -> tuple[Case, ...]:
    sections = {
        name: [state.rule.id for state in states if state.rule.id not in about.run.set_apart]
        for name, states in about.evaluated.items()
    }
    rows = case_rows(about.con, sections, "message" if about.lang == "zh" else "message_en")
    listed = [row for found in rows.values() for row in found]
    return tuple(_case(about, place, row) for place, row in enumerate(listed, start=1))


def _case(about: _About, place: int, row: CaseRow) -> Case:
    rule = about.run.rulebook.rule(row.rule_id)
    source = f"{one_line(row.file)} [{one_line(row.sheet)}]" if row.sheet else one_line(row.file)
    return Case(
        number=str(place),
        who=about.say(
            "case_who",
            village=one_line(row.village),
            head=one_line(mask(row.head, Personal.NAME)),
            household=one_line(row.household_id),
        ),
        what=about.say(
            "case_what", rule=row.rule_id, title=about.title(rule) if rule else "", message=one_line(row.message)
        ),
        source=about.say("case_source", source=source, row=row.row),
    )


def _changes(about: _About) -> tuple[str, ...]:
    before = about.run.run.previous
    if before is None:
        return (about.say("no_previous"),)
    counted = presences(about.con)
    totals = {name: f"{sum(one.get(name, 0) for one in counted.values()):,}" for name in (*PRESENCES, *REASONS)}
    return (about.say("compared", run=before, **totals), about.say("fixed_means"))


def _change_rows(about: _About) -> tuple[ChangeRow, ...]:
    if about.run.run.previous is None:
        return ()
    rows = []
    for rule_id, counts in presences(about.con).items():
        if not set(counts) - {"unchanged"}:
            continue
        rule = about.run.rulebook.rule(rule_id)
        numbers = {name: f"{counts.get(name, 0):,}" for name in (*PRESENCES, *REASONS)}
        rows.append(ChangeRow(id=rule_id, title=about.title(rule) if rule else "", **numbers))
    order = {state.rule.id: place for place, state in enumerate(about.run.rules)}
    return tuple(sorted(rows, key=lambda row: (order.get(row.id, len(order)), row.id)))


def _areas(about: _About, level: Level) -> tuple[AreaRow, ...]:
    return tuple(
        AreaRow(
            one_line(one.name) or one.code,
            f"{one.households:,}",
            f"{one.flagged:,}",
            percent(one.flagged, one.households),
            *(f"{number:,}" for number in (one.high, one.medium, one.low)),
        )
        for one in area_figures(about.con, level)
    )


def _inputs(about: _About) -> tuple[InputRow, ...]:
    return tuple(
        InputRow(
            TABLES[line.table].title if about.lang == "zh" else TABLES[line.table].title_en,
            f"{one_line(line.file)} [{one_line(line.sheet)}]" if line.sheet else one_line(line.file),
            *(f"{number:,}" for number in (line.rows_read, line.rows_accepted, line.rows_quarantined)),
        )
        for line in about.run.inputs
        if not line.derived
    )


def _left_out(about: _About) -> tuple[LeftOut, ...]:
    reasons: dict[str, list[str]] = {}
    for state in about.run.rules:
        if state.status != "evaluated":
            words = f"{state.rule.id} {about.title(state.rule)}"
            reason = state.reasons.get(about.lang, "") or text(f"report.{state.status}", about.lang)
            reasons.setdefault(reason, []).append(words)
    joined = "；" if about.lang == "zh" else "; "
    return tuple(LeftOut(one_line(reason), joined.join(rules)) for reason, rules in reasons.items())
