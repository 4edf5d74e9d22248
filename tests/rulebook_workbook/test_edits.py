"""What a person edits arrives in the file it belongs to, and only there; everything else keeps its spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.rulebook_workbook import export_workbook
from tests.rulebook_workbook.conftest import FILES, Desk, Table, counts, write_rules

INC, LAB, PAR = "income/INC-4.yaml", "labour/LAB-1.yaml", "parameters.yaml"
RULES, CASES, PARAMETERS = "rules", "cases", "parameters"

#: Sheet, key of the row, cells, file, text in the file, what it becomes.
EDITS = [
    (RULES, ["INC-4"], {"title": "收入偏低"}, INC, "title: 收入低于监测线，未纳入监测", "title: 收入偏低"),
    (RULES, ["INC-4"], {"title": "  收入偏低 \n"}, INC, "title: 收入低于监测线，未纳入监测", "title: 收入偏低"),
    (RULES, ["INC-4"], {"title": "yes"}, INC, "title: 收入低于监测线，未纳入监测", "title: 'yes'"),
    (RULES, ["INC-4"], {"section": 2024}, INC, "section: 三(三)", "section: '2024'"),
    (RULES, ["INC-4"], {"severity": "轻微"}, INC, "severity: high\n", "severity: low\n"),
    (RULES, ["INC-4"], {"flag": "monitored is null"}, INC, "flag: not monitored", "flag: monitored is null"),
    (RULES, ["INC-4"], {"message": "人均 {pc} 元"}, INC, "'人均纯收入 {pc} 元，低于 {low_income_line} 元，未纳入监测'", "'人均 {pc} 元'"),
    (RULES, ["INC-4"], {"message_en": "Too low: {pc}"}, INC, '"Net income per head is {pc} yuan, below {low_income_line}."', '"Too low: {pc}"'),
    (RULES, ["INC-4"], {"evidence": "pc、lifted_year，net"}, INC, "evidence: [pc, lifted_year, net, population]", "evidence: [pc, lifted_year, net]"),
    (RULES, ["INC-4"], {"never": "不计入"}, INC, "flag: not monitored\n", "flag: not monitored\nnever: [not_counted]\n"),
    (RULES, ["INC-4"], {"measure": "net"}, INC, "severity: high\n\n# Who is asked about at all:\npopulation", "severity: high\nmeasure: net\n\n# Who is asked about at all:\npopulation"),
    (RULES, ["LAB-1"], {"indicator": "是"}, LAB, "severity: medium\n", "severity: medium\nindicator: true\n"),
    (CASES, ["INC-4", "1"], {"given": "lifted：true，lifted_year:2020, pc: 3999.95，monitored: false"}, INC, "pc: 3999.90,", "pc: 3999.95,"),
    (CASES, ["INC-4", "2"], {"about": "已监测"}, INC, "about: 低于线但已监测,", "about: 已监测,"),
    (CASES, ["INC-4", "2"], {"about_en": "monitored, so clear"}, INC, "about_en: below the line and monitored,", "about_en: 'monitored, so clear',"),
    (CASES, ["LAB-1", "1"], {"about_en": "15: ordinary"}, LAB, "about_en: '15, and ordinary'", "about_en: '15: ordinary'"),
    (CASES, ["LAB-1", "2"], {"given": "present: true, age: 14, labour_ability: none"}, LAB, "{present: true, age: 15, labour_ability: none}", "{present: true, age: 14, labour_ability: none}"),
    (PARAMETERS, ["low_income_line", "1"], {"value": "4,100.25"}, PAR, "value: 4000,", "value: 4100.25,"),
    (PARAMETERS, ["low_income_line", "1"], {"value": 4100}, PAR, "value: 4000,", "value: 4100,"),
    (PARAMETERS, ["low_income_line", "1"], {"until": "2025/12/31"}, PAR, "from: 2020-01-01, source: 方案三(三)}", "from: 2020-01-01, until: 2025-12-31, source: 方案三(三)}"),
    (PARAMETERS, ["low_income_line", "1"], {"area": "139901"}, PAR, "from: 2020-01-01, source: 方案三(三)}", "from: 2020-01-01, area: '139901', source: 方案三(三)}"),
    (PARAMETERS, ["low_income_line", "2"], {"until": "【清空】"}, PAR, "until: 2025-12-31, ", ""),
    (PARAMETERS, ["low_income_line", "2"], {"title": "监测线"}, PAR, "title: 低收入线", "title: 监测线"),
    (PARAMETERS, ["working_age", "1"], {"carry_forward": "是"}, PAR, "carry_forward: false", "carry_forward: true"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "key", "cells", "file", "old", "new"), EDITS)
def test_an_edited_cell_arrives_in_its_file_and_only_there(
    desk: Desk, sheet: str, key: list[str], cells: dict[str, object], file: str, old: str, new: str
) -> None:
    before = desk.files()
    assert FILES[file].count(old) == 1
    desk.edit(lambda tables: tables[sheet].set(key, **cells))
    trial = desk.read()
    assert (counts(trial), trial.files, trial.applied, desk.told(trial)) == ((13, 1, 0, 0), (file,), False, [])
    assert desk.files() == before
    assert desk.read(apply=True).applied
    assert desk.files() == {**before, file: FILES[file].replace(old, new).encode()}
    again = desk.read(apply=True)
    assert (counts(again), again.files) == ((14, 0, 0, 0), ())


def test_emptying_a_key_keeps_the_comments_around_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    text = FILES[LAB].replace("among: present\n", "among: present  # not the dead\n\n# how bad\n")
    text = text[: text.index("  - about: 已自然减少")]
    write_rules(desk.rules, {**FILES, LAB: text.replace("never: [undecided]", "never: [undecided, not_counted]")})
    export_workbook(desk.rules, desk.path, "zh")
    desk.edit(lambda tables: tables[RULES].set(["LAB-1"], among="【清空】"))
    assert desk.read(apply=True).applied
    after = desk.files()[LAB].decode()
    assert "among" not in after
    assert "subject: person\n\n# how bad\nseverity: medium\n" in after


def test_a_new_case_is_added_behind_the_others(desk: Desk) -> None:
    before = desk.files()

    def add(tables: dict[str, Table]) -> None:
        case = {"about": "未脱贫", "about_en": "not lifted", "given": "lifted: false", "outcome": "不适用"}
        tables[CASES].add(rule="inc-4 ", **case)
        tables[CASES].add(
            rule="LAB-1",
            number="5",
            about="年龄 15.0",
            about_en="15.0",
            given="present: true, age: 15, labour_ability: weak",
            outcome="clear",
        )

    desk.edit(add)
    assert counts(desk.read(apply=True)) == (14, 0, 2, 0)
    income = "  - {about: 未脱贫, about_en: not lifted, given: {lifted: false}, outcome: not_applicable}\n# The end.\n"
    labour = "  - about: 年龄 15.0\n    about_en: '15.0'\n    given: {present: true, age: 15, labour_ability: weak}\n    outcome: clear\n"
    expected = {INC: FILES[INC].replace("# The end.\n", income).encode(), LAB: (FILES[LAB] + labour).encode()}
    assert desk.files() == {**before, **expected}
    assert counts(desk.read(apply=True)) == (16, 0, 0, 0)


def test_a_new_value_of_a_parameter(desk: Desk) -> None:
    before = desk.files()
    desk.edit(
        lambda tables: tables[PARAMETERS].add(
            parameter="working_age", value="15", from_="2026-01-01", area="139901", source="试点"
        )
    )
    assert counts(desk.read(apply=True)) == (14, 0, 1, 0)
    added = "    - {value: 15, from: 2026-01-01, area: '139901', source: 试点}\n"
    assert desk.files() == {**before, PAR: (FILES[PAR] + added).encode()}
    assert counts(desk.read(apply=True)) == (15, 0, 0, 0)


NEW_RULE = """\
id: INC-5
name: income.new
title: 新规则
title_en: New rule
section: 三(三)
subject: household
severity: low
population: lifted
flag: pc < $new_line
evidence: []
message: 低
message_en: low
remedy: 核实
remedy_en: verify
cases:
  - {about: 低于, about_en: below, given: {lifted: true, pc: 1}, outcome: flagged}
  - {about: 正好, about_en: exactly, given: {lifted: true, pc: 10}, outcome: clear}
  - {about: 不适用, about_en: 'no', given: {lifted: false}, outcome: not_applicable}
  - {about: 未知, about_en: nothing is known, given: {}, outcome: undecided}
