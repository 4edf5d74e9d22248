"""Why a household is flagged, clear, undecided, not applicable, not counted or not asked: worked out by hand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import AS_OF, ROOT, SAMPLE, Write
from tests.explain.made_up import made_up
from tests.policy import shipped

from audit import AuditResult, Rulebook, Settings
from audit.errors import AuditError
from audit.explain import Explanation, explain_household
from audit.explain.explanation import Answer, Standing
from audit.explain.words import explanation_lines
from audit.rulebook import Outcome

HOME = {
    "household_id": "H1", "area_code": "139901101001", "head_name": "欧阳修远", "phone": "13812345678", "member_count": "1",
    "household_type": "lifted", "lifted_year": "2019", "monitor_category": "", "risk_cleared": "", "deregistered_on": "",
}  # fmt: skip
INCOME = {"household_id": "H1", "year": "2024", "population": "1", "net_income": "3999.99"}
PERSON = {
    "person_id": "P1", "household_id": "H1", "name": "欧阳修远", "id_number": "139901197412310019", "sex": "男",
    "birth_date": "1974-12-31", "relation": "户主", "labour_ability": "ordinary", "left_on": "",
}  # fmt: skip
POST = {
    "post_id": "G1", "person_id": "P1", "post_type": "cleaner", "area_code": "139901101001",
    "started_on": "2020-01-01", "ended_on": "", "annual_pay": "3600", "attendance_days": "200",
}  # fmt: skip


def registry(write: Write, home: dict[str, str] | None = None, **tables: object) -> Path:
    given = {"households": [{**HOME, **(home or {})}], "incomes": [INCOME], "persons": [PERSON], "posts": [POST]}
    return write(**{name: rows for name, rows in {**given, **tables}.items() if rows})


def explain(
    data: Path, rule_id: str | None = None, *, rules: Path | Rulebook | None = None, settings: Settings | None = None
) -> Explanation:
    return explain_household(data, "H1", as_of=AS_OF, rule_id=rule_id, rules=rules or shipped(), settings=settings)


def answer(data: Path, rule_id: str, *, rules: Path | Rulebook | None = None) -> Answer:
    (rule,) = explain(data, rule_id, rules=rules).rules
    assert rule.status == "evaluated", rule.reason
    (one,) = rule.answers
    return one


def test_why_flagged(write_registry: Write) -> None:
    found = answer(registry(write_registry), "INC-4")
    assert found.outcome is Outcome.FLAGGED
    assert found.population.text == (
        "lifted[是] and lifted_year[2019] < $audit_year[2024] and pc[3999.99] < $low_income_line[4000]"
    )
    assert [(part.text, part.truth) for part in found.population.parts] == [
        ("lifted[是]", True),
        ("lifted_year[2019] < $audit_year[2024]", True),
        ("pc[3999.99] < $low_income_line[4000]", True),
    ]
    assert (found.flag.text, found.flag.truth) == ("not monitored[否]", True)
    assert [part.text for part in found.deciding] == ["not monitored[否]"]
    assert found.message == "人均纯收入 3999.99 元，低于 4000 元，未纳入监测"
    assert (found.place.file, found.place.rows) == ("households.csv", (2,))
    facts = {fact.name: (fact.title, fact.value, fact.unit, fact.unknown) for fact in found.facts}
    assert facts["pc"] == ("人均纯收入", {"n": "3999.99", "d": "1"}, "元", "")
    assert facts["lifted_year"] == ("脱贫年度", 2019, "", "")
    assert facts["monitored"] == ("已纳入监测", False, "", "")
    year, line = found.parameters
    assert (year.name, year.value, year.source) == ("audit_year", "2024", "")
    assert (line.value, line.valid_from, line.area, line.state) == ("4000", date(2020, 1, 1), "", "in_force")
    assert line.source.startswith("方案三(三)")


def test_a_quotient_shows_its_two_parts(write_registry: Write) -> None:
    data = registry(write_registry, incomes=[{**INCOME, "population": "3", "net_income": "12500"}])
    found = answer(data, "INC-3")
    assert found.outcome is Outcome.CLEAR
    assert found.flag.text == "pc[12500/3 = 4166.6667] < $low_income_line[4000]"
    (pc,) = [fact for fact in found.facts if fact.name == "pc"]
    assert (pc.value, pc.shown) == ({"n": "12500", "d": "3"}, "4166.6667")


def test_why_clear_says_which_comparison(write_registry: Write) -> None:
    # 12900 / 3 is over the line, and so is what remains without the dividend: exactly 4000.
    income = {**INCOME, "population": "3", "net_income": "12900", "share_dividend": "900"}
    found = answer(registry(write_registry, incomes=[income]), "INC-6")
    assert found.outcome is Outcome.CLEAR
    assert [(part.text, part.truth, part.decides) for part in found.flag.parts] == [
        ("pc[12900/3 = 4300] >= $low_income_line[4000]", True, False),
        ("(net[12900] - share_dividend[900]) / population[3] < $low_income_line[4000]", False, True),
    ]


def test_why_undecided_names_the_fact(write_registry: Write) -> None:
    found = answer(registry(write_registry, home={"lifted_year": ""}), "INC-4")
    assert found.outcome is Outcome.UNDECIDED
    assert [part.text for part in found.deciding] == ["lifted_year[未知] < $audit_year[2024]"]
    (fact,) = found.deciding_unknown
    assert (fact.name, fact.shown, fact.value, fact.unknown) == ("lifted_year", "未知", None, "脱贫年度空白")


def test_an_unknown_fact_that_changes_nothing_is_not_blamed(write_registry: Write) -> None:
    # Not lifted: whatever the year is, the rule is not about this household.
    found = answer(registry(write_registry, home={"household_type": "general", "lifted_year": ""}), "INC-4")
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert [part.text for part in found.deciding] == ["lifted[否]"]
    assert found.deciding_unknown == ()


def test_a_count_of_which_only_the_range_is_known(write_registry: Write) -> None:
    members = [PERSON, {**PERSON, "person_id": "P2", "relation": "", "id_number": ""}]
    found = answer(registry(write_registry, persons=members), "HHD-2")
    assert (found.outcome, found.flag.text, found.flag.truth) == (Outcome.UNDECIDED, "heads[1–2] <> 1", None)
    (fact,) = found.deciding_unknown
    assert (fact.value, fact.unknown) == ([1, 2], "有成员与户主关系空白时只知范围")


def test_no_unknown_fact_and_yet_no_result(write_registry: Write) -> None:
    data = registry(write_registry, persons=[{**PERSON, "left_on": "2024-01-01"}], posts=[])
    rules = made_up(flag="net / present_persons < $low_income_line")
    found = answer(data, "TRY-1", rules=rules)
    assert (found.outcome, found.deciding_unknown) == (Outcome.UNDECIDED, ())
    lines = list(explanation_lines(explain(data, "TRY-1", rules=rules), in_full=True))
    told = "没有未知的事实，但算不出结果（除数为 0，或数字过大）：? net[3999.99] / present_persons[0] < $low_income_line[4000]"
    assert any(told in line for line in lines)


def test_numbers_too_large_to_be_compared_are_undecided_as_in_an_audit(write_registry: Write) -> None:
    data = registry(write_registry, home={"member_count": "999999999999999"})
    found = answer(data, "TRY-1", rules=made_up(flag="member_count * member_count > 1"))
    assert (found.outcome, found.flag.truth) == (Outcome.UNDECIDED, None)


def test_a_persons_rule_is_asked_about_each_person(write_registry: Write) -> None:
    wrong = {**PERSON, "person_id": "P2", "name": "李四", "id_number": "139901197412310010"}
    left = {**PERSON, "person_id": "P3", "name": "王五", "left_on": "2024-06-30"}
    other = {**PERSON, "person_id": "P9", "household_id": "H2", "id_number": ""}
    data = registry(
        write_registry,
        households=[HOME, {**HOME, "household_id": "H2"}],
        persons=[PERSON, wrong, left, other],
    )
    (rule,) = explain(data, "ID-1").rules
    assert [(one.subject_id, one.person, one.outcome) for one in rule.answers] == [
        ("P1", "P1 欧***", Outcome.CLEAR),
        ("P2", "P2 李*", Outcome.FLAGGED),
        ("P3", "P3 王*", Outcome.NOT_COUNTED),
    ]
    assert [part.text for part in rule.answers[2].deciding] == ["present[否]"]
    assert rule.answers[1].message == "证件号码无效：校验码错误"
    assert (rule.answers[1].place.file, rule.answers[1].place.rows) == ("persons.csv", (3,))


def test_a_post_is_the_households_through_its_holder(write_registry: Write) -> None:
    found = answer(registry(write_registry, persons=[{**PERSON, "sex": ""}]), "PW-2")
    assert (found.subject_id, found.person, found.outcome) == ("G1", "P1 欧***", Outcome.CLEAR)
    # Fifty on the day itself: too old for either branch, whatever the sex is.
    assert [(part.text, part.truth) for part in found.deciding] == [
        ("age[50] < $male_min_age[50]", False),
        ("age[50] < $female_min_age[40]", False),
    ]


def lines(value: str, tmp_path: Path) -> Path:
    """The rules with other values of the low-income line."""
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder, dirs_exist_ok=True)
    path = folder / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("    - {value: 4000, from: 2020-01-01")
    path.write_text(text[:start] + value + text[text.index("\n", start) + 1 :], encoding="utf-8")
    return folder


def test_a_parameter_that_differs_by_area(write_registry: Write, tmp_path: Path) -> None:
    rules = lines(
        "    - {value: 3500, from: 2020-01-01, source: 全省}\n"
        "    - {value: 4500, from: 2023-01-01, area: '139901', source: 本县}\n"
        "    - {value: 6000, from: 2023-01-01, area: '139902', source: 邻县}\n",
        tmp_path,
    )
    here = answer(registry(write_registry), "INC-3", rules=rules)
    assert (here.outcome, here.flag.text) == (Outcome.FLAGGED, "pc[3999.99] < $low_income_line[4500]")
    (line,) = here.parameters
    assert (line.value, line.valid_from, line.area, line.source) == ("4500", date(2023, 1, 1), "139901", "本县")
    elsewhere = answer(registry(write_registry, home={"area_code": "139903101001"}), "INC-3", rules=rules)
    assert (elsewhere.outcome, elsewhere.parameters[0].source) == (Outcome.CLEAR, "全省")


def test_no_value_where_the_household_lives(write_registry: Write, tmp_path: Path) -> None:
    rules = lines("    - {value: 6000, from: 2023-01-01, area: '139902', source: 邻县}\n", tmp_path)
    data = registry(write_registry)
    found = answer(data, "INC-3", rules=rules)
    assert (found.outcome, found.deciding) == (Outcome.NOT_COUNTED, ())
    assert [one.name for one in found.without_value] == ["low_income_line"]
    told = list(explanation_lines(explain(data, "INC-3", rules=rules)))
    assert "  INC-3 脱贫户收入低于低收入线 [中等]：参数 $low_income_line 在 139901101001 没有有效值" in told


def test_a_value_carried_forward_says_so(write_registry: Write, tmp_path: Path) -> None:
    rules = lines("    - {value: 4000, from: 2020-01-01, until: 2022-12-31, source: 旧文件}\n", tmp_path)
    found = answer(registry(write_registry), "INC-3", rules=rules)
    assert (found.outcome, found.parameters[0].state) == (Outcome.FLAGGED, "carried_forward_unconfirmed")


def test_why_not_evaluated(write_registry: Write) -> None:
    data = registry(write_registry, posts=[{key: POST[key] for key in ("post_id", "person_id")}])
    (rule,) = explain(data, "PW-7").rules
    assert (rule.status, rule.answers) == ("not_evaluated", ())
    assert rule.reason is not None
    assert rule.reason.message("zh") == "缺少列：posts.annual_pay, posts.attendance_days"


def test_a_rule_that_fails_is_broken_alone(write_registry: Write) -> None:
    rules = made_up(flag="lifted")
    rule = rules.rules[0]
    gone = replace(rule.subject.facts["lifted"], name="gone")
    bad = replace(rule, id="TRY-2", flag=replace(rule.flag, value="gone", fact=gone))
    first, second = explain(registry(write_registry), rules=replace(rules, rules=(bad, rule))).rules
    assert (first.status, second.status) == ("broken", "evaluated")
    assert first.reason is not None
    assert first.reason.message("en").startswith("failed: ")


def test_a_missing_column_is_the_reason_for_an_unknown_fact(write_registry: Write) -> None:
    rules = made_up(flag="member_count > 0")
    rule = rules.rules[0]
    shown = replace(
        rules, rules=(replace(rule, evidence=(rule.subject.facts["vacant"], rule.subject.facts["last_grade"])),)
    )
    found = answer(registry(write_registry), "TRY-1", rules=shown)
    assert [(fact.name, fact.unknown) for fact in found.facts] == [
        ("member_count", ""),
        ("vacant", ""),
        ("last_grade", "缺少列：appraisals.appraised_on, appraisals.grade"),
    ]


def test_a_deregistered_household_is_no_subject(write_registry: Write) -> None:
    data = registry(write_registry, home={"deregistered_on": "2024-06-30"})
    found = explain(data)
    assert (found.household.standing, found.household.deregistered_on) == (Standing.DEREGISTERED, date(2024, 6, 30))
    answers = {rule.rule.id: [one.outcome for one in rule.answers] for rule in found.rules}
    assert (answers["INC-3"], answers["ID-1"], answers["PW-7"]) == ([], [Outcome.NOT_COUNTED], [Outcome.CLEAR])
    told = list(explanation_lines(found))
    assert told[2].startswith("已于 2024-06-30 注销：注销的户不是任何农户规则的对象")
    assert "  INC-3 脱贫户收入低于低收入线 [中等]：该户不是登记户" in told


def test_deregistered_tomorrow_is_registered_today(write_registry: Write) -> None:
    data = registry(write_registry, home={"deregistered_on": "2025-01-01"})
    assert explain(data, "INC-3").household.standing is Standing.REGISTERED
    assert answer(data, "INC-3").outcome is Outcome.FLAGGED


def test_a_household_that_only_other_tables_name(write_registry: Write) -> None:
    data = registry(write_registry, households=[{**HOME, "household_id": "H2"}], persons=[], posts=[])
    found = explain(data)
    assert found.household.standing is Standing.ABSENT
    assert [row.table for row in found.rows] == ["incomes"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("H12", "数据里没有户 H12，接收的行和隔离的行里都没有这个编号。最接近的是：H1, H2, H3"),
        ("P1", "P1 是人编号，不是户编号；此人所在的户是 H1。"),
        ("H1' OR true --", "数据里没有户 H1' OR true --"),
    ],
)
def test_an_unknown_household(write_registry: Write, asked: str, told: str) -> None:
    homes = [{**HOME, "household_id": name} for name in ("H1", "H2", "H3", "X99")]
    with pytest.raises(AuditError, match=asked.split(maxsplit=1)[0]) as caught:
        explain_household(registry(write_registry, households=homes), asked, as_of=AS_OF)
    assert caught.value.message("zh").startswith(told)


def test_an_unknown_rule(write_registry: Write) -> None:
    with pytest.raises(AuditError, match="没有规则 INC-44。最接近的是：INC-4"):
        explain(registry(write_registry), "INC-44")


def test_subjects_of_no_household_are_counted_and_left_out(write_registry: Write) -> None:
    helpers = [{"helper_id": f"F{number}", "name": "赵六", "phone": "12"} for number in range(3)]
    found = explain(registry(write_registry, helpers=helpers), rules=made_up("helper", flag="not phone_valid"))
    assert found.rules == ()
    ((subject, count, rules),) = [(one.subject.name, one.subjects, one.rules) for one in found.left_out]
    assert (subject, count, rules) == ("helper", 3, ("TRY-1",))
    assert "与农户无关的对象不在此列：帮扶责任人 3 个（TRY-1）" in list(explanation_lines(found))


def test_names_are_masked_unless_asked_for(write_registry: Write) -> None:
    data = registry(write_registry)
    hidden = "\n".join(explanation_lines(explain(data)))
    for secret in ("欧阳修远", "13812345678", "139901197412310019"):
        assert secret not in hidden
    for shown in ("户主 欧***", "户联系电话 138******78", "证件号码 139901***********9"):
        assert shown in hidden
    shown = "\n".join(explanation_lines(explain(data, settings=Settings(show_personal=True))))
    for open_value in ("户主 欧阳修远", "户联系电话 13812345678", "证件号码 139901197412310019"):
        assert open_value in shown


def test_what_somebody_must_look_at_comes_first_and_in_full(write_registry: Write) -> None:
    told = list(explanation_lines(explain(registry(write_registry, home={"phone": ""}))))
    headings = [line.partition("（")[0] for line in told if line.endswith("）") and not line.startswith(" ")]
    assert headings[:4] == ["命中", "无法判断", "没有问题", "不适用"]
    assert "未执行" in headings
    start = told.index("  INC-4 收入低于监测线，未纳入监测 [严重]：人均纯收入 3999.99 元，低于 4000 元，未纳入监测")
    assert told[start + 1 : start + 7] == [
        "    适用条件 √ lifted[是] and lifted_year[2019] < $audit_year[2024] and pc[3999.99] < $low_income_line[4000]",
        "      √ lifted[是]",
        "      √ lifted_year[2019] < $audit_year[2024]",
        "      √ pc[3999.99] < $low_income_line[4000]",
        "    命中条件 √ not monitored[否] ←",
        "    事实",
    ]
    # A clear rule takes one line.
    place = told.index("  HHD-1 家庭人口数与在册人数不符 [中等]：因为 × member_count[1] <> present_persons[1]")
    assert told[place + 1].startswith("  ") and not told[place + 1].startswith("   ")


def test_in_english(write_registry: Write) -> None:
    found = explain(registry(write_registry, home={"lifted_year": ""}), "INC-4", settings=Settings(lang="en"))
    told = list(explanation_lines(found))
    assert told[0] == "Household H1, head 欧***, 139901101001"
    assert (
        "  INC-4 Income below the line, household not monitored [high]: because these facts are unknown: "
        "lifted_year, year lifted: unknown (the year is blank)" in told
    )
    assert "      ? lifted_year[unknown] < $audit_year[2024] ←" in told


@pytest.mark.parametrize("household", ["139903101001006", "139903101002016"])
def test_it_says_what_the_audit_found(sample_run: AuditResult, household: str) -> None:
    found = explain_household(SAMPLE, household, as_of=AS_OF)
    told = {
        (rule.rule.id, one.subject_id, one.message)
        for rule in found.rules
        for one in rule.answers
        if one.outcome is Outcome.FLAGGED and not rule.rule.indicator
        # Findings about a village name no household.
        if rule.rule.subject.name not in {"village", "village_post_type", "township"}
    }
    findings = sample_run.relation("findings").filter(f"household_id = '{household}'")
    assert told == set(findings.project("rule_id, subject_id, message").fetchall())
