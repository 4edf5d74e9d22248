"""The context of a rule's page: frozen values, harmless already, that the template only lays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.findings.summary import RuleLine
from audit.language import Language, text
from audit.model.shares import percent
from audit.report.charts import Chart
from audit.report.links import entry_anchor, rule_page, township_page, village_page
from audit.report.masking import harmless
from audit.report.rules.figures import RuleFigures
from audit.report.rules.policy import ConditionLine, ParameterLine
from audit.report.rules.queries import AreaRow, FindingRow, RunRow, TogetherRow
from audit.report.titles import rule_title, source_name
from audit.rulebook import Rule


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with its denominator."""

    title: str
    count: str
    share: str = ""


@dataclass(frozen=True, slots=True)
class AreaLine:
    """What the rule counted in one area."""

    level: str
    code: str
    title: str
    page: str
    share: str
    rate: str
    clear: str
    undecided: str
    not_applicable: str
    households: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding of the rule."""

    subject: str
    household: str
    area: str
    page: str
    message: str
    presence: str
    first_seen: str
    source: str


@dataclass(frozen=True, slots=True)
class UndecidedLine:
    """One subject about which the rule can't decide."""

    subject: str
    area: str
    facts: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class TogetherLine:
    """Another rule that flags the same households."""

    rule_id: str
    title: str
    page: str
    of_rule: str
    of_other: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """What a rule's page shows.

    Attributes:
        rule_id, title, severity, style, section, subject: what kind of rule it is.
        state: why it was not evaluated, or how it broke; empty if it was evaluated.
        measured: how often inspectors found it right; empty if nobody has measured it.
        tiles: its numbers.
        conditions, parameters: what it says, and by which values.
        message, remedy, inspect: the sentence of a finding, what to do, what the inspector looks at.
        chart: the distribution of what it measures, if it is drawn.
        bars: the same as rows of a table: from, to, not flagged, flagged.
        areas, villages: what it counted there; the villages are those with the most flagged.
        more_areas: what is said where not all counties and townships are listed.
        together: rules that flag the same households.
        findings, more_findings: the first of its findings, and what is said of the rest.
        deciding, undecided, more_undecided: the same of the undecided, with the titles of the deciding facts.
        runs: what it counted in the last runs.
        sql: how it was computed.
    """

    rule_id: str
    title: str
    severity: str
    style: str
    section: str
    subject: str
    state: str
    measured: str
    tiles: tuple[Tile, ...]
    conditions: tuple[ConditionLine, ...]
    parameters: tuple[ParameterLine, ...]
    message: str
    remedy: str
    inspect: str
    chart: Chart | None
    bars: tuple[tuple[str, ...], ...]
    areas: tuple[AreaLine, ...]
    more_areas: str
    villages: tuple[AreaLine, ...]
    together: tuple[TogetherLine, ...]
    findings: tuple[FindingLine, ...]
    more_findings: str
    deciding: tuple[str, ...]
    undecided: tuple[UndecidedLine, ...]
    more_undecided: str
    runs: tuple[RunRow, ...]
    sql: str


def tiles(line: RuleLine, lang: Language) -> tuple[Tile, ...]:
    """The numbers of an evaluated rule over the whole registry."""
    counts = line.counts
    decided = counts.flagged + counts.clear
    shown = [
        Tile(text("rule_page.population", lang), f"{counts.population:,}"),
        Tile(
            text("rule_page.flagged", lang),
            f"{counts.flagged:,}",
            text("rule_page.of_population", lang, share=percent(counts.flagged, counts.population)),
        ),
        Tile(
            text("rule_page.clear", lang),
            f"{counts.clear:,}",
            text("rule_page.of_decided", lang, share=percent(counts.flagged, decided)),
        ),
        Tile(text("report.undecided", lang), f"{counts.undecided:,}"),
        Tile(text("report.not_applicable", lang), f"{counts.not_applicable:,}"),
    ]
    if line.status.rule.subject.name != "household":
        shown.append(Tile(text("rule_page.households_flagged", lang), f"{counts.households_flagged:,}"))
    if counts.measure_sum is not None:
        mean = counts.measure_mean if counts.measure_mean is not None else "–"
        shown.append(
            Tile(text("rule_page.measure_sum", lang), counts.measure_sum, text("rule_page.mean", lang, mean=mean))
        )
    return tuple(shown)