"""
NEW_PARAMETER = """\
new_line:
  title: 新线
  title_en: New line
  type: money
  values:
    - {value: 10, from: 2020-01-01, source: 甲}
    - {value: 12, from: 2030-01-01, source: 乙}
"""


def add_rule(tables: dict[str, Table], rule_id: str = "INC-5") -> None:
    tables[RULES].add(
        id=rule_id, name="income.new", title="新规则", title_en="New rule", section="三(三)", subject="登记农户",
        severity="轻微", population="lifted", flag="pc < $new_line", evidence="【清空】", message="低", message_en="low",
        remedy="核实", remedy_en="verify",
    )  # fmt: skip
    for about, about_en, given, outcome in (
        ("低于", "below", "lifted: true, pc: 1", "命中"),
        ("正好", "exactly", "lifted: true, pc: 10", "未命中"),
        ("不适用", "no", "lifted: false", "不适用"),
        ("未知", "nothing is known", None, "无法判断"),
    ):
        tables[CASES].add(rule=rule_id, about=about, about_en=about_en, given=given, outcome=outcome)
    shared = {"title": "新线", "title_en": "New line", "type": "金额"}
    tables[PARAMETERS].add(parameter="new_line", **shared, value="10", from_="2020-01-01", source="甲")
    tables[PARAMETERS].add(parameter="new_line", value="12", from_="2030-01-01", source="乙")


def test_a_new_rule_with_its_cases_and_its_parameter(desk: Desk) -> None:
    before = desk.files()
    desk.edit(add_rule)
    report = desk.read(apply=True)
    assert (desk.told(report), report.notes, counts(report)) == ([], (), (14, 0, 7, 0))
    expected = {"income/INC-5.yaml": NEW_RULE.encode(), PAR: (FILES[PAR] + NEW_PARAMETER).encode()}
    assert desk.files() == {**before, **expected}
    assert counts(desk.read(apply=True)) == (21, 0, 0, 0)


def test_a_new_rule_with_new_letters_gets_a_folder_of_its_own(desk: Desk) -> None:
    desk.edit(lambda tables: add_rule(tables, "ABC-1"))
    assert desk.read(apply=True).files == ("abc/ABC-1.yaml", "parameters.yaml")
    assert desk.files()["abc/ABC-1.yaml"].decode() == NEW_RULE.replace("INC-5", "ABC-1")


def test_the_spelling_of_numbers_beside_the_change_stays(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    long = (
        FILES[PAR]
        .replace("4200.50", "4200.500000000000000000001")
        .replace("carry_forward: true", "carry_forward: True")
    )
    write_rules(desk.rules, {**FILES, PAR: long})
    export_workbook(desk.rules, desk.path, "zh")
    desk.edit(lambda tables: tables[PARAMETERS].set(["working_age", "1"], value="15"))
    assert desk.read(apply=True).applied
    assert desk.files()[PAR].decode() == long.replace("value: 16", "value: 15")


def test_rows_changed_in_the_files_meanwhile_are_merged(desk: Desk) -> None:
    """Somebody edits the files after the export: rows that nobody edited in the workbook don't undo it."""
    path = desk.rules / INC
    path.write_text(FILES[INC].replace("severity: high", "severity: medium"), encoding="utf-8")
    desk.edit(lambda tables: tables[CASES].set(["INC-4", "2"], about="已监测"))
    report = desk.read(apply=True)
    assert counts(report) == (13, 1, 0, 0)
    (kept,) = [answer for answer in report.answers if answer.notes]
    assert "规则文件的这一条又被改过" in kept.notes[0].message("zh")
    after = FILES[INC].replace("severity: high", "severity: medium").replace("低于线但已监测", "已监测")
    assert path.read_text(encoding="utf-8") == after


