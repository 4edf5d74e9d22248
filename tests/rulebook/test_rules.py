"""Every rule that comes with the audit keeps its own promises."""

from __future__ import annotations

import pytest

from audit import load_rulebook
from audit.engine.cases import run_cases
from audit.rulebook import Outcome, Rule
from audit.rulebook.expression import Sort, parse_condition
from audit.subjects import load_subject

RULEBOOK = load_rulebook()
#: The catalogue of the source plan, written out by hand: subject and severity of each rule.
CATALOGUE = {
    "INC-0": ("household", ""), "INC-1": ("household", "medium"), "INC-2": ("household", "medium"),
    "INC-3": ("household", "medium"), "INC-4": ("household", "high"), "INC-5": ("household", ""),
    "INC-6": ("household", "high"), "INC-7": ("household", "low"), "INC-8": ("household", "medium"),
    "INC-9": ("household", "medium"), "INC-10": ("household", "medium"), "PW-2": ("post", "high"),
    "PW-3": ("post", "high"), "PW-4": ("person", "medium"), "PW-5": ("household", "high"),
    "PW-6": ("household", "high"), "PW-7": ("post", "high"), "PW-8": ("person", "medium"),
    "PW-9": ("post", "medium"), "PW-10": ("post", "medium"), "ID-1": ("person", "high"), "ID-2": ("person", "medium"),
    "ID-3": ("person", "medium"), "ID-4": ("person", "high"), "ID-5": ("person", "medium"),
    "HHD-1": ("household", "medium"), "HHD-2": ("household", "medium"), "HHD-3": ("household", "low"),
    "LAB-1": ("person", "medium"), "LAB-2": ("person", "low"), "LAB-3": ("person", "low"),
}  # fmt: skip


def test_the_catalogue() -> None:
    assert {rule.id: (rule.subject.name, rule.severity) for rule in RULEBOOK.rules} == CATALOGUE


@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=lambda rule: rule.id)
def test_cases(rule: object) -> None:
    mistakes = run_cases(RULEBOOK, (rule,))  # type: ignore[arg-type]
    assert [mistake.message("en") for mistake in mistakes] == []


@pytest.mark.parametrize(
    "rule_id", ["INC-0", "INC-9", "INC-10", "PW-8", "PW-10", "ID-1", "ID-2", "ID-3", "ID-4", "ID-5", "HHD-3"]
)
def test_rules_that_are_never_undecided(rule_id: str) -> None:
    rule = RULEBOOK.rule(rule_id)
    assert rule is not None
    assert Outcome.UNDECIDED in rule.never


def test_the_values_of_the_plan() -> None:
    values = {name: str(one.values[0].value) for name, one in RULEBOOK.parameters.items()}
    assert values == {
        "low_income_line": "4000", "flat_tolerance": "0.01", "policy_income_share": "0.5", "money_tolerance": "1",
        "male_min_age": "50", "female_min_age": "40", "old_age": "80", "prime_age": "40", "serial_types": "3",
        "working_age": "16", "retirement_age": "60",
    }  # fmt: skip


@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=lambda rule: rule.id)
def test_a_condition_as_shown_is_the_same_condition(rule: Rule) -> None:
    sorts = {name: Sort.DATE if one.kind == "date" else Sort.NUMBER for name, one in RULEBOOK.parameters.items()}
    for node in (rule.among, rule.population, rule.flag):
        assert parse_condition(node.shown(), rule.subject, sorts) == node


@pytest.mark.parametrize(
    "text",
    [
        "not (lifted and monitored) or lifted",
        "lifted and (monitored or lifted and not monitored)",
        "net - (computed_net - gross) > 2 * (net + 1) / population",
        "abs(-net) > -(-net) and (lifted = monitored) = lifted",
        "monitor_category in ('sudden', 'marginal') or monitor_category is null",
    ],
)
def test_only_the_brackets_that_are_needed(text: str) -> None:
    assert parse_condition(text, load_subject("household"), {}).shown() == text
