"""What can't be taken is refused with sheet, row, column, value and remedy; then nothing at all is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from audit.errors import InputError
from tests.rulebook_workbook.conftest import FILES, Desk, Table, counts, write_rules
from tests.rulebook_workbook.test_edits import add_rule

Tables = dict[str, Table]

#: What a person does, the rows that are refused, and what they are told.
REFUSED: list[tuple[str, Callable[[Tables], object], list[str]]] = [
    (
        "a word that is in no list",
        lambda tables: tables["rules"].set(["INC-4"], severity="严种"),
        ["工作表“规则”第 3 行 I 列（INC-4，严重程度）“严种”：没有这个选项。最接近的是：严重。请从下拉列表中选。"],
    ),
    (
        "an unknown outcome",
        lambda tables: tables["cases"].set(["INC-4", "1"], outcome="flaged"),
        ["工作表“案例”第 3 行 G 列（INC-4，应得结论）“flaged”：没有这个选项。最接近的是：flagged。请从下拉列表中选。"],
    ),
    (
        "an outcome in a list",
        lambda tables: tables["rules"].set(["LAB-1"], never="无法判断, 没有"),
        ["工作表“规则”第 4 行 N 列（LAB-1，不会出现的结论）“无法判断, 没有”：没有这个选项。最接近的是："],
    ),
    (
        "a case of a rule that is not there",
        lambda tables: tables["cases"].add(rule="INC-44", about="x", about_en="x", given="pc: 1", outcome="clear"),
        ["工作表“案例”第 12 行 A 列（INC-44，规则编号）“INC-44”：没有这条规则。最接近的是：INC-4。新规则请先在“规则”表里加一行。"],
    ),
    (
        "an id that is none",
        lambda tables: tables["rules"].add(id="../../x", name="x"),
        ["（../../X，规则编号）“../../x”：规则编号应为大写字母加短横线加数字，例如 INC-11。"],
    ),
    (
        "a parameter's name that is none",
        lambda tables: tables["parameters"].add(parameter="Low Line", value="1"),
        ["（LowLine，参数名）“Low Line”：参数名应为小写字母、数字和下划线。最接近的已有参数：low_income_line"],
    ),
    (
        "a row that does not say what it is about",
        lambda tables: tables["cases"].add(about="x", outcome="clear"),
        ["工作表“案例”第 12 行 A 列（–，规则编号）：没有写是哪一条规则或哪个参数。请补上。"],
    ),
    (
        "facts that are not understood",
        lambda tables: tables["cases"].set(["INC-4", "1"], given="lifted, pc: 3999.99"),
        ["工作表“案例”第 3 行 F 列（INC-4，已知事实）“lifted, pc: 3999.99”：看不懂。请写成“事实: 值, 事实: 值”"],
    ),
    (
        "a percentage",
        lambda tables: tables["parameters"].set(["low_income_line", "1"], value="1%"),
        ["工作表“参数”第 3 行 J 列（low_income_line，值）“1%”：不是数，也不是日期。请写数字（1% 写成 0.01）"],
    ),
    (
        "a day that does not exist",
        lambda tables: tables["parameters"].set(["low_income_line", "1"], until="2025-02-30"),
        ["“2025-02-30”：不是日期。请写成 2025-01-01 这样。"],
    ),
    (
        "a serial number for a day",
        lambda tables: tables["parameters"].set(["low_income_line", "1"], until=45000),
        ["“45000”：不是日期。请写成 2025-01-01 这样。"],
    ),
    (
        "a number that counts nothing",
        lambda tables: tables["cases"].add(rule="INC-4", number="一", about="x", about_en="x", given="", outcome="clear"),
        ["“一”：序号应为 1、2、3……；新增的行请留空。"],
    ),
    (
        "a formula that nobody worked out",
        lambda tables: tables["rules"].set(["INC-4"], title="=1+1"),
        ["工作表“规则”第 3 行 D 列（INC-4，标题）：公式还没有算出结果。请用 Excel 或 WPS 打开、保存后再导入，或直接写值。"],
    ),
    (
        "a fact that does not exist",
        lambda tables: tables["rules"].set(["INC-4"], flag="not monitred"),
        ["工作表“规则”第 3 行 M 列（INC-4，命中条件）“not monitred”：rules/income/INC-4.yaml，第 12 行，flag：“monitred” 不是 household 的事实。最接近的是：monitored"],
    ),
    (
        "a fact that does not exist, in a case",
        lambda tables: tables["cases"].set(["LAB-1", "2"], given="present: true, agee: 15, labour_ability: none"),
        ["工作表“案例”第 9 行 F 列（LAB-1，已知事实）“present: true, agee: 15, labour_ability: none”：rules/labour/LAB-1.yaml，第 24 行：“agee” 不是 person 的事实或参数。最接近的是：age"],
    ),
    (
        "a key that must be there, emptied",
        lambda tables: tables["rules"].set(["INC-4"], remedy="【清空】"),
        ["工作表“规则”第 3 行 R 列（INC-4，整改办法）“【清空】”：rules/income/INC-4.yaml，第 2 行：缺少必填的键 “remedy”。"],
    ),
    (
        "the only case of its kind, changed",
        lambda tables: tables["cases"].set(["INC-4", "5"], outcome="未命中"),
        ["工作表“案例”第 7 行（INC-4）：rules/income/INC-4.yaml，第 18 行：缺少结论为 undecided 的用例"],
    ),
    (
        "a value of another kind",
        lambda tables: tables["parameters"].set(["working_age", "1"], value="16.5"),
        ["工作表“参数”第 5 行（working_age）：rules/parameters.yaml，第 21 行：值 “16.5” 不是 int。"],
    ),
    (
        "a new rule that says next to nothing",
        lambda tables: tables["rules"].add(id="INC-44", name="income.x", title="x"),
        [
            "工作表“规则”第 5 行 F 列（INC-44，出处）：rules/income/INC-44.yaml，第 1 行：缺少必填的键 “section”。",
            "缺少必填的键 “cases”。",
        ],
    ),
    (
        "a new value without a source",
        lambda tables: tables["parameters"].add(parameter="working_age", value="15", from_="2026-01-01"),
        ["工作表“参数”第 6 行（working_age）：rules/parameters.yaml，第 22 行：每个值都要写明来源 source。"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused(desk: Desk, change: Callable[[Tables], object], told: list[str]) -> None:
    def edit(tables: Tables) -> None:
        change(tables)
        # A change that would be right by itself: it must not be written either.
        tables["rules"].set(["LAB-1"], title="另一处改动")

    before = desk.files()
    desk.edit(edit)
    report = desk.read(apply=True)
    lines = desk.told(report)
    for words in told:
        assert any(words in line for line in lines), lines
    assert counts(report)[3] == 1
    assert (report.refused, report.applied) == (True, False)
    assert desk.files() == before


def sheet_of(table: Table) -> Worksheet:
    return table.sheet


def test_the_same_row_twice_is_one_if_it_says_the_same(desk: Desk) -> None:
    def copy(tables: Tables) -> None:
        sheet = sheet_of(tables["cases"])
        sheet.append([cell.value for cell in sheet[4]])

    desk.edit(copy)
    report = desk.read()
    assert counts(report) == (15, 0, 0, 0)
    assert [note.message("zh") for answer in report.answers for note in answer.notes] == ["与第 4 行相同。"]


def test_the_same_row_twice_is_refused_if_it_says_two_things(desk: Desk) -> None:
    def copy(tables: Tables) -> None:
        sheet = sheet_of(tables["cases"])
        sheet.append([cell.value for cell in sheet[4]])
        sheet.cell(sheet.max_row, tables["cases"].columns["about"]).value = "另一个"

    desk.edit(copy)
    report = desk.read()
    assert counts(report) == (13, 0, 0, 2)
    assert all("同一条写了几次，内容不同（第 4, 12 行）" in line for line in desk.told(report))


def test_two_rows_that_want_different_things_of_one_parameter(desk: Desk) -> None:
    def edit(tables: Tables) -> None:
        tables["parameters"].set(["low_income_line", "1"], title="甲")
        tables["parameters"].set(["low_income_line", "2"], title="乙")

    desk.edit(edit)
    report = desk.read()
    assert counts(report) == (12, 0, 0, 2)
    assert [line.partition("：")[2] for line in desk.told(report)] == [
        "第 3, 4 行对同一处写得不一样。请写成一样的，或只在一行里改。"
    ] * 2


def test_a_typed_row_does_not_replace_what_is_there(desk: Desk) -> None:
    """A row that was not exported and names an old case would overwrite it unseen."""

    def edit(tables: Tables) -> None:
        sheet_of(tables["cases"]).delete_rows(tables["cases"].row("INC-4", "5"))
        tables["cases"].add(rule="INC-4", number="5", about="x", about_en="x", given="lifted: false", outcome="不适用")

    desk.edit(edit)
    report = desk.read()
    assert counts(report) == (13, 0, 0, 1)
    assert "这个序号已有案例" in desk.told(report)[0]


@pytest.mark.parametrize("rule_id", ["ABC-1", "INC-5"])
def test_a_new_rule_with_the_name_of_another(desk: Desk, rule_id: str) -> None:
    """The new row is to blame, whichever of the two files is read first."""

    def edit(tables: Tables) -> None:
        add_rule(tables, rule_id)
        tables["rules"].set([rule_id], name="income.below_line_unmonitored")

    desk.edit(edit)
    report = desk.read()
    (line,) = desk.told(report)
    assert line.startswith(f"工作表“规则”第 5 行（{rule_id}）：rules/") or "英文名" in line
    assert "name “income.below_line_unmonitored” 已在" in line


def test_a_mistake_that_no_row_is_to_blame_for(desk: Desk) -> None:
    desk.edit(lambda tables: tables["parameters"].set(["low_income_line", "1"], type="日期", value="2020-01-01"))
    desk.edit(lambda tables: tables["parameters"].set(["low_income_line", "2"], type="日期", value="2020-01-01"))
    report = desk.read(apply=True)
    assert report.refused
    assert counts(report)[3] == 0
    assert any("rules/income/INC-4.yaml，第 11 行，population" in line for line in desk.told(report))


def test_error_cells_and_merged_cells(desk: Desk) -> None:
    import xlsxwriter

    def merge(tables: Tables) -> None:
        sheet_of(tables["cases"]).merge_cells("D4:D5")

    desk.edit(merge)
    lines = desk.told(desk.read())
    assert [line.partition("：")[2][:8] for line in lines] == ["这里是合并单元格", "这里是合并单元格"]
    book = xlsxwriter.Workbook(str(desk.path))
    sheet = book.add_worksheet("规则")
    sheet.write_row(0, 0, ["id", "version", "title", "severity"])
    sheet.write_row(1, 0, ["INC-4", "", "", "高"])
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    book.close()
    assert desk.told(desk.read())[0] == (
        "工作表“规则”第 2 行 C 列（INC-4，标题）：单元格是错误值 #DIV/0!。请改正公式，或直接写值。"
    )


def test_a_formula_that_was_worked_out_gives_its_value(desk: Desk) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(desk.path))
    sheet = book.add_worksheet("x")
    sheet.write_row(0, 0, ["id", "title", "severity"])
    sheet.write_string(1, 0, "INC-4")
    sheet.write_formula(1, 1, '="改"&"了"', None, "改了")
    book.close()
    (answer,) = desk.read().answers
    assert [(change.column, change.new) for change in answer.changes] == [("title", "改了")]


def test_workbooks_that_are_not_understood(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    book.copy_worksheet(book["规则"])
    book.save(desk.path)
    with pytest.raises(InputError, match="是同一种表。请只保留一个。"):
        desk.read()
    del book["规则"]
    sheet = cast("Worksheet", book.worksheets[-1])
    sheet.cell(1, 30).value = "title"
    book.save(desk.path)
    with pytest.raises(InputError, match="列 title 出现了两次"):
        desk.read()
    for sheet in book.worksheets[:-1]:
        book.remove(sheet)
    book.worksheets[0].delete_rows(1, 2)
    book.save(desk.path)
    with pytest.raises(InputError, match="没有找到规则、案例或参数的工作表"):
        desk.read()


def test_a_sheet_of_cases_without_numbers(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    book["案例"].delete_cols(2)
    book.save(desk.path)
    with pytest.raises(InputError, match="缺少列 number"):
        desk.read()


def test_rules_that_have_mistakes_before(desk: Desk) -> None:
    from audit.errors import RulebookError

    write_rules(desk.rules, {"income/INC-4.yaml": FILES["income/INC-4.yaml"].replace("not monitored", "not monitred")})
    with pytest.raises(RulebookError):
        desk.read()


def test_a_file_that_can_not_be_edited_reliably(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in rewriting YAML: a file that would say something else is not written."""
    from audit.rulebook_workbook import write_back

    monkeypatch.setattr(write_back, "edit_text", lambda text, edits: text.replace("三(三)", "三(四)"))
    before = desk.files()
    desk.edit(lambda tables: tables["rules"].set(["INC-4"], title="改"))
    report = desk.read(apply=True)
    assert (counts(report), desk.files()) == ((13, 0, 0, 1), before)
    assert "income/INC-4.yaml：文件的写法太特殊，无法可靠地改写。请直接在规则文件里改。" in desk.told(report)[0]
