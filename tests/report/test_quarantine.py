"""What could not be read: by file and column, what to mend, and the workbook to send back."""

from __future__ import annotations

import openpyxl
import pytest

from audit import AuditResult
from audit.report.quarantine.page import mend
from audit.report.quarantine.shown import shown_fault, shown_under
from tests.report.reading import page, rows, shown


def test_reasons_by_file_with_examples_and_what_to_mend(sample_run: AuditResult) -> None:
    html = page(sample_run, "quarantine.html")
    posts, incomes, wide = (panel for panel in html.partition('id="cells"')[0].split('<section class="panel"')[1:])
    assert "公益性岗位台账.xls [岗位台账]" in shown(posts)
    assert rows(posts) == [["人编号 公益性岗位", "必填项空白", "1", "第 19 行 空白", "“人编号”必须填写。请补填。"]]
    (line,) = rows(incomes)
    assert line[1] == "号码被 Excel 变成数字，已丢失位数"
    assert "请勿手工补写" in line[4]
    lines = {(row[0], row[1]): row for row in rows(wide)}
    unknown = lines["户编号 家庭成员信息", "找不到所属户"]
    assert unknown[2] == "2"
    assert unknown[3] == "第 262 行 139903102002003 第 263 行 139903102002003"
    assert lines["证件号码 家庭成员信息", "号码被 Excel 变成数字，已丢失位数"][3] == "第 257 行 1.3990*************7"


def test_cells_that_count_as_unknown(sample_run: AuditResult) -> None:
    cells = page(sample_run, "quarantine.html").partition('id="cells"')[2]
    told = shown(cells)
    assert "第 141 行 壮劳力" in told
    assert "请把“劳动技能”写成下列之一：普通劳动力、技能劳动力、" in told
    assert "第 175 行 1979-02-30 请把“出生日期”写成真实存在的日期，例如 2024-01-31。" in told
    assert "13900000000" not in told


def test_the_workbook_has_the_rows_as_read_with_the_faulty_cell_marked(sample_run: AuditResult) -> None:
    book = openpyxl.load_workbook(sample_run.folder / "quarantine.xlsx")
    assert book.sheetnames == [
        "说明", "户信息（整行）", "户信息（单元格）", "收入信息（整行）", "收入信息（单元格）", "家庭成员信息（整行）",
        "家庭成员信息（单元格）", "公益性岗位（整行）", "公益性岗位（单元格）",
    ]  # fmt: skip
    sheet = book["户信息（整行）"]
    heads = [cell.value for cell in sheet[1]]
    line = dict(zip(heads, sheet[2], strict=True))
    assert [cell.value for cell in sheet[2]][:6] == [
        "防返贫监测信息.xlsx", "监测信息", "262", "行政区划代码", "13990310200", "无法读取"
    ]  # fmt: skip
    marked = [head for head, cell in line.items() if cell.fill.start_color.rgb == "FFFFC7CE"]
    assert marked == ["有错的列", "读到的内容", "村代码"]
    assert line["户主姓名"].value == "吴**"
    assert line["证件号码"].value == "139903***********6"
    assert line["户联系电话"].value == "138******31"
    assert line["序号"].value == "*"  # nobody has said what stands in it
    assert {cell.data_type for one in book for row in one.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize(
    ("table", "column", "reason", "told"),
    [
        ("households", "household_id", "duplicate_key",
         "“户编号”与前面的行相同，只保留了最先读到的一行。请核对是否重复登记：重复的删去，不重复的改正编号。"),
        ("posts", "annual_pay", "unreadable", "请把“annual_pay”写成金额，例如 4000 或 4000.50。"),
        ("households", "risk_cleared", "unreadable", "请把“风险是否消除”写成“是”或“否”。"),
        ("persons", "sex", "unreadable", "请把“性别”写成下列之一：男、女。"),
    ],
)  # fmt: skip
def test_what_to_mend(table: str, column: str, reason: str, told: str) -> None:
    from audit.contract import TABLES

    assert mend(table, column, reason, "zh") == told.replace(column, TABLES[table].by_name[column].title)


def test_what_looks_like_a_persons_number_is_masked_wherever_it_stands() -> None:
    assert shown_fault("persons", "student_status", "见139901198001010011", show_personal=False) == (
        "见139901***********1"
    )
    assert shown_fault("persons", "health", "电话13812345678", show_personal=False) == "电话138******78"
    assert shown_fault("households", "area_code", "13990310200", show_personal=False) == "13990310200"
    assert shown_under("备注", "任何内容", show_personal=False) == "*"
    assert shown_under("姓 名", "王小明", show_personal=False) == "王**"
    assert shown_under("备注", "任何内容", show_personal=True) == "任何内容"


def test_the_same_rows_make_the_same_workbook(sample_run: AuditResult, second_sample_run: AuditResult) -> None:
    first, second = ((run.folder / "quarantine.xlsx").read_bytes() for run in (sample_run, second_sample_run))
    assert first == second
