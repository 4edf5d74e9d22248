"""A county's analyst writes Chinese only; what comes with the audit is there in both languages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT

from audit import load_rulebook
from audit.errors import RulebookError
from audit.rulebook import Rule
from audit.rulebook.catalogue import rule_page

RULE = "income/INC-4.yaml"
CHINESE = re.compile("[\u4e00-\u9fff]")
SHIPPED = load_rulebook()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules"


def without_english(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^ *(title|message|remedy|inspect|unit)_en:.*\n", "", text, flags=re.MULTILINE)
    path.write_text(re.sub(r"about_en: .*?, (?=given:)", "", text), encoding="utf-8")
    assert "_en" not in path.read_text(encoding="utf-8")


def add(path: Path, line: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + f"{line}\n", encoding="utf-8")


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.id)
def test_every_shipped_rule_has_its_english_texts(rule: Rule) -> None:
    texts = [rule.title_en, rule.message_en, rule.remedy_en, rule.inspect_en]
    texts += [case.about_en for case in rule.cases]
    assert [text for text in texts if CHINESE.search(text)] == []


def test_every_shipped_parameter_has_its_english_texts() -> None:
    texts = [text for one in SHIPPED.parameters.values() for text in (one.title_en, one.unit_en)]
    assert [text for text in texts if CHINESE.search(text)] == []


def test_chinese_alone_is_enough(rules: Path) -> None:
    without_english(rules / RULE)
    without_english(rules / "parameters.yaml")
    rulebook = load_rulebook(rules)
    rule = rulebook.rule("INC-4")
    assert rule is not None
    assert (rule.title_en, rule.remedy_en) == ("收入低于监测线，未纳入监测", "入户核实收入，符合条件的按程序纳入监测")
    assert rule.message_en == "人均纯收入 {pc} 元，低于 {low_income_line} 元，未纳入监测"
    assert rule.cases[0].about_en == "低于线且未监测"
    line = rulebook.parameters["low_income_line"]
    assert (line.title_en, line.unit_en) == ("低收入线", "元/人·年")


def test_a_mistake_in_the_chinese_message_is_told_once(rules: Path) -> None:
    without_english(rules / RULE)
    text = (rules / RULE).read_text(encoding="utf-8")
    (rules / RULE).write_text(text.replace("{pc} 元", "{wage_income} 元"), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    assert len(caught.value.mistakes) == 1


def test_a_case_still_needs_its_chinese_text(rules: Path) -> None:
    text = (rules / RULE).read_text(encoding="utf-8")
    (rules / RULE).write_text(text.replace("about: 低于线且未监测, ", ""), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    assert "rules/income/INC-4.yaml，第 18 行：每个用例要有 about、given、outcome 三个键" in caught.value.message("zh")


def inspecting(path: Path, *lines: str) -> None:
    """Put other lines in the place of what the inspector should look at."""
    text = re.sub(r"^inspect(_en)?:.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(text + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_what_the_inspector_should_look_at(rules: Path) -> None:
    inspecting(rules / RULE, "inspect: 查看银行流水", "inspect_en: Look at the bank statements.")
    inspecting(rules / "income" / "INC-3.yaml")
    rulebook = load_rulebook(rules)
    rule, other = rulebook.rule("INC-4"), rulebook.rule("INC-3")
    assert rule is not None
    assert other is not None
    assert "### 督查看什么\n\n查看银行流水\n" in rule_page(rule, rulebook, "zh")
    assert "### What the inspector should look at\n\nLook at the bank statements.\n" in rule_page(rule, rulebook, "en")
    assert "督查看什么" not in rule_page(other, rulebook, "zh")


def test_what_the_inspector_should_look_at_in_chinese_alone(rules: Path) -> None:
    inspecting(rules / RULE, "inspect: 查看银行流水")
    rule = load_rulebook(rules).rule("INC-4")
    assert rule is not None
    assert (rule.inspect, rule.inspect_en) == ("查看银行流水", "查看银行流水")


def test_advisory(rules: Path) -> None:
    add(rules / RULE, "advisory: true")
    rulebook = load_rulebook(rules)
    rule = rulebook.rule("INC-4")
    assert rule is not None
    assert rule.advisory


def test_advisory_is_true_or_false(rules: Path) -> None:
    add(rules / RULE, "advisory: maybe")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    line = len((rules / RULE).read_text(encoding="utf-8").splitlines())
    assert (
        f"rules/income/INC-4.yaml，第 {line} 行：“advisory” 应为 true 或 false，不是 “maybe”。"
        in caught.value.message("zh")
    )
