"""The contexts of the pages: frozen values, already masked, that templates only lay out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from audit.contract import Personal
from audit.language import Language, text
from audit.model.shares import percent
from audit.report.links import township_page
from audit.report.masking import harmless, mask
from audit.report.queries import FindingRow
from audit.report.titles import source_name
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


def township_lines(
    rows: Iterable[tuple[str, str, int, int, int, int, int]], lang: Language, *, pages: bool = True
) -> tuple[TownshipLine, ...]:
    """The townships of the overview."""
    return tuple(
        TownshipLine(
            code=code,
            title=harmless(title) or (code if code else text("report.no_township", lang)),
            page=township_page(code and f"{code}000") if pages and (findings or hints) else "",
            households=homes,
            flagged=flagged,
            share=percent(flagged, homes),
            findings=findings,
            severe=severe,
            hints=hints,
        )
        for code, title, homes, flagged, findings, severe, hints in rows
    )


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
                    evidence=_evidence(values, rule, titles, lang),
                    policy=told[key],
                    source=text("report.source", lang, file=source_name(file, sheet), row=row),
                )
            )
        yield HouseholdCard(harmless(household), village, head, tuple(cards), set_apart)


def _about(rule: Rule, subject_id: str, lang: Language) -> str:
    kind = rule.subject.title if lang == "zh" else rule.subject.title_en
    return text("report.about", lang, kind=kind, id=harmless(subject_id))


def _evidence(values: Mapping[str, object], rule: Rule, titles: Mapping[str, str], lang: Language) -> str:
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
