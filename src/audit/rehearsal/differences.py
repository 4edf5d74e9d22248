"""In what two policies differ: values of parameters in the audit year, and the words of their rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.engine.values_in_force import InForce
from audit.rulebook import Parameter, Rule, Rulebook
from audit.rulebook.load import by_number
from audit.rulebook.policy import Chosen


@dataclass(frozen=True)
class ParameterDifference:
    """A parameter that has another value in some area, or that only one of the policies has.

    Attributes:
        parameter: the parameter, of the new policy if it has it.
        old, new: its values in the audit year, longest area first; empty if there is none.
    """

    parameter: Parameter
    old: tuple[Chosen, ...]
    new: tuple[Chosen, ...]


@dataclass(frozen=True)
class RuleDifference:
    """One part of a rule that reads otherwise.

    Attributes:
        rule_id: the rule, which both policies have.
        part: what it is, as a rule's file calls it: ``flag``.
        old, new: how it reads.
    """

    rule_id: str
    part: str
    old: str
    new: str


def parameter_differences(old: Mapping[str, InForce], new: Mapping[str, InForce]) -> tuple[ParameterDifference, ...]:
    """Parameters whose values in the audit year differ, by name."""
    found = []
    for name in sorted({**old, **new}):
        before, after = old.get(name), new.get(name)
        parameter = (after or old[name]).parameter
        difference = ParameterDifference(parameter, _chosen(before), _chosen(after))
        if [_told(one) for one in difference.old] != [_told(one) for one in difference.new]:
            found.append(difference)
    return tuple(found)


def _chosen(one: InForce | None) -> tuple[Chosen, ...]:
    return one.chosen if one else ()


def _told(chosen: Chosen) -> tuple[object, ...]:
    """What makes a value another one: its dates and its source do not."""
    return chosen.dated.area, chosen.dated.value, chosen.state


def rule_differences(old: Rulebook, new: Rulebook) -> tuple[RuleDifference, ...]:
    """Parts of the rules of both policies that read otherwise, by rule."""
    found = []
    for rule_id in all_rules(old, new):
        before, after = old.rule(rule_id), new.rule(rule_id)
        if before and after:
            was, now = _parts(before), _parts(after)
            found += [RuleDifference(rule_id, part, was[part], now[part]) for part in was if was[part] != now[part]]
    return tuple(found)


def all_rules(old: Rulebook, new: Rulebook) -> dict[str, Rule]:
    """The rules of both policies by id, in the order in which people count; of the new policy if it has them."""
    rules = {rule.id: rule for rule in (*old.rules, *new.rules)}
    return {rule_id: rules[rule_id] for rule_id in sorted(rules, key=by_number)}


def _parts(rule: Rule) -> dict[str, str]:
    """What decides whom a rule flags, and what its findings say."""
    return {
        "subject": rule.subject.name,
        **{part: rule.texts.get(part, "") for part in ("among", "population", "flag")},
        "severity": rule.severity or "indicator",
        "measure": rule.measure.name if rule.measure else "",
        "evidence": ", ".join(fact.name for fact in rule.evidence),
        "message": rule.message,
        "message_en": rule.message_en,
    }
