"""SQL that shows a fact to people and to programs: the text in a message, the value in the evidence."""

from __future__ import annotations

import string
from collections.abc import Mapping

from audit.contract.normalise import quote
from audit.language import Language, text
from audit.rulebook.policy import Rule
from audit.subjects import Fact, Kind

#: Digits shown of a quotient; it is compared exactly all the same.
SHOWN_DIGITS = 4


def _trimmed(sql: str) -> str:
    return f"rtrim(rtrim(CAST({sql} AS VARCHAR), '0'), '.')"


def _number_text(fact: Fact) -> str:
    match fact.kind:
        case Kind.QUOTIENT:
            shown = f"TRY_CAST(CAST({fact.name}__n AS DOUBLE) / {fact.name}__d AS DECIMAL(28,{SHOWN_DIGITS}))"
            return _trimmed(shown)
        case Kind.MONEY:
            return _trimmed(f"CAST({fact.name} AS DECIMAL(28,6))")
        case Kind.NUMBER:
            return _trimmed(f"CAST({fact.name} AS DECIMAL(28,10))")
    return f"CAST({fact.name} AS VARCHAR)"


def json_value_sql(fact: Fact) -> str:
    """SQL for a fact's value as JSON text; an unknown fact is null."""
    match fact.kind:
        case Kind.TEXT | Kind.CODE:
            value = f"CAST(to_json({fact.name}) AS VARCHAR)"
        case Kind.DATE:
            value = f"'\"' || CAST({fact.name} AS VARCHAR) || '\"'"
        case Kind.RANGE:
            lo, hi = f"CAST({fact.name}__lo AS VARCHAR)", f"CAST({fact.name}__hi AS VARCHAR)"
            value = f"CASE WHEN {lo} = {hi} THEN {lo} ELSE '[' || {lo} || ', ' || {hi} || ']' END"
        case Kind.BOOL:
            value = f"CASE WHEN {fact.name} THEN 'true' WHEN NOT {fact.name} THEN 'false' END"
        case _:
            value = _number_text(fact)
    return f"coalesce({value}, 'null')"


def shown_value_sql(fact: Fact, lang: Language) -> str:
    """SQL for a fact's value as people read it; an unknown fact says so."""
    match fact.kind:
        case Kind.TEXT:
            value = fact.name
        case Kind.CODE:
            place = 0 if lang == "zh" else 1
            whens = " ".join(f"WHEN {quote(code)} THEN {quote(labels[place])}" for code, labels in fact.codes.items())
            value = f"CASE {fact.name} {whens} ELSE {fact.name} END"
        case Kind.DATE:
            value = f"CAST({fact.name} AS VARCHAR)"
        case Kind.RANGE:
            lo, hi = f"CAST({fact.name}__lo AS VARCHAR)", f"CAST({fact.name}__hi AS VARCHAR)"
            value = f"CASE WHEN {lo} = {hi} THEN {lo} ELSE {lo} || '–' || {hi} END"
        case Kind.BOOL:
            yes, no = quote(text("engine.yes", lang)), quote(text("engine.no", lang))
            value = f"CASE WHEN {fact.name} THEN {yes} WHEN NOT {fact.name} THEN {no} END"
        case _:
            value = _number_text(fact)
    return f"coalesce({value}, {quote(text('engine.unknown', lang))})"


def _parameter_text(sql: str) -> str:
    """A parameter's value as text: CASE over areas may have given it trailing zeros."""
    return f"CASE WHEN contains(CAST({sql} AS VARCHAR), '.') THEN {_trimmed(sql)} ELSE CAST({sql} AS VARCHAR) END"


def evidence_sql(rule: Rule, parameters: Mapping[str, str]) -> str:
    """SQL for the evidence of a finding: a JSON object of the rule's facts and parameters."""
    entries = [(fact.name, json_value_sql(fact)) for fact in rule.evidence]
    for name in rule.parameters:
        value = parameters[name]
        as_json = f"CAST(to_json({value}) AS VARCHAR)" if value.startswith("DATE ") else _parameter_text(value)
        entries.append((name, f"coalesce({as_json}, 'null')"))
    parts = [f"'{', ' if place else ''}\"{name}\": ' || {value}" for place, (name, value) in enumerate(entries)]
    return " || ".join(["'{'", *parts, "'}'"])


def message_sql(rule: Rule, lang: Language, parameters: Mapping[str, str]) -> str:
    """SQL for the sentence of a finding with the values put in."""
    facts = {fact.name: fact for fact in rule.evidence}
    parts = []
    for literal, field, _, _ in string.Formatter().parse(rule.message if lang == "zh" else rule.message_en):
        if literal:
            parts.append(quote(literal))
        if field in facts:
            parts.append(shown_value_sql(facts[field], lang))
        elif field is not None:
            parts.append(f"coalesce({_parameter_text(parameters[field])}, '')")
    return " || ".join(parts) or "''"
