"""Says in words what the registry holds of a household about one question of the checklist."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from audit.language import Language, text
from audit.report.areas.told import Notes, Teller, shown
from audit.rulebook import Rule

#: So many rows of a household are told apart about one question; a sheet is read in a doorway.
_MOST = 8


def told_value(rule: Rule, value: str, teller: Teller) -> str:
    """What the registry says about a household, in words; rows that say the same are told once.

    Args:
        rule: the rule that is asked about.
        value: as ``read_values`` gives it.
        teller: tells facts in the language of the sheet.
    """
    lang = teller.lang
    content = json.loads(value, parse_float=str)
    if not content["about"]:
        key = "field_sheet.registry_other" if content["rows"] else "field_sheet.registry_none"
        return text(key, lang, count=content["rows"])
    groups: dict[str, list[str]] = {}
    for one in content["about"]:
        groups.setdefault(_facts(rule, one["facts"], teller), []).append(shown(one["who"]))
    lines = [_line(facts, whose, lang) for facts, whose in groups.items()]
    left = len(lines) - _MOST
    return "\n".join([*lines[:_MOST], *([text("field_sheet.registry_more", lang, count=left)] if left > 0 else [])])


def _facts(rule: Rule, facts: Mapping[str, object], teller: Teller) -> str:
    """The facts of one row; what the registry does not have is said to be missing, which is neither yes nor no."""
    told = []
    for name, value in facts.items():
        fact = rule.subject.facts.get(name)
        if fact is not None and value is None:
            title = fact.title if teller.lang == "zh" else fact.title_en
            told.append(f"{title} {text('field_sheet.no_record', teller.lang)}")
        elif fact is not None:
            ((one,), _) = teller.evidence(rule, json.dumps({name: value}, ensure_ascii=False), Notes())
            told.append(f"{one.title} {one.value}")
    return text("field_sheet.between", teller.lang).join(told)


def _line(facts: str, whose: Sequence[str], lang: Language) -> str:
    named = [one for one in whose if one]
    if named:
        return text("field_sheet.registry_of", lang, who=text("field_sheet.comma", lang).join(named), facts=facts)
    return text("field_sheet.registry_times", lang, count=len(whose), facts=facts) if len(whose) > 1 else facts
