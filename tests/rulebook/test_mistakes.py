"""A rule file with a mistake is refused with its file, line, key and the nearest name; all mistakes in one message."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT

from audit import load_rulebook
from audit.errors import RulebookError

RULE = "income/INC-4.yaml"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules"


def change(rules: Path, old: str, new: str, file: str = RULE) -> None:
    path = rules / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


MISTAKES = [
    ("flag: not monitored", "flag: not monitred", "第 9 行，flag：“monitred” 不是 household 的事实。最接近的是：monitored"),
    ("flag: not monitored", "flag: age > 3", "“age” 不是 household 的事实"),
    ("flag: not monitored", "flag: pc < 4000", "数字 4000 属于政策，请写成参数"),
    ("flag: not monitored", "flag: pc < $low_line", "没有参数 “$low_line”。最接近的是：low_income_line"),
    ("flag: not monitored", "flag: pc", "“pc” 不是条件"),
    ("flag: not monitored", "flag: lifted > pc", "“lifted > pc” 不能比较：左边是 bool，右边是 number"),
    ("flag: not monitored", "flag: monitor_category = 'unstabel'", "“unstabel” 不在代码表里。最接近的是：unstable"),
    ("flag: not monitored", "flag: not (", "看不懂"),
    ("flag: not monitored", "flag: (SELECT true)", "不允许出现在规则里"),
    ("flag: not monitored", "flag: read_text('/etc/passwd') = 'x'", "不允许出现在规则里"),
    ("flag: not monitored", "flag: monitored; DROP TABLE households", "不允许出现在规则里"),
    ("flag: not monitored", "flag: pc < $low_income_line -- monitored", "不允许出现在规则里"),
    ("severity: high", "severity: severe", "第 7 行：严重程度 “severe” 应为以下之一：high, medium, low"),
    ("severity: high", "severty: high", "没有 “severty” 这个键。最接近的是：severity"),
    ("subject: household", "subject: home", "没有 “home” 这种对象"),
    ("evidence: [pc,", "evidence: [pcc,", "“pcc” 不是 household 的事实或参数。最接近的是：pc"),
    ("人均纯收入 {pc} 元", "人均纯收入 {wage_income} 元", "用了 {wage_income}，它不在 evidence 里"),
    ("人均纯收入 {pc} 元", "人均纯收入 {pc 元", "花括号不配对"),
    ("id: INC-4", "id: inc4", "编号 “inc4” 应为大写字母加短横线加数字"),
    ("id: INC-4", "id: INC-3", "id “INC-3” 已在 rules/income/INC-3.yaml 中使用"),
    ("remedy: 入户", "remedy_zh: 入户", "缺少必填的键 “remedy”"),
    ("outcome: clear", "outcome: cleared", "没有结论 “cleared”。最接近的是：clear"),
    ("lifted: true, lifted_year: 2020, pc: 3999.99", "lifed: true, lifted_year: 2020, pc: 3999.99", "“lifed” 不是 household 的事实或参数。最接近的是：lifted"),
    ("title: 收入低于监测线", "title: 甲\ntitle: 收入低于监测线", "第 4 行"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES)
def test_mistake(rules: Path, old: str, new: str, told: str) -> None:
    change(rules, old, new)
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    message = caught.value.message("zh")
    assert told in message
    assert f"rules/{RULE}" in message


def test_every_mistake_is_told_at_once(rules: Path) -> None:
    change(rules, "flag: not monitored", "flag: not monitred")
    change(rules, "severity: high", "severity: severe")
    change(rules, "{value: 4000", "{value: viertausend", "parameters.yaml")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    told = caught.value.message("en").splitlines()
    assert len(told) == 4
    assert "3" in told[0]


def test_a_case_that_fails_names_itself(rules: Path) -> None:
    from audit.engine.cases import run_cases

    change(
        rules, "pc: 3999.99, monitored: false}, outcome: flagged", "pc: 4000.01, monitored: false}, outcome: flagged"
    )
    rulebook = load_rulebook(rules)
    rule = rulebook.rule("INC-4")
    assert rule is not None
    told = [mistake.message("zh") for mistake in run_cases(rulebook, (rule,))]
    assert told == ["rules/income/INC-4.yaml，第 18 行，用例“低于线且未监测”：应为 flagged，实为 not_applicable。"]


def test_a_boundary_without_a_case_is_told(rules: Path) -> None:
    from audit.engine.cases import run_cases

    change(rules, "pc: 4000, monitored: false", "pc: 4001, monitored: false")
    rulebook = load_rulebook(rules)
    rule = rulebook.rule("INC-4")
    assert rule is not None
    told = [mistake.message("en") for mistake in run_cases(rulebook, (rule,))]
    assert len(told) == 1
    assert "pc < $low_income_line" in told[0]
