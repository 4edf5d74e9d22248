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
    "PW-9": ("post", "medium"), "PW-10": ("post", "medium"),
    "HOU-1": ("renovation", "high"), "HOU-2": ("defect", "high"), "HOU-3": ("household", "high"),
    "HOU-4": ("yard_wall", "medium"), "HOU-5": ("yard_wall", "medium"), "HOU-6": ("household", "high"),
    "HOU-7": ("renovation", "high"), "HLP-1": ("pairing", "high"), "HLP-2": ("helper", "medium"),
    "HLP-3": ("household", "medium"), "FND-1": ("project", "high"), "FND-2": ("project", "high"),
    "FND-3": ("project", "high"), "FND-4": ("project", "high"), "FND-5": ("project", "medium"),
    "FND-6": ("allocation", "high"), "FND-7": ("project", "medium"), "AST-1": ("asset", "high"),
    "AST-2": ("asset", "high"), "AST-3": ("asset", "medium"),
    "ID-1": ("person", "high"), "ID-2": ("person", "medium"),
    "ID-3": ("person", "medium"), "ID-4": ("person", "high"), "ID-5": ("person", "medium"),
    "HHD-1": ("household", "medium"), "HHD-2": ("household", "medium"), "HHD-3": ("household", "low"),
    "LAB-1": ("person", "medium"), "LAB-2": ("person", "low"), "LAB-3": ("person", "low"),
    "DIV-1": ("dividend_contract", "high"), "IND-1": ("industry_support", "medium"), "IND-2": ("household", ""),
    "IND-3": ("household", ""), "IND-4": ("household", ""), "IND-5": ("household", "low"),
    "IND-6": ("household", "medium"), "IND-7": ("household", ""), "IND-8": ("household", "medium"),
    "IND-9": ("household", "low"), "EMP-1": ("village", "medium"), "EMP-2": ("training_need", "medium"),
    "PW-1": ("village_post_type", "medium"), "LN-1": ("household", "medium"), "LN-2": ("loan_product", "medium"),
    "LN-3": ("village", "medium"), "LN-4": ("loan_application", "medium"),
    "PRO-1": ("proceeds", "high"), "PRO-2": ("proceeds", "medium"), "NTC-1": ("notice", "medium"),
    "NTC-2": ("notice", "medium"), "NTC-3": ("township", "medium"), "NTC-4": ("township", "medium"),
    "LIB-1": ("project", "high"), "PER-1": ("project", "medium"), "HOT-1": ("hotline", "medium"),
    "CAD-1": ("appointment", "high"), "CAD-2": ("subsidy_payment", "high"), "CAD-3": ("subsidy_payment", "medium"),
    "FAB-1": ("village", "low"), "FAB-2": ("village", "low"), "FAB-3": ("village", "low"),
    "FAB-4": ("village", "low"), "FAB-5": ("village", "low"),
}  # fmt: skip
NEVER_UNDECIDED = (
    "INC-0", "INC-9", "INC-10", "PW-8", "PW-10", "ID-1", "ID-2", "ID-3", "ID-4", "ID-5", "HHD-3",
    "PW-1", "LN-2", "LN-3", "HLP-3", "FND-5", "FND-7", "LIB-1", "PER-1", "CAD-3", "FAB-1", "FAB-2", "FAB-3", "FAB-4", "FAB-5",
)  # fmt: skip


def test_the_catalogue() -> None:
    assert {rule.id: (rule.subject.name, rule.severity) for rule in RULEBOOK.rules} == CATALOGUE


def test_only_the_signs_of_made_up_data_are_advisory() -> None:
    advisory = [rule.id for rule in RULEBOOK.rules if rule.advisory]
    assert advisory == ["FAB-1", "FAB-2", "FAB-3", "FAB-4", "FAB-5"]


@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=lambda rule: rule.id)
def test_cases(rule: Rule) -> None:
    mistakes = run_cases(RULEBOOK, (rule,))
    assert [mistake.message("en") for mistake in mistakes] == []


@pytest.mark.parametrize("rule_id", NEVER_UNDECIDED)
def test_rules_that_are_never_undecided(rule_id: str) -> None:
    rule = RULEBOOK.rule(rule_id)
    assert rule is not None
    assert Outcome.UNDECIDED in rule.never


def test_the_values_of_the_plan() -> None:
    values = {name: str(one.values[0].value) for name, one in RULEBOOK.parameters.items()}
    assert values == {
        "low_income_line": "4000", "flat_tolerance": "0.01", "policy_income_share": "0.5", "money_tolerance": "1",
        "male_min_age": "50", "female_min_age": "40", "old_age": "80", "prime_age": "40", "serial_types": "3",
        "reappraise_days": "30", "wall_ratio": "1.0", "wall_metres": "30", "vacant_months": "12",
        "renovation_years": "5", "pairing_days": "90", "home_visits": "1", "full_payment": "0.97",
        "pre_acceptance_max": "0.80", "progress_gap": "0.05", "before_structure_max": "0.5", "disburse_days": "30",
        "working_age": "16", "retirement_age": "60",
        "small_award": "2000", "slow_growth": "0.03", "need_days": "180", "post_cap": "40", "loan_max_age": "65",
        "loan_min_age": "18", "loan_min_applications": "20", "loan_min_approval": "0.3", "reply_days": "60",
        "distribute_days": "90", "min_distributed": "0.8", "notice_days": "20", "min_answered": "0.83",
        "discipline_months": "12", "fab_min_households": "10", "same_income_share": "0.3", "heaping_min_amounts": "30",
        "heaping_gap": "0.3", "unchanged_share": "0.3", "same_phone_max": "5", "visits_a_day": "15",
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
