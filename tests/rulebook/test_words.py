"""Conditions in words: sentences written by hand for every form, and for the forms that are easily said wrongly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from audit import load_rulebook
from audit.language import LANGUAGES, Language
from audit.rulebook import Case, Outcome, Rule
from audit.rulebook.catalogue import rule_page
from audit.rulebook.expression import FALSE, TRUE, Node, Sort, parse_condition
from audit.rulebook.words import given_in_words, in_words
from audit.subjects import load_subject

RULEBOOK = load_rulebook()
SORTS = dict.fromkeys(RULEBOOK.parameters, Sort.NUMBER)

SENTENCES = [
    # the plan's own question
    ("household", "lifted and lifted_year < $audit_year and pc < $low_income_line",
     "脱贫户，且脱贫年度小于审计年度，且人均纯收入低于低收入线",
     "lifted household, and year lifted before the audit year, and net income per head below the low-income line"),
    # yes and no, as people say it
    ("household", "not monitored", "未纳入监测", "not monitored"),
    ("household", "not lifted", "不是脱贫户", "not a lifted household"),
    ("household", "not phone_known", "没有联系电话", "not (phone given)"),
    ("household", "not phone_valid", "并非联系电话格式正确", "not (phone well formed)"),
    ("post", "not active", "不在岗", "not active"),
    ("post", "not holder_known", "并非岗位承担人在人员名册中", "not (the holder is among the persons)"),
    ("person", "not present", "不是在册人员", "not a present person"),
    ("household", "not not monitored", "已纳入监测", "monitored"),
    ("household", "monitored = false", "未纳入监测", "not monitored"),
    ("household", "true = monitored", "已纳入监测", "monitored"),
    ("household", "monitored <> true", "未纳入监测", "not monitored"),
    ("household", "lifted = monitored", "脱贫户与已纳入监测一致", "lifted household the same as monitored"),
    # amounts
    ("household", "pc >= $low_income_line", "人均纯收入不低于低收入线", "net income per head at least the low-income line"),
    ("household", "pc <= $low_income_line", "人均纯收入不超过低收入线", "net income per head at most the low-income line"),
    ("household", "net > 0", "纯收入高于0", "net income above 0"),
    ("household", "net = 0", "纯收入等于0", "net income equal to 0"),
    ("household", "net <> 0", "纯收入不等于0", "net income other than 0"),
    ("household", "net = computed_net", "纯收入与按构成计算的纯收入一致", "net income the same as net income computed from its parts"),
    ("household", "$low_income_line > pc", "人均纯收入低于低收入线", "net income per head below the low-income line"),
    ("household", "not pc < $low_income_line", "人均纯收入不低于低收入线", "net income per head at least the low-income line"),
    # counts, ages, years
    ("person", "age < $working_age", "年龄小于劳动年龄下限", "age less than the age at which working life begins"),
    ("person", "age >= $retirement_age", "年龄不小于劳动年龄上限", "age at least the age at which working life ends"),
    ("person", "0 < posts_held", "担任过的岗位数大于0", "posts over life more than 0"),
    ("household", "heads <> 1", "户主人数不等于1", "persons entered as head other than 1"),
    ("household", "member_count <> present_persons", "家庭人口数与在册人数不一致", "declared size different from persons present"),
    ("household", "lifted_year = $audit_year", "脱贫年度等于审计年度", "year lifted the same as the audit year"),
    # codes and texts
    ("post", "sex = 'male'", "承担人性别为“男”", 'sex of the holder is "male"'),
    ("person", "labour_ability <> 'none'", "劳动能力不是“无劳动力”", 'labour ability is not "none"'),
    ("person", "labour_ability in ('weak', 'lost', 'none')", "劳动能力为“弱劳动力或半劳动力”、“丧失劳动力”或“无劳动力”",
     'labour ability is "weak", "lost" or "none"'),
    ("person", "labour_ability not in ('weak', 'lost')", "劳动能力不是“弱劳动力或半劳动力”或“丧失劳动力”",
     'labour ability is not "weak" or "lost"'),
    ("person", "labour_ability in ('weak')", "劳动能力为“弱劳动力或半劳动力”", 'labour ability is "weak"'),
    ("person", "health = '健康'", "健康状况为“健康”", 'health is "健康"'),
    ("person", "number_sex <> sex", "证件号码中的性别与性别不一致", "sex in the number different from sex"),
    # unknown
    ("person", "student_status is null", "在校生状况未填", "school status blank"),
    ("person", "sex is not null", "性别已填", "sex filled in"),
    ("household", "pc is not null", "人均纯收入已知", "net income per head known"),
    ("household", "pc is null", "人均纯收入未知", "net income per head unknown"),
    # days
    ("post", "started_on < $as_of", "聘用时间早于审计日", "started on before the day of the audit"),
    ("post", "started_on >= ended_on", "聘用时间不早于离岗时间", "started on no earlier than ended on"),
    ("person", "number_birth <> birth_date", "证件号码中的出生日期与出生日期不一致", "birth date in the number different from birth date"),
    ("post", "started_on <= $as_of - $old_age", "聘用时间不晚于审计日减高龄界限（天）",
     "started on no later than the day of the audit minus the age that is too old for a post (days)"),
    ("post", "ended_on > started_on + 1", "离岗时间晚于聘用时间加1（天）", "ended on after started on plus 1 (days)"),
    ("post", "ended_on - started_on > $old_age", "从聘用时间到离岗时间的天数大于高龄界限",
     "days from started on to ended on more than the age that is too old for a post"),
    # brackets where and and or mix
    ("person", "present and (age < 1 or sex is null)", "在册人员，且（年龄小于1，或性别未填）",
     "present person, and (age less than 1, or sex blank)"),
    ("person", "present and age < 1 or sex is null", "（在册人员，且年龄小于1），或性别未填",
     "(present person, and age less than 1), or sex blank"),
    ("person", "present and (age < 1 and sex is null)", "在册人员，且年龄小于1，且性别未填",
     "present person, and age less than 1, and sex blank"),
    ("person", "not (present and age < 1)", "并非（在册人员，且年龄小于1）", "not (present person, and age less than 1)"),
    # sums
    ("household", "(net - share_dividend) / population < $low_income_line",
     "（纯收入减资产收益扶贫分红收入）除以收入人口数低于低收入线",
     "(net income minus dividend from fiscal shares) divided by income population below the low-income line"),
    ("household", "abs(net_income - computed_net) > $money_tolerance", "填报纯收入与按构成计算的纯收入相差超过金额勾稽容差",
     "difference between reported net income and net income computed from its parts "
     "more than the tolerance of amounts that should agree"),
    ("household", "not abs(net_income - computed_net) > 1", "填报纯收入与按构成计算的纯收入相差不超过1",
     "difference between reported net income and net income computed from its parts at most 1"),
    ("household", "pc < pc_prev - $flat_tolerance * abs(pc_prev)",
     "人均纯收入低于上年人均纯收入减（收入持平的幅度乘以（上年人均纯收入的绝对值））",
     "net income per head below net income per head the year before minus "
     "(the change that counts as flat times (absolute value of net income per head the year before))"),
    ("household", "-net > production_expense + 2", "负纯收入高于生产经营性支出加2",
     "minus net income above production expense plus 2"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "condition", "chinese", "english"), SENTENCES)
def test_in_words(subject: str, condition: str, chinese: str, english: str) -> None:
    node = parse_condition(condition, load_subject(subject), SORTS)
    assert in_words(node, RULEBOOK, "zh") == chinese
    assert in_words(node, RULEBOOK, "en") == english


@pytest.mark.parametrize(("node", "chinese", "english"), [(TRUE, "全部", "all"), (FALSE, "没有", "none")])
def test_always_and_never(node: Node, chinese: str, english: str) -> None:
    assert (in_words(node, RULEBOOK, "zh"), in_words(node, RULEBOOK, "en")) == (chinese, english)


def test_months_and_years_before_a_day() -> None:
    """Functions of a date, however a rule writes them: a negative length is before."""
    started = Node("fact", Sort.DATE, value="started_on", fact=load_subject("post").facts["started_on"])
    as_of = Node("param", Sort.DATE, value="as_of")
    two = Node("literal", Sort.NUMBER, value="2")
    back = Node("neg", Sort.NUMBER, (two,))
    for op, parts, chinese, english in (
        ("add_months", (as_of, back), "聘用时间不晚于审计日减2（月）", "started on no later than the day of the audit minus 2 (months)"),
        ("add_years", (as_of, two), "聘用时间不晚于审计日加2（年）", "started on no later than the day of the audit plus 2 (years)"),
    ):  # fmt: skip
        node = Node("<=", Sort.BOOL, (started, Node(op, Sort.DATE, parts)))
        assert (in_words(node, RULEBOOK, "zh"), in_words(node, RULEBOOK, "en")) == (chinese, english)


@pytest.mark.parametrize(
    ("given", "chinese", "english"),
    [
        ({}, "什么都未知", "nothing known"),
        ({"lifted": True, "monitored": False}, "脱贫户：是；已纳入监测：否", "lifted household: yes; monitored: no"),
        ({"pc": Decimal("3999.99")}, "人均纯收入：3999.99 元", "net income per head: 3999.99 yuan"),
        ({"pc": {"n": Decimal("11999.99"), "d": 3}}, "人均纯收入：11999.99/3 元", "net income per head: 11999.99/3 yuan"),
        ({"heads": [0, 1]}, "户主人数：0 到 1 人", "persons entered as head: 0 to 1 persons"),
        ({"monitor_category": "sudden"}, "监测对象类别：突发严重困难户", "monitoring category: sudden"),
        ({"lifted_year": None}, "脱贫年度：未知", "year lifted: unknown"),
        ({"$low_income_line": 5000}, "低收入线：5000", "the low-income line: 5000"),
        ({"$as_of": date(2023, 6, 30)}, "审计日：2023-06-30", "the day of the audit: 2023-06-30"),
    ],
)  # fmt: skip
def test_what_a_case_gives(given: dict[str, object], chinese: str, english: str) -> None:
    rule = RULEBOOK.rule("INC-4")
    assert rule is not None
    case = Case("", "", given, Outcome.CLEAR, 1)
    assert given_in_words(rule, case, RULEBOOK, "zh") == chinese
    assert given_in_words(rule, case, RULEBOOK, "en") == english


def test_the_page_of_a_rule() -> None:
    rule = RULEBOOK.rule("INC-4")
    assert rule is not None
    lines = rule_page(rule, RULEBOOK, "zh").splitlines()
    assert lines[0] == "## INC-4 收入低于监测线，未纳入监测"
    for line in (
        "- **统计谁（P）：** 脱贫户，且脱贫年度小于审计年度，且人均纯收入低于低收入线"
        " — `lifted and lifted_year < $audit_year and pc < $low_income_line`",
        "- **什么算有问题（F）：** 未纳入监测 — `not monitored`",
        "- **有问题** 低于线且未监测（脱贫户：是；脱贫年度：2020；人均纯收入：3999.99 元；已纳入监测：否）",
        "- **无法判断** 收入未知（脱贫户：是；脱贫年度：2020；已纳入监测：否）",
    ):
        assert line in lines
    remedy = lines.index("### 乡镇怎么做")
    assert lines[remedy + 2] == "入户核实收入，符合条件的按程序纳入监测"
    assert any(
        line.startswith("- `$low_income_line` 低收入线: 4000 元/人·年 (2020-01-01, 全国; 方案") for line in lines
    )


@pytest.mark.parametrize(
    ("lang", "heading", "text"),
    [("zh", "### 督查看什么", "看存折"), ("en", "### What the inspector should look at", "See the bank book")],
)
def test_what_the_inspector_should_look_at(lang: Language, heading: str, text: str) -> None:
    from dataclasses import replace

    rule = RULEBOOK.rule("INC-4")
    assert rule is not None
    told = replace(rule, inspect="看存折", inspect_en="See the bank book")
    lines = rule_page(told, RULEBOOK, lang).splitlines()
    assert lines[lines.index(heading) + 2] == text
    silent = replace(rule, inspect="", inspect_en="")
    assert heading not in rule_page(silent, RULEBOOK, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=lambda rule: rule.id)
def test_every_rule_can_be_said(rule: Rule, lang: Language) -> None:
    """No name of a fact or parameter, and no sign, is left in the words."""
    for node in (rule.among, rule.population, rule.flag):
        said = in_words(node, RULEBOOK, lang)
        assert not {"$", "<", ">", "=", "_", "{", "}"} & set(said), said