def area_lines(rows: Sequence[AreaRow], names: Mapping[str, str], *, pages: bool) -> tuple[AreaLine, ...]:
    """What a rule counted in each area, with a link to the area's page where there is one."""
    return tuple(
        AreaLine(
            level=row.level,
            code=row.area_code,
            title=names.get(row.area_code) or row.area_code,
            page=township_page(row.area_code) if pages and row.level != "county" and row.flagged else "",
            share=f"{row.flagged:,} / {row.population:,}",
            rate=percent(row.flagged, row.population),
            clear=f"{row.clear:,}",
            undecided=f"{row.undecided:,}",
            not_applicable=f"{row.not_applicable:,}",
            households=f"{row.households_flagged:,}",
        )
        for row in rows
    )


def finding_lines(
    rows: Sequence[FindingRow], rule: Rule, names: Mapping[str, str], lang: Language
) -> tuple[FindingLine, ...]:
    """The findings of a rule, without anybody's name: the area pages have those."""
    return tuple(
        FindingLine(
            subject=harmless(row.subject_id),
            household=harmless(row.household_id) if rule.subject.name != "household" else "",
            area=area_name(row.area_code, names),
            page=_card(row),
            message=harmless(row.message),
            presence=text(f"history.{row.presence}", lang),
            first_seen=row.first_seen,
            source=text("rule_page.source", lang, file=source_name(row.file, row.sheet), row=row.row),
        )
        for row in rows
    )


def _card(row: FindingRow) -> str:
    """Where the card of the finding's household, or of its subject, stands; empty without pages of areas."""
    if row.page is None:
        return ""
    kind = "household" if row.household_id else row.subject_type
    return f"{village_page(row.area_code, row.page)}#{entry_anchor(kind, row.household_id or row.subject_id)}"


def area_name(area_code: str | None, names: Mapping[str, str]) -> str:
    """Township and village as people say them; the code where the registry has no name."""
    if not area_code:
        return ""
    told = [names.get(f"{area_code[:9]}000", ""), names.get(area_code, "") if not area_code.endswith("000") else ""]
    return " ".join(filter(None, told)) or area_code


def undecided_lines(figures: RuleFigures, names: Mapping[str, str], lang: Language) -> tuple[UndecidedLine, ...]:
    """The subjects about which a rule can't decide, with what is known of them."""
    return tuple(
        UndecidedLine(
            harmless(row.subject_id),
            area_name(row.area_code, names),
            tuple(harmless(fact) for fact in row.facts),
            text("rule_page.source", lang, file=source_name(row.file, row.sheet), row=row.row) if row.row else "",
        )
        for row in figures.undecided
    )


def together_lines(rows: Sequence[TogetherRow], rules: Mapping[str, Rule], lang: Language) -> tuple[TogetherLine, ...]:
    """The rules that flag the same households, each with its own number of households as denominator."""
    return tuple(
        TogetherLine(
            row.rule_id,
            rule_title(rules[row.rule_id], lang),
            rule_page(row.rule_id),
            f"{row.households:,} / {row.households_rule:,} ({percent(row.households, row.households_rule)})",
            f"{row.households:,} / {row.households_other:,} ({percent(row.households, row.households_other)})",
        )
        for row in rows
    )


def state_of(line: RuleLine, lang: Language) -> str:
    """Why a rule has no numbers; empty if it has some."""
    if line.status.status == "evaluated":
        return ""
    reason = line.status.reason.message(lang) if line.status.reason else ""
    return harmless(f"{text(f'report.{line.status.status}', lang)} {reason}".strip())


def more(shown: int, count: int, key: str, lang: Language) -> str:
    """What is said where a list is not whole."""
    return text(key, lang, shown=f"{shown:,}", count=f"{count:,}") if shown < count else ""
