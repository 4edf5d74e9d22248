"""An explanation for programs: the same content as the lines, with names and codes instead of sentences."""

from __future__ import annotations

from audit.explain.explanation import (
    Answer,
    Explanation,
    FactValue,
    Fault,
    ParameterValue,
    Part,
    Place,
    RuleExplanation,
)
from audit.language import Language


def explanation_record(explanation: Explanation) -> dict[str, object]:
    """Write an explanation as what ``json`` can dump; titles, reasons and shown values are in its language."""
    home, lang = explanation.household, explanation.lang
    return {
        "household_id": home.id,
        "standing": home.standing.value,
        "deregistered_on": home.deregistered_on.isoformat() if home.deregistered_on else None,
        "head": home.head,
        "area_code": home.area_code,
        "place": home.place,
        "as_of": explanation.as_of.isoformat(),
        "year": explanation.year,
        "run_id": explanation.run_id or None,
        "changes": [change.message(lang) for change in explanation.changes],
        "rules": [_rule(one, lang) for one in explanation.rules],
        "left_out": [
            {"subject_type": one.subject.name, "subjects": one.subjects, "rules": list(one.rules)}
            for one in explanation.left_out
        ],
        "rows": [
            {"table": row.table, **_place(row.place), "cells": {cell.column: cell.shown for cell in row.cells}}
            for row in explanation.rows
        ],
        "quarantined": [_fault(one) for one in explanation.quarantined],
        "cell_faults": [_fault(one) for one in explanation.cell_faults],
    }


def _rule(one: RuleExplanation, lang: Language) -> dict[str, object]:
    rule = one.rule
    return {
        "rule_id": rule.id,
        "title": rule.title if lang == "zh" else rule.title_en,
        "subject_type": rule.subject.name,
        "severity": rule.severity or None,
        "status": one.status,
        "reason": one.reason.message(lang) if one.reason else None,
        "subjects": [_answer(answer) for answer in one.answers],
    }


def _answer(answer: Answer) -> dict[str, object]:
    return {
        "subject_id": answer.subject_id,
        "person": answer.person or None,
        "area_code": answer.area_code or None,
        "outcome": answer.outcome.value,
        "message": answer.message or None,
        "decided_by": [part.text for part in answer.deciding],
        "unknown": [fact.name for fact in answer.deciding_unknown],
        "without_value": [one.name for one in answer.without_value],
        "among": _part(answer.among),
        "population": _part(answer.population),
        "flag": _part(answer.flag),
        "facts": [_fact(fact) for fact in answer.facts],
        "parameters": [_parameter(parameter) for parameter in answer.parameters],
        **_place(answer.place),
    }


def _part(part: Part) -> dict[str, object]:
    record: dict[str, object] = {"text": part.text, "truth": part.truth, "decides": part.decides}
    if part.parts:
        record["parts"] = [_part(one) for one in part.parts]
    return record


def _fact(fact: FactValue) -> dict[str, object]:
    return {
        "name": fact.name,
        "title": fact.title,
        "value": fact.value,
        "shown": fact.shown,
        "unit": fact.unit or None,
        "unknown": fact.unknown or None,
    }


def _parameter(one: ParameterValue) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "value": one.value or None,
        "unit": one.unit or None,
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "area": one.area,
        "source": one.source or None,
        "state": one.state.value if one.state else None,
    }


def _place(place: Place) -> dict[str, object]:
    return {"file": place.file, "sheet": place.sheet, "rows": list(place.rows)}


def _fault(fault: Fault) -> dict[str, object]:
    place = _place(fault.place)
    return {
        "table": fault.table,
        **place,
        "column": fault.column,
        "value": fault.value or None,
        "reason": fault.reason,
    }
