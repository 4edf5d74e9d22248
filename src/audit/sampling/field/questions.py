"""The full checklist: every rule that can concern a household, asked as a plain question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from audit.explain.concerned import concerns_households
from audit.rulebook import Rule
from audit.sampling.field.codes import Stability

#: Subjects that are places or post types: a household does not answer for its village.
_PLACES = frozenset({"village", "township", "village_post_type"})


@dataclass(frozen=True)
class Question:
    """What an inspector is asked about a rule, in both languages.

    Attributes:
        rule_id: the rule; of the checklist also the item code.
        title, title_en: what the rule looks for.
        look, look_en: what to look at; empty if the rule does not say.
        stability: whether two visits may see different facts.
    """

    rule_id: str
    title: str
    title_en: str
    look: str
    look_en: str
    stability: Stability


def question(rule: Rule) -> Question:
    """Turn a rule into a question."""
    return Question(rule.id, rule.title, rule.title_en, rule.inspect, rule.inspect_en, stability_of(rule.id))


def checklist(rules: Iterable[Rule], evaluated: frozenset[str]) -> tuple[Question, ...]:
    """The questions that an unflagged household is asked, in the order of the rules.

    Indicators and advisory rules are not asked: they flag nothing that one household could be wrong about. Nor are
    rules that the run could not evaluate: the audit has not missed what it did not look for.

    Args:
        rules: all rules of the rulebook.
        evaluated: the ids of those that the run evaluated.
    """
    return tuple(
        question(rule)
        for rule in rules
        if rule.id in evaluated
        and not rule.indicator
        and not rule.advisory
        and rule.subject.name not in _PLACES
        and concerns_households(rule.subject)
    )


@cache
def _stability() -> dict[str, Stability]:
    written = resources.files(__package__).joinpath("stability.yaml").read_text(encoding="utf-8")
    listed = yaml.load(written, Loader=yaml.CSafeLoader)
    return {rules: Stability(name) for name, listed_rules in listed.items() for rules in listed_rules}


def stability_of(rule_id: str) -> Stability:
    """Whether two visits may see different facts about what a rule looks for."""
    listed = _stability()
    return listed.get(rule_id) or listed.get(rule_id.partition("-")[0], Stability.JUDGED)
