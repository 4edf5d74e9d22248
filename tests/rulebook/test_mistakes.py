"""A rule file with a mistake is refused with its file, line, key and the nearest name; all mistakes in one message."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT

from audit import load_rulebook
from audit.engine.cases import run_cases
from audit.errors import RulebookError
from audit.language import Language

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
    ("flag: not monitored", "flag: net < $as_of", "“net < $as_of” 不能比较：左边是 number，右边是 date"),
    ("flag: not monitored", "flag: lifted_year = monitor_category", "不能比较：左边是 number，右边是 text"),
    ("flag: not monitored", "flag: not pc", "“pc” 里需要 bool，却是 number"),
    ("flag: not monitored", "flag: net + monitored > 0", "“net + monitored” 里需要 number，却是 bool"),
    ("flag: not monitored", "flag: heads < pc", "只知范围的计数只能与数或参数直接比较"),
    ("severity: high", "severity: high\nmeasure: lifted", "第 8 行：度量 “lifted” 应是金额类事实"),
    ("severity: high", "severity: high\nnever: [clean]", "第 8 行：没有结论 “clean”。最接近的是：clear"),
    ("severity: high", "severity: high\nnever: [clear]", "第 8 行：never 里写了 clear，却有这样的用例"),
    ("severity: high", "severity: high\namong: presentt", "第 8 行，among：“presentt” 不是 household 的事实"),
    ("evidence: [pc, lifted_year, net, population]", "evidence: pc", "第 10 行：“evidence” 应是列表"),
    ("name: income.below_line_unmonitored", "name: income.stagnant", "name “income.stagnant” 已在 rules/income/INC-1.yaml 中使用"),
    ("about_en: below the line and not monitored", "about_eng: below", "每个用例要有 about、given、outcome 三个键"),
    ("  - {about: 低于线但已监测", "# ", "第 17 行：缺少结论为 clear 的用例"),
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


PARAMETER_MISTAKES = [
    ("  type: money", "  type: euro", "没有类型 “euro”。可用：money, int, share, number, date"),
    ("  type: money", "  typ: money", "没有 “typ” 这个键。最接近的是："),
    ("  type: money", "  unit_of: yuan\n  type: money", "没有 “unit_of” 这个键"),
    ("  title: 低收入线", "  titel: 低收入线", "缺少必填的键 “title”"),
    ("{value: 4000, from: 2020-01-01", "{value: viertausend, from: 2020-01-01", "值 “viertausend” 不是 money"),
    ("{value: 0.01, from: 2020-01-01", "{value: 1.5, from: 2020-01-01", "值 “1.5” 不是 share"),
    ("{value: 4000, from: 2020-01-01", "{value: 4000, from: 2020", "from 必须是日期"),
    ("{value: 4000, from: 2020-01-01", "{value: 4000, from: 2020-01-01, until: 2019-01-01", "until 不得早于 from"),
    ("{value: 4000, from: 2020-01-01", "{value: 4000, from: 2020-01-01, area: '1399'", "地区 “1399” 应为 2、6、9 或 12 位数字"),
    ("source: 默认值，待确认（方案三(三)未写明幅度）", "source: ''", "每个值都要写明来源 source"),
    ("low_income_line:", "net:", "参数名 “net” 与事实同名"),
    ("low_income_line:", "Line-1:", "参数名 “Line-1” 与事实同名，或不是小写字母、数字和下划线"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), PARAMETER_MISTAKES)
def test_mistake_in_the_parameters(rules: Path, old: str, new: str, told: str) -> None:
    change(rules, old, new, "parameters.yaml")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    assert told in caught.value.message("zh")
    assert "parameters.yaml" in caught.value.message("zh")


def test_a_parameter_without_values(rules: Path) -> None:
    path = rules / "parameters.yaml"
    path.write_text("limit: {title: 甲, title_en: A, type: int, values: []}\n", encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    assert "rules/parameters.yaml，第 1 行：参数至少要有一个值。" in caught.value.message("zh")


@pytest.mark.parametrize("text", ["- a\n- b\n", "nothing\n"])
def test_a_file_that_is_no_mapping(rules: Path, text: str) -> None:
    (rules / "extra.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    assert "rules/extra.yaml，第 1 行：这里应是“键: 值”的形式。" in caught.value.message("zh")


def test_every_mistake_is_told_at_once(rules: Path) -> None:
    change(rules, "flag: not monitored", "flag: not monitred")
    change(rules, "severity: high", "severity: severe")
    change(rules, "{value: 4000", "{value: viertausend", "parameters.yaml")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    told = caught.value.message("en").splitlines()
    assert len(told) == 4
    assert "3" in told[0]


def told_by_the_cases(rules: Path, lang: Language = "zh") -> list[str]:
    rulebook = load_rulebook(rules)
    rule = rulebook.rule("INC-4")
    assert rule is not None
    return [mistake.message(lang) for mistake in run_cases(rulebook, (rule,))]


def test_a_case_that_fails_names_itself(rules: Path) -> None:
    change(
        rules, "pc: 3999.99, monitored: false}, outcome: flagged", "pc: 4000.01, monitored: false}, outcome: flagged"
    )
    assert told_by_the_cases(rules) == [
        "rules/income/INC-4.yaml，第 18 行，用例“低于线且未监测”：应为 flagged，实为 not_applicable。"
    ]


def test_a_boundary_without_a_case_is_told(rules: Path) -> None:
    change(rules, "pc: 4000, monitored: false", "pc: 4001, monitored: false")
    (message,) = told_by_the_cases(rules, "en")
    assert "rules/income/INC-4.yaml, line 17" in message
    assert "pc < $low_income_line" in message


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("pc: 3999.99", "pc: viel", "用例里 pc 的值 “viel” 不是 quotient"),
        ("lifted_year: 2020", "lifted_year: 2020-01-01", "用例里 lifted_year 的值 “2020-01-01” 不是 int"),
        ("lifted: true", "lifted: 1", "用例里 lifted 的值 “1” 不是 bool"),
        ("pc: 3999.99", "heads: [1, 2, 3], pc: 3999.99", "用例里 heads 的值 “[1, 2, 3]” 不是 range"),
    ],
)
def test_a_value_of_the_wrong_kind_in_a_case(rules: Path, old: str, new: str, told: str) -> None:
    change(rules, old, new)
    message = told_by_the_cases(rules)[0]
    assert message.startswith("rules/income/INC-4.yaml，第 18 行")
    assert told in message


def test_a_case_that_cannot_be_run(rules: Path) -> None:
    """An amount that no column holds is told like any mistake."""
    change(rules, "pc: 3999.99", f"pc: {10**40}")
    assert told_by_the_cases(rules)[0].startswith("rules/income/INC-4.yaml，第 18 行，用例“低于线且未监测”：执行不了（")


def test_parameters_that_cannot_be_read_are_told_alone(rules: Path) -> None:
    path = rules / "parameters.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "line: &x [1]\nother: *x\n", encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules)
    (mistake,) = caught.value.mistakes
    assert mistake.message("en").startswith("rules/parameters.yaml, line ")
    assert mistake.message("en").endswith("YAML anchors (&name, *name) are not taken. Write the content out.")
