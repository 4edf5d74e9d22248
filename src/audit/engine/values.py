"""SQL that shows a fact to people and to programs: the text in a message, the value in the evidence."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

from audit.contract.normalise import quote
from audit.engine.values_in_force import InForce
from audit.language import Language, text
from audit.rulebook.expression import BUILT_IN, Sort
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


def evidence_sql(rule: Rule, parameters: Mapping[str, str], in_force: Mapping[str, InForce]) -> str:
    """SQL for the evidence of a finding: a JSON object of the rule's facts and parameters.

    The values stand beside the facts; where the values of parameters come from stands in an object of its own.
    """
    entries = [(fact.name, [json_value_sql(fact)]) for fact in rule.evidence]
    entries += [(name, [_parameter_json(name, parameters[name], in_force)]) for name in rule.parameters]
    origins = [(name, [in_force[name].origin]) for name in rule.parameters if name in in_force]
    if origins:
        entries.append(("parameters", _object(origins)))
    return _joined(_object(entries))


def _parameter_json(name: str, sql: str, in_force: Mapping[str, InForce]) -> str:
    dated = in_force[name].parameter.kind == "date" if name in in_force else BUILT_IN[name] is Sort.DATE
    return f"coalesce({f'CAST(to_json({sql}) AS VARCHAR)' if dated else _parameter_text(sql)}, 'null')"


def _object(entries: Sequence[tuple[str, list[str]]]) -> list[str]:
    """The pieces of SQL that make a JSON object, from those of its values."""
    pieces = ["'{'"]
    for place, (name, value) in enumerate(entries):
        pieces += [f"'{', ' if place else ''}\"{name}\": '", *value]
    return [*pieces, "'}'"]


def _joined(pieces: Sequence[str]) -> str:
    """SQL that joins texts; constant ones that stand together become one, so that they cost nothing."""
    joined: list[str] = []
    for piece in pieces:
        if joined and _quoted(piece) and _quoted(joined[-1]):
            joined[-1] = joined[-1][:-1] + piece[1:]
        else:
            joined.append(piece)
    return " || ".join(joined)


def _quoted(piece: str) -> bool:
    return piece.startswith("'") and piece.endswith("'")


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
