"""An explanation as lines of text: what is flagged or undecided in full, everything else in one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.explain.explanation import (
    Answer,
    Explanation,
    FactValue,
    Fault,
    ParameterValue,
    Part,
    Place,
    RuleExplanation,
    Standing,
)
from audit.language import Language, text
from audit.report.masking import harmless
from audit.rulebook import Outcome, Rule
from audit.rulebook.catalogue import severity_shown

#: In this order: what somebody has to look at comes first.
_HEADINGS = (
    *("flagged", "undecided", "clear", "not_applicable", "not_counted"),
    *("no_subject", "not_evaluated", "broken"),
)
_IN_FULL = frozenset({Outcome.FLAGGED.value, Outcome.UNDECIDED.value})
#: Signs that every code page of an office PC can print.
_SIGNS: Mapping[bool | None, str] = {True: "√", False: "×", None: "?"}
_STEP = "  "


@dataclass(frozen=True)
class _Line:
    """One rule with one of its answers, or with none."""

    heading: str
    explained: RuleExplanation
    answer: Answer | None


def explanation_lines(explanation: Explanation, *, in_full: bool = False) -> Iterator[str]:
    """Write an explanation as lines.

    Args:
        explanation: what to write.
        in_full: whether every answer is written in full, as for a single rule.
    """
    lang = explanation.lang
    yield from _top(explanation, lang)
    lines = [line for explained in explanation.rules for line in _lines(explained)]
    counts = [(heading, [line for line in lines if line.heading == heading]) for heading in _HEADINGS]
    told = [
        text("explain.counts", lang, outcome=_word(heading, lang), count=len(own)) for heading, own in counts if own
    ]
    if told:
        yield _spaced(told, lang)
        yield text("explain.legend", lang)
    for heading, own in counts:
        if not own:
            continue
        yield ""
        yield text("explain.heading", lang, outcome=_word(heading, lang), count=len(own))
        for line in own:
            look_at = heading in _IN_FULL and not line.explained.rule.indicator
            yield from _line(line, explanation, lang, in_full=in_full or look_at)
    yield from _bottom(explanation, lang)


def _word(heading: str, lang: Language) -> str:
    return text(f"explain.{heading}", lang)


def _lines(explained: RuleExplanation) -> list[_Line]:
    if explained.status != "evaluated":
        return [_Line(explained.status, explained, None)]
    if not explained.answers:
        return [_Line("no_subject", explained, None)]
    return [_Line(answer.outcome.value, explained, answer) for answer in explained.answers]


def _spaced(words: Sequence[str], lang: Language) -> str:
    return ("　" if lang == "zh" else ", ").join(words)


def _top(explanation: Explanation, lang: Language) -> Iterator[str]:
    home = explanation.household
    named = [text("explain.household", lang, id=home.id)]
    if home.head:
        named.append(text("explain.head", lang, name=home.head))
    if home.area_code:
        named.append(f"{home.place} {home.area_code}".strip())
    yield _spaced(named, lang)
    asked = [text("explain.asked", lang, as_of=explanation.as_of, year=explanation.year)]
    if explanation.run_id:
        asked.append(text("explain.of_run", lang, run_id=explanation.run_id))
    yield _spaced(asked, lang)
    yield text(f"explain.{home.standing.value}", lang, day=home.deregistered_on)
    if explanation.changes:
        yield text("explain.changed", lang, run_id=explanation.run_id)
        yield from (f"{_STEP}{harmless(change.message(lang))}" for change in explanation.changes)


def _line(line: _Line, explanation: Explanation, lang: Language, *, in_full: bool) -> Iterator[str]:
    rule, answer = line.explained.rule, line.answer
    named = f"{rule.id} {rule.title if lang == 'zh' else rule.title_en} [{severity_shown(rule, lang)}]"
    if answer is None:
        reason = line.explained.reason.message(lang) if line.explained.reason else _no_subject(rule, explanation, lang)
        yield _STEP + text("explain.reason_line", lang, rule=named, reason=reason)
        return
    if rule.subject.name != "household":
        about = text("explain.about", lang, kind=_kind(rule, lang), id=answer.subject_id)
        name = answer.person.removeprefix(answer.subject_id).strip()
        named += f" [{' '.join(part for part in (about, name) if part)}]"
    yield _STEP + text("explain.reason_line", lang, rule=named, reason=_reason(answer, lang))
    if in_full:
        yield from (2 * _STEP + detail for detail in _details(answer, lang))


def _no_subject(rule: Rule, explanation: Explanation, lang: Language) -> str:
    if rule.subject.name == "household" and explanation.household.standing is not Standing.REGISTERED:
        return text("explain.household_not_registered", lang)
    return text("explain.no_such_subject", lang, kind=_kind(rule, lang))


def _kind(rule: Rule, lang: Language) -> str:
    return rule.subject.title if lang == "zh" else rule.subject.title_en


def _reason(answer: Answer, lang: Language) -> str:
    """Why the outcome is what it is, in one line; a finding's own sentence says it for the flagged."""
    if answer.without_value and not answer.deciding:
        names = ", ".join(f"${one.name}" for one in answer.without_value)
        return text("explain.without_value", lang, names=names, area=answer.area_code)
    parts = _joined([f"{_SIGNS[part.truth]} {part.text}" for part in answer.deciding], lang)
    if answer.message:
        return answer.message
    if answer.outcome is not Outcome.UNDECIDED:
        return text("explain.because", lang, parts=parts)
    if answer.deciding_unknown:
        facts = _joined([_fact(fact, lang) for fact in answer.deciding_unknown], lang)
        return text("explain.undecided_because", lang, facts=facts)
    return text("explain.not_computable", lang, parts=parts)