def test_cases_that_moved_in_the_file_are_found_again(desk: Desk) -> None:
    """Somebody puts a case before the others after the export: each row still goes to its own case."""
    path = desk.rules / INC
    first = "cases:\n  - {about: 新, about_en: new, given: {lifted: false}, outcome: not_applicable}\n"
    path.write_text(FILES[INC].replace("cases:\n", first), encoding="utf-8")
    desk.edit(lambda tables: tables[CASES].set(["INC-4", "2"], about="已监测"))
    report = desk.read(apply=True)
    assert (counts(report), desk.told(report)) == ((13, 1, 0, 0), [])
    after = FILES[INC].replace("cases:\n", first).replace("低于线但已监测", "已监测")
    assert path.read_text(encoding="utf-8") == after


def test_rows_that_share_a_change_make_it_once(desk: Desk) -> None:
    def edit(tables: dict[str, Table]) -> None:
        for number in ("1", "2"):
            tables[PARAMETERS].set(["low_income_line", number], title="监测线", unit="【清空】")

    before = desk.files()
    desk.edit(edit)
    assert counts(desk.read(apply=True)) == (12, 2, 0, 0)
    after = FILES[PAR].replace("title: 低收入线\n", "title: 监测线\n").replace("  unit: 元/人·年\n", "")
    assert desk.files() == {**before, PAR: after.encode()}


def test_a_row_changed_in_both_places_is_refused(desk: Desk) -> None:
    path = desk.rules / INC
    path.write_text(FILES[INC].replace("severity: high", "severity: medium"), encoding="utf-8")
    before = desk.files()
    desk.edit(lambda tables: tables[RULES].set(["INC-4"], title="改"))
    report = desk.read(apply=True)
    assert counts(report) == (13, 0, 0, 1)
    assert desk.told(report) == [
        "工作表“规则”第 3 行（INC-4）：这个工作簿导出以后，规则文件的这一条又被改过。请重新导出，在新的工作簿里改。"
    ]
    assert desk.files() == before


def test_a_case_that_no_longer_holds_is_told_beside_its_row(desk: Desk) -> None:
    desk.edit(lambda tables: tables[PARAMETERS].set(["low_income_line", "1"], value="3500"))
    report = desk.read()
    assert not report.refused
    notes = {
        (answer.row.plan.name, answer.owner, answer.number): [note.message("zh") for note in answer.notes]
        for answer in report.answers
        if answer.notes
    }
    assert notes == {
        (CASES, "INC-4", 1): [
            "rules/income/INC-4.yaml，第 19 行，用例“低于线且未监测”：应为 flagged，实为 not_applicable。"
        ],
        (RULES, "INC-4", 0): ["rules/income/INC-4.yaml，第 18 行：没有用例正好落在 “pc < $low_income_line” 的边界上。"],
    }
