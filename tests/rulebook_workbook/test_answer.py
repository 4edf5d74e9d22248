"""The answer workbook: the same sheets with a result on each row, coloured, and good to go on with."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from audit.rulebook_workbook import import_workbook, write_answer
from tests.rulebook_workbook.conftest import FILES, Desk, Table, counts

YELLOW, GREEN, RED = "FFFFF2CC", "FFE2EFDA", "FFF8CBAD"


def edit(tables: dict[str, Table]) -> None:
    tables["rules"].set(["INC-4"], title="=收入偏低")
    sheet = tables["rules"].sheet
    sheet.cell(3, tables["rules"].columns["title"]).data_type = "s"
    tables["cases"].add(rule="INC-4", about="未脱贫", about_en="not lifted", given="lifted: false", outcome="不适用")


def answered(desk: Desk, *, apply: bool) -> dict[str, Worksheet]:
    report = desk.read(apply=apply)
    write_answer(report, desk.path.with_name("answer.xlsx"), "zh")
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(desk.path.with_name("answer.xlsx"))}


def colour(sheet: Worksheet, row: int, header: str) -> str:
    (column,) = [cell.column for cell in sheet[1] if cell.value == header]
    return str(sheet.cell(row, column).fill.fgColor.rgb)


def test_results_and_colours(desk: Desk) -> None:
    desk.edit(edit)
    desk.edit(lambda tables: tables["rules"].set(["LAB-1"], severity="严种"))
    book = answered(desk, apply=True)
    assert list(book) == ["规则", "案例", "参数", "说明", "选项"]
    rules, cases = book["规则"], book["案例"]
    assert [rules.cell(row, 1).value for row in (1, 2, 3, 4)] == [
        "result",
        "导入结果",
        "已改\n标题：“收入低于监测线，未纳入监测” → “=收入偏低”",
        "拒绝\n严重程度：没有这个选项。最接近的是：严重。请从下拉列表中选。",
    ]
    assert [colour(rules, 3, name) for name in ("result", "title")] == [YELLOW, YELLOW]
    assert [colour(rules, 4, name) for name in ("result", "severity")] == [RED, RED]
    assert colour(rules, 4, "title") != RED
    assert (cases.cell(12, 1).value, colour(cases, 12, "result"), colour(cases, 12, "about")) == ("新增", GREEN, GREEN)
    assert book["说明"].cell(1, 1).value == "不变 12 行，已改 1 行，新增 1 行，拒绝 1 行。"
    title = next(cell for cell in rules[3] if cell.value == "=收入偏低")
    assert (title.data_type, title.number_format) == ("s", "@")


def test_people_correct_the_answer_and_send_it_again(desk: Desk) -> None:
    desk.edit(edit)
    desk.edit(lambda tables: tables["rules"].set(["LAB-1"], severity="严种"))
    before = desk.files()
    answered(desk, apply=True)
    assert desk.files() == before
    desk.path = desk.path.with_name("answer.xlsx")
    desk.edit(lambda tables: sheet_set(tables["rules"], "LAB-1", "severity", "严重"))
    assert counts(desk.read(apply=True)) == (12, 2, 1, 0)
    assert "severity: high" in desk.files()["labour/LAB-1.yaml"].decode()


def sheet_set(table: Table, rule_id: str, header: str, value: str) -> None:
    (row,) = [cell.row for cell in table.sheet["B"] if cell.value == rule_id]
    table.sheet.cell(row, table.columns[header]).value = value


def test_after_writing_people_go_on_in_the_answer(desk: Desk) -> None:
    """Numbers and versions in it are those of the files as they now are."""
    desk.edit(edit)
    answered(desk, apply=True)
    answer = desk.path.with_name("answer.xlsx")
    assert counts(import_workbook(answer, desk.rules, apply=True)) == (15, 0, 0, 0)
    desk.path = answer
    desk.edit(lambda tables: sheet_set(tables["rules"], "INC-4", "title", "再改"))

    def change_the_new_case(tables: dict[str, Table]) -> None:
        sheet, columns = tables["cases"].sheet, tables["cases"].columns
        assert sheet.cell(12, columns["number"]).value == "6"
        sheet.cell(12, columns["about"]).value = "一般农户"

    desk.edit(change_the_new_case)
    assert counts(desk.read(apply=True)) == (13, 2, 0, 0)
    wanted = FILES["income/INC-4.yaml"].replace("title: 收入低于监测线，未纳入监测", "title: 再改")
    case = "  - {about: 一般农户, about_en: not lifted, given: {lifted: false}, outcome: not_applicable}\n"
    assert desk.files()["income/INC-4.yaml"].decode() == wanted.replace("# The end.\n", f"{case}# The end.\n")


def test_the_exported_workbook_is_made_for_people(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    rules = book["规则"]
    assert [cell.value for cell in rules[2]][:4] == ["规则编号", "版本（请勿改动）", "英文名", "标题"]
    assert rules.row_dimensions[1].hidden
    assert rules.column_dimensions["B"].hidden
    assert rules.freeze_panes == "B3"
    assert rules["D3"].alignment.wrap_text
    assert (rules["F3"].value, rules["I3"].value) == ("三(三)", "严重")
    lists = {str(one.sqref): one.formula1 for one in rules.data_validations.dataValidation}
    assert lists["I3:I503"] == "options_severity"
    assert book.defined_names["options_severity"].attr_text == "'选项'!$A$2:$A$4"
    assert [cell.value for cell in book["选项"]["A"]][:4] == ["严重程度", "严重", "中等", "轻微"]
    assert book["选项"].sheet_state == "hidden"
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row if cell.value is not None}
    assert kinds == {"s"}
    cases = book["案例"]
    assert [cell.value for cell in cases[3]] == [
        "INC-4", "1", cases["C3"].value, "低于线且未监测", "below the line and not monitored",
        "lifted: true, lifted_year: 2020, pc: 3999.90, monitored: false", "命中",
    ]  # fmt: skip


def test_a_text_that_no_cell_holds(desk: Desk, tmp_path: Path) -> None:
    import pytest

    from audit.errors import RunError
    from audit.rulebook_workbook import export_workbook

    path = desk.rules / "income" / "INC-4.yaml"
    path.write_text(FILES["income/INC-4.yaml"].replace("三(三)", "三" * 32_768), encoding="utf-8")
    with pytest.raises(RunError, match=r"“规则”，INC-4 的 section 超过 32767 个字"):
        export_workbook(desk.rules, tmp_path / "out.xlsx", "zh")
    with pytest.raises(RunError, match="无法写入"):
        export_workbook(Path(__file__).parents[2] / "rules", tmp_path / "nowhere" / "out.xlsx", "zh")