def _joined(words: Sequence[str], lang: Language) -> str:
    return ("；" if lang == "zh" else "; ").join(words)


def _details(answer: Answer, lang: Language) -> Iterator[str]:
    for key, condition in (("among", answer.among), ("population", answer.population), ("flag", answer.flag)):
        if condition.facts or condition.truth is not True:
            yield f"{text(f'explain.{key}', lang)} {_marked(condition)}"
            yield from _parts(condition, 1)
    yield text("explain.facts", lang)
    yield from (_STEP + _fact(fact, lang) for fact in answer.facts)
    if answer.parameters:
        yield text("explain.parameters", lang)
        yield from (_STEP + _parameter(one, lang) for one in answer.parameters)
    yield text("explain.source", lang, place=_place(answer.place, lang))


def _parts(condition: Part, depth: int) -> Iterator[str]:
    """Each part of a condition with its truth; a single comparison has been written already."""
    for part in condition.parts:
        yield depth * _STEP + _marked(part)
        yield from _parts(part, depth + 1)


def _marked(part: Part) -> str:
    mark = " ←" if part.decides and not part.parts else ""
    return f"{_SIGNS[part.truth]} {part.text}{mark}"


def _fact(fact: FactValue, lang: Language) -> str:
    value = fact.filled
    if fact.unknown:
        value = text("explain.fact_unknown", lang, value=fact.shown, reason=fact.unknown)
    elif fact.unit:
        value = f"{value} {fact.unit}"
    return text("explain.fact", lang, name=fact.name, title=fact.title, value=value)


def _parameter(one: ParameterValue, lang: Language) -> str:
    value = f"{one.value} {one.unit}".strip() if one.value else text("explain.no_value", lang)
    if one.state:
        area = text("explain.area", lang, area=one.area) if one.area else text("explain.everywhere", lang)
        state = text(f"explain.{one.state.value}", lang)
        value = text(
            "explain.parameter_from", lang, value=value, day=one.valid_from, area=area, state=state, source=one.source
        )
    return text("explain.parameter", lang, name=one.name, title=one.title, value=value)


def _place(place: Place, lang: Language) -> str:
    file = harmless(place.file)
    if place.sheet:
        file = text("explain.sheet", lang, file=file, sheet=harmless(place.sheet))
    return text("explain.place", lang, file=file, rows=", ".join(str(row) for row in place.rows))


def _bottom(explanation: Explanation, lang: Language) -> Iterator[str]:
    if explanation.left_out:
        chinese = lang == "zh"
        subjects = [
            text(
                "explain.left_out_one",
                lang,
                kind=one.subject.title if chinese else one.subject.title_en,
                count=one.subjects,
                rules=", ".join(one.rules),
            )
            for one in explanation.left_out
        ]
        yield ""
        yield text("explain.left_out", lang, subjects=_joined(subjects, lang))
    yield ""
    yield text("explain.rows", lang)
    for row in explanation.rows:
        cells = _joined([text("explain.cell", lang, title=cell.title, value=cell.shown) for cell in row.cells], lang)
        yield _STEP + text("explain.row_line", lang, title=row.title, place=_place(row.place, lang), cells=cells)
    if not explanation.rows:
        yield _STEP + text("explain.nothing", lang)
    yield from _faults("quarantined_rows", explanation.quarantined, lang)
    yield from _faults("cell_faults", explanation.cell_faults, lang)


def _faults(heading: str, faults: Sequence[Fault], lang: Language) -> Iterator[str]:
    if not faults:
        return
    yield ""
    yield text(f"explain.{heading}", lang)
    for fault in faults:
        yield _STEP + text(
            "explain.fault_line",
            lang,
            title=fault.title,
            place=_place(fault.place, lang),
            column=fault.column_title,
            value=fault.value or text("report.blank", lang),
            reason=text(f"report.{fault.reason}", lang),
        )
