"""The contexts of the pages: frozen values, already masked, that templates only lay out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from audit.contract import Personal
from audit.findings.summary import RunSummary
from audit.language import Language, text
from audit.model.shares import percent
from audit.report.links import township_page
from audit.report.masking import harmless, mask
from audit.report.queries import FindingRow
from audit.report.titles import column_title, shown_cell, source_name, table_title
from audit.rulebook import Rule


@dataclass(frozen=True, slots=True)
class FindingCard:
    """One finding as people read it."""

    rule_id: str
    title: str
    severity: str
    about: str
    message: str
    remedy: str
    evidence: str
    policy: str
    source: str


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """One household with all its findings; without number and head for findings of no household.

    Findings that are set apart stand on a card of their own.
    """

    household_id: str
    village: str
    head: str
    findings: tuple[FindingCard, ...]
    set_apart: bool


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """One township in the overview."""

    code: str
    title: str
    page: str
    households: int
    flagged: int
    share: str
    findings: int
    severe: int
    hints: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in the overview."""

    id: str
    title: str
    severity: str
    share: str
    rate: str
    undecided: int | None
    not_applicable: int | None
    measure: str
    state: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rules that were not evaluated for one reason: their ids and titles."""

    reason: str
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FaultLine:
    """Rows or cells of one file that could not be read for one reason."""

    file: str
    table: str
    column: str
    reason: str
    count: int
    examples: tuple[str, ...]


def rule_rows(summary: RunSummary, lang: Language) -> tuple[RuleRow, ...]:
    """Every rule that was evaluated with its numbers, and every one that broke with the reason."""
    rows = []
    for line in summary.rules:
        if line.status.status == "not_evaluated":
            continue
        rule, counts = line.status.rule, line.counts
        evaluated = line.status.status == "evaluated"
        reason = line.status.reason.message(lang) if line.status.reason else ""
        measure = ""
        if rule.measure and evaluated and counts.measure_sum is not None:
            mean = counts.measure_mean if counts.measure_mean is not None else "–"
            measure = text("report.measure", lang, total=counts.measure_sum, mean=mean)
        rows.append(
            RuleRow(
                id=rule.id,
                title=rule.title if lang == "zh" else rule.title_en,
                severity="advisory" if rule.id in summary.set_apart else rule.severity or "indicator",
                share=f"{counts.flagged:,} / {counts.population:,}" if evaluated else "",
                rate=percent(counts.flagged, counts.population) if evaluated else "",
                undecided=counts.undecided if evaluated else None,
                not_applicable=counts.not_applicable if evaluated else None,
                measure=measure,
                state="" if evaluated else f"{text(f'report.{line.status.status}', lang)} {reason}".strip(),
            )
        )
    return tuple(rows)


def left_out(summary: RunSummary, lang: Language) -> tuple[LeftOut, ...]:
    """The rules that were not evaluated, by reason."""
    return tuple(
        LeftOut(reason.message(lang), tuple((rule.id, rule.title if lang == "zh" else rule.title_en) for rule in rules))
        for reason, rules in summary.not_evaluated
    )


def township_lines(
    rows: Iterable[tuple[str, str, int, int, int, int, int]], lang: Language
) -> tuple[TownshipLine, ...]:
    """The townships of the overview."""
    return tuple(
        TownshipLine(
            code=code,
            title=harmless(title) or (code if code else text("report.no_township", lang)),
            page=township_page(code and f"{code}000") if findings or hints else "",
            households=homes,
            flagged=flagged,
            share=percent(flagged, homes),
            findings=findings,
            severe=severe,
            hints=hints,
        )
        for code, title, homes, flagged, findings, severe, hints in rows
    )


def fault_lines(
    rows: Sequence[tuple[str, str, str, str, str, int, list[dict[str, object]]]], lang: Language, *, show_personal: bool
) -> tuple[FaultLine, ...]:
    """Quarantined rows or unreadable cells by file, column and reason, with masked examples."""
    lines = []
    for file, sheet, table, column, reason, count, examples in rows:
        shown = tuple(
            text(
                "report.example",
                lang,
                row=example["row"],
                value=shown_cell(table, column, example["value"], show_personal) or text("report.blank", lang),
            )
            for example in examples
        )
        titles = table_title(table, lang), column_title(table, column, lang)
        lines.append(FaultLine(source_name(file, sheet), *titles, text(f"report.{reason}", lang), count, shown))
    return tuple(lines)


def household_cards(
    rows: Iterator[FindingRow],
    rules: Mapping[str, Rule],
    titles: Mapping[str, str],
    lang: Language,
    *,
    show_personal: bool,
) -> Iterator[HouseholdCard]:
    """The households of a page, one after the other."""

    def name(value: str) -> str:
        return harmless(value) if show_personal else harmless(mask(value, Personal.NAME))

    told: dict[str, str] = {}  # most findings of a rule have the same parameters
    for (set_apart, household), group in groupby(rows, key=lambda row: row[:2]):
        cards = []
        village = head = ""
        for (
            _,
            _,
            village_name,
            head_name,
            rule_id,
            subject_type,
            subject_id,
            person,
            message,
            evidence,
            file,
            sheet,
            row,
        ) in group:
            village, head = harmless(village_name), name(head_name)
            rule = rules[rule_id]
            values: dict[str, Any] = json.loads(evidence, parse_float=str)
            origins = values.pop("parameters", {})
            key = str(origins)
            if key not in told:
                told[key] = _policy(origins, titles, lang)
            cards.append(
                FindingCard(
                    rule_id=rule_id,
                    title=rule.title if lang == "zh" else rule.title_en,
                    severity="advisory" if set_apart else rule.severity,
                    about=""
                    if subject_type == "household"
                    else f"{_about(rule, subject_id, lang)} {name(person)}".strip(),
                    message=harmless(message),
                    remedy=rule.remedy if lang == "zh" else rule.remedy_en,
                    evidence=evidence_line(values, rule, titles, lang),
                    policy=told[key],
                    source=text("report.source", lang, file=source_name(file, sheet), row=row),
                )
            )
        yield HouseholdCard(harmless(household), village, head, tuple(cards), set_apart)


def _about(rule: Rule, subject_id: str, lang: Language) -> str:
    kind = rule.subject.title if lang == "zh" else rule.subject.title_en
    return text("report.about", lang, kind=kind, id=harmless(subject_id))


def evidence_line(values: Mapping[str, object], rule: Rule, titles: Mapping[str, str], lang: Language) -> str:
    """The evidence in one line: a page of many households is read line by line, and rendered that much faster."""
    facts = rule.subject.facts
    shown = []
    for key, value in values.items():
        fact = facts.get(key)
        title = (fact.title if lang == "zh" else fact.title_en) if fact else titles.get(key, key)
        shown.append(f"{title} {_value(value, fact.codes if fact else {}, lang)}")
    return _line(shown, lang)


def _policy(origins: Mapping[str, Mapping[str, str]], titles: Mapping[str, str], lang: Language) -> str:
    """Since when and by whose word each parameter has its value, in one line of small print."""
    shown = [
        text(
            f"policy.origin_{origin['state']}",
            lang,
            title=titles.get(name, name),
            day=origin["valid_from"],
            area=origin["area"] or text("policy.everywhere", lang),
            source=harmless(origin["source"]),
        )
        for name, origin in origins.items()
    ]
    return _line(shown, lang)


def _line(shown: Sequence[str], lang: Language) -> str:
    return "；".join(shown) if lang == "zh" else "; ".join(shown)


def _value(value: object, codes: Mapping[str, tuple[str, str]], lang: Language) -> str:
    if value is None:
        return text("engine.unknown", lang)
    if isinstance(value, bool):
        return text("engine.yes" if value else "engine.no", lang)
    if isinstance(value, list):
        return "–".join(str(item) for item in value)
    if str(value) in codes:
        return codes[str(value)][0 if lang == "zh" else 1]
    return harmless(str(value))
