"""The rows of a sheet as an inspector sees them: what is asked, what the registry says if the protocol shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from audit.language import Language, text
from audit.report.areas.told import Notes, Teller
from audit.report.masking import harmless
from audit.rulebook import Parameter, Rule
from audit.sampling.field.book import Line
from audit.sampling.field.codes import Target
from audit.sampling.field.columns import BASE, ITEMS, KEY, SAMPLE, UNIT, VISITS, Plan
from audit.sampling.field.disputes import Dispute
from audit.sampling.field.homes import Home
from audit.sampling.field.registry_words import told_value
from audit.sampling.field.state import IssuedItem, IssuedUnit, State, digest_of
from audit.sampling.field.words import word, write_answer


@dataclass(frozen=True)
class Shown:
    """What a sheet shows beside the questions.

    Attributes:
        lang: language of the sheet.
        values: whether the registry's values and the audit's sentences are shown.
        inspector: who is to go; empty if nobody is named.
        homes: names by household; empty if the registry is not there.
        rules: the rules by id, for the titles of facts.
        parameters: by name, for their titles and units.
        state: what is recorded so far for these rows.
        disputes: for an adjudicator: what the two inspectors said, by household and item code.
    """

    lang: Language
    values: bool
    inspector: str
    homes: Mapping[str, Home]
    rules: Mapping[str, Rule]
    parameters: Mapping[str, Parameter]
    state: State
    disputes: Mapping[str, Mapping[str, Dispute]]


def visit_lines(units: Iterable[IssuedUnit], shown: Shown) -> tuple[Line, ...]:
    """One row per household."""
    return tuple(
        Line(
            {
                "inspector": harmless(shown.inspector),
                **_known(VISITS, unit, unit.row_key, shown),
                "place": _home(unit, shown).village,
            }
        )
        for unit in units
    )


def item_lines(units: Iterable[IssuedUnit], shown: Shown) -> tuple[Line, ...]:
    """One row per item of each household."""
    return tuple(Line(cells) for unit in units for cells in _items(unit, shown))


def _items(unit: IssuedUnit, shown: Shown) -> Iterator[dict[str, str]]:
    for item in unit.items:
        yield {
            **_known(ITEMS, unit, item.row_key, shown),
            "item": item.rule_id,
            "question": _question(item, shown),
            "look": harmless(item.look if shown.lang == "zh" else item.look_en),
            "registry": _registry(item, shown),
            **_said(unit, item, shown),
        }


def _known(plan: Plan, unit: IssuedUnit, key: str, shown: Shown) -> dict[str, str]:
    """Keys, and what is recorded so far."""
    answers, home = shown.state.answers(key), _home(unit, shown)
    written = {name: write_answer(plan.by_name[name], value, shown.lang) for name, value in answers.items()}
    return {
        KEY: key,
        BASE: digest_of(plan, answers),
        SAMPLE: unit.sample_id,
        UNIT: harmless(unit.unit_id),
        "head": " ".join(filter(None, (home.head, home.phone))),
        **{name: harmless(value) for name, value in written.items()},
    }


def _home(unit: IssuedUnit, shown: Shown) -> Home:
    return shown.homes.get(unit.unit_id, Home("", "", "", ""))


def _question(item: IssuedItem, shown: Shown) -> str:
    """The finding in the audit's words, or a plain question that does not say what the registry holds."""
    title = harmless(item.title if shown.lang == "zh" else item.title_en)
    if item.target == Target.FINDING and shown.values:
        message = harmless(item.message if shown.lang == "zh" else item.message_en)
        return text("field_sheet.finding", shown.lang, title=title, message=message)
    return text("field_sheet.asks", shown.lang, title=title)


def _registry(item: IssuedItem, shown: Shown) -> str:
    if not shown.values or not item.registry_value:
        return ""
    rule = shown.rules.get(item.rule_id)
    if rule is None and item.target == Target.CHECKLIST:
        return ""
    if rule is None:
        facts: dict[str, object] = json.loads(item.registry_value)
        return harmless("; ".join(f"{name} {value}" for name, value in facts.items()))
    teller = Teller(shown.rules, shown.parameters, shown.lang)
    if item.target == Target.CHECKLIST:
        return told_value(rule, item.registry_value, teller)
    told = teller.evidence(rule, item.registry_value, Notes())
    between = text("field_sheet.between", shown.lang)
    return between.join(f"{one.title} {one.value}" for part in told for one in part)


def _said(unit: IssuedUnit, item: IssuedItem, shown: Shown) -> dict[str, str]:
    """What two inspectors said of an item about which they disagree."""
    dispute = shown.disputes.get(unit.unit_id, {}).get(item.finding_id or item.rule_id)
    if dispute is None:
        return {}
    told = {}
    for name, said in (("first_said", dispute.first), ("second_said", dispute.second)):
        verdict = word("verdict", said.verdict, shown.lang) if said.verdict else ""
        found = harmless("；".join(filter(None, (said.found_value, said.note))))
        told[name] = text("field_sheet.said", shown.lang, verdict=verdict, found=found)
    return told
