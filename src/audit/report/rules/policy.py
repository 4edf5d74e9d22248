"""What a rule says and by which numbers, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.engine.values_in_force import InForce
from audit.language import Language, text
from audit.report.masking import harmless
from audit.rulebook import Rule, Rulebook
from audit.rulebook.expression import BUILT_IN
from audit.rulebook.words import in_words


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One of a rule's conditions, in words and as it is written."""

    title: str
    words: str
    written: str


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One value of a parameter that decides a rule."""

    title: str
    name: str
    value: str
    since: str
    area: str
    state: str
    source: str


def condition_lines(rule: Rule, rulebook: Rulebook, lang: Language) -> tuple[ConditionLine, ...]:
    """Who is a subject, who is counted and who is flagged."""
    return tuple(
        ConditionLine(
            text(f"rule_page.{key}", lang), harmless(in_words(node, rulebook, lang)), harmless(rule.texts[key])
        )
        for key, node in (("among", rule.among), ("population", rule.population), ("flag", rule.flag))
        if key in rule.texts
    )


def parameter_lines(rule: Rule, in_force: Mapping[str, InForce], lang: Language) -> tuple[ParameterLine, ...]:
    """Every value that decides the rule anywhere, since when and by whose word."""
    lines = []
    for name in rule.parameters:
        if name in BUILT_IN:
            continue
        one = in_force[name]
        title = one.parameter.title if lang == "zh" else one.parameter.title_en
        unit = one.parameter.unit if lang == "zh" else one.parameter.unit_en
        for chosen in one.chosen:
            dated = chosen.dated
            until = f" – {dated.valid_to}" if dated.valid_to else ""
            lines.append(
                ParameterLine(
                    harmless(title),
                    name,
                    harmless(f"{dated.value} {unit}".strip()),
                    f"{dated.valid_from}{until}",
                    dated.area or text("policy.everywhere", lang),
                    text(f"policy.state_{chosen.state.value}", lang),
                    harmless(dated.source),
                )
            )
    return tuple(lines)


def values_written(lines: Sequence[float]) -> str:
    """Numbers of policy as they are written beside a line of a chart."""
    return ", ".join(number_written(value) for value in lines)


def number_written(value: float) -> str:
    """A number without zeros that say nothing: 4,000 or 0.05."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")
