"""Sheets as they really arrive: encodings, delimiters, title rows, duplicate headers, totals, row numbers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt

from audit import AuditResult

Audit = Callable[..., AuditResult]
HEAD = ("户编号", "村代码", "家庭人口数", "联系电话", "户类型")
ROW = ("H1", "139901101001", "4", "13", "脱贫户")


def homes(run: AuditResult) -> list[tuple[object, ...]]:
    """Subject, file and row of the households whose phone is wrong: HHD-3 finds each of them."""
    found = run.relation("findings").filter("rule_id = 'HHD-3'")
    return found.project("subject_id, source_file, source_row").fetchall()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, audited: Audit, encoding: str, delimiter: str) -> None:
    text = "".join(delimiter.join(line) + "\r\n" for line in (HEAD, ROW))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "households.csv").write_bytes(text.encode(encoding))
    assert homes(audited(tmp_path / "in")) == [("H1", "households.csv", 2)]


def test_header_below_title_rows_full_width_and_wrapped(tmp_path: Path, audited: Audit) -> None:
    lines = [
        "某县户信息表,,,,",
        ",,,,",
        "填报单位：,,,,",
        "户 编号,村代码,家庭人口数（人）,＝,户联系电话",
        '"=""H1""",１３９９０１１０１００１,４,x,1 3	',
        ",,,,",
        "H2,139901101001,3,y,2",
        "合计,,7,,",
        "制表人：张,,,,",
    ]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "households.csv").write_text("\n".join(lines), encoding="utf-8")
    run = audited(tmp_path / "in")
    assert homes(run) == [("H1", "households.csv", 5), ("H2", "households.csv", 7)]
    assert run.summary.rows_read == 2


def test_a_total_in_the_middle_is_a_row(tmp_path: Path, audited: Audit) -> None:
    lines = ["户编号,村代码", "合计,139901101001", "H2,139901101001"]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "households.csv").write_text("\n".join(lines), encoding="utf-8")
    run = audited(tmp_path / "in")
    assert (run.summary.rows_read, run.summary.households) == (2, 2)


def test_the_first_of_two_equal_headers_is_taken(tmp_path: Path, audited: Audit) -> None:
    lines = ["户编号,村代码,联系电话,联系电话", "H1,139901101001,12,13900000000"]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "households.csv").write_text("\n".join(lines), encoding="utf-8")
    assert homes(audited(tmp_path / "in")) == [("H1", "households.csv", 2)]


def test_a_field_with_a_line_break_keeps_line_numbers(tmp_path: Path, audited: Audit) -> None:
    text = '户编号,村代码,村,联系电话\nH1,139901101001,"上\n下",13900000000\nH2,139901101001,上,12\n'
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "households.csv").write_text(text, encoding="utf-8")
    assert homes(audited(tmp_path / "in")) == [("H2", "households.csv", 4)]


def workbook(path: Path, first_row: int = 0, first_column: int = 0, name: str = "households") -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(name)
    for place, head in enumerate(HEAD):
        sheet.write(first_row, first_column + place, head)
    for place, cell in enumerate(ROW):
        sheet.write_string(first_row + 1, first_column + place, cell)
    book.close()


@pytest.mark.parametrize(("first_row", "first_column"), [(0, 0), (4, 0), (0, 3), (7, 2)])
def test_rows_are_counted_from_the_top_of_the_sheet(
    tmp_path: Path, audited: Audit, first_row: int, first_column: int
) -> None:
    (tmp_path / "in").mkdir()
    workbook(tmp_path / "in" / "households.xlsx", first_row, first_column)
    assert homes(audited(tmp_path / "in")) == [("H1", "households.xlsx", first_row + 2)]


def test_a_workbook_alone_is_a_registry(tmp_path: Path, audited: Audit) -> None:
    workbook(tmp_path / "county.xlsx")
    assert homes(audited(tmp_path / "county.xlsx")) == [("H1", "county.xlsx", 2)]


def test_an_old_workbook_with_real_dates(tmp_path: Path, audited: Audit) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("households")
    day = xlwt.easyxf(num_format_str="YYYY/M/D")
    for place, head in enumerate(("户编号", "村代码", "注销日期")):
        sheet.write(0, place, head)
    for number, when in enumerate((datetime.date(2024, 12, 31), datetime.date(2025, 1, 1)), start=1):
        sheet.write(number, 0, f"H{number}")
        sheet.write(number, 1, "139901101001")
        sheet.write(number, 2, when, day)
    (tmp_path / "in").mkdir()
    book.save(str(tmp_path / "in" / "households.xls"))
    assert audited(tmp_path / "in").summary.households == 1


def test_an_identity_number_that_excel_made_a_number(tmp_path: Path, audited: Audit) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "county.xlsx"))
    sheet = book.add_worksheet("households")
    sheet.write_row(0, 0, ("户编号", "村代码"))
    sheet.write_row(1, 0, ("H1", "139901101001"))
    sheet = book.add_worksheet("persons")
    sheet.write_row(0, 0, ("人编号", "户编号", "证件号码"))
    sheet.write_row(1, 0, ("P1", "H1", 139901198001010011))
    book.close()
    rows = audited(tmp_path / "county.xlsx").relation("quarantine").project('source_row, "column", reason').fetchall()
    assert rows == [(2, "id_number", "excel_number")]


def test_parquet_with_native_and_with_text_columns(tmp_path: Path, audited: Audit) -> None:
    (tmp_path / "in").mkdir()
    table = pa.table({"household_id": ["H1", "H2"], "area_code": ["139901101001"] * 2, "phone": ["12", None]})
    pq.write_table(table, tmp_path / "in" / "households.parquet")
    texts = pa.table({"户编号": ["H1"], "年度": ["2024"], "纯收入": ["１２，０００"]})
    pq.write_table(texts, tmp_path / "in" / "incomes.parquet")
    run = audited(tmp_path / "in")
    assert homes(run) == [("H1", "households.parquet", 1)]
    assert run.summary.cell_faults == 0


def test_a_duckdb_file(tmp_path: Path, audited: Audit) -> None:
    with duckdb.connect(str(tmp_path / "county.duckdb")) as con:
        con.execute(
            "CREATE TABLE households AS SELECT 'H1' AS household_id, '139901101001' AS area_code, '12' AS phone"
        )
        con.execute("CREATE TABLE notes (remark VARCHAR)")
    assert homes(audited(tmp_path / "county.duckdb")) == [("H1", "county.duckdb", 1)]


def test_merged_headers_in_two_rows(tmp_path: Path, audited: Audit) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "county.xlsx"))
    sheet = book.add_worksheet("households")
    sheet.merge_range(0, 0, 0, 1, "编号")
    sheet.merge_range(0, 2, 0, 3, "基本情况")
    sheet.write_row(1, 0, ("户编号", "村代码", "联系电话", "家庭人口数"))
    sheet.write_row(2, 0, ("H1", "139901101001", "12", 3))
    book.close()
    assert homes(audited(tmp_path / "county.xlsx")) == [("H1", "county.xlsx", 3)]


def test_formulas_give_their_last_value(tmp_path: Path, audited: Audit) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "county.xlsx"))
    sheet = book.add_worksheet("households")
    sheet.write_row(0, 0, ("户编号", "村代码", "家庭人口数"))
    sheet.write_row(1, 0, ("H1", "139901101001"))
    sheet.write_formula(1, 2, "=1+2", None, 3)
    sheet.write_row(2, 0, ("H2", "139901101001"))
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    book.close()
    run = audited(tmp_path / "county.xlsx")
    faults = run.relation("cell_faults").project('source_row, "column", value, reason').fetchall()
    assert faults == [(3, "member_count", "#DIV/0!", "unreadable")]


def test_an_error_is_not_taken_for_a_blank(tmp_path: Path, audited: Audit) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "county.xlsx"))
    sheet = book.add_worksheet("households")
    sheet.write_row(2, 2, ("户编号", "村代码", "监测对象类别"))
    sheet.write_row(3, 2, ("H1", "139901101001"))
    sheet.write_formula(3, 4, "=VLOOKUP(1,A:B,2,0)", None, "#N/A")
    book.close()
    run = audited(tmp_path / "county.xlsx")
    faults = run.relation("cell_faults").project('source_row, "column", value').fetchall()
    assert faults == [(4, "monitor_category", "#N/A")]


def test_a_million_blank_rows(tmp_path: Path, audited: Audit) -> None:
    (tmp_path / "in").mkdir()
    blank = ",,\n" * 1_000_000
    text = f"户编号,村代码,联系电话\nH1,139901101001,12\n{blank}H2,139901101001,13\n"
    (tmp_path / "in" / "households.csv").write_text(text, encoding="utf-8")
    run = audited(tmp_path / "in")
    assert homes(run) == [("H1", "households.csv", 2), ("H2", "households.csv", 1_000_003)]
    assert run.summary.rows_read == 2


def test_ten_thousand_columns(tmp_path: Path, audited: Audit) -> None:
    (tmp_path / "in").mkdir()
    heads = ["户编号", *(f"杂项{number}" for number in range(10_000)), "村代码"]
    cells = ["H1", *("0" for _ in range(10_000)), "139901101001"]
    text = ",".join(heads) + "\n" + ",".join(cells) + "\n"
    (tmp_path / "in" / "households.csv").write_text(text, encoding="utf-8")
    assert audited(tmp_path / "in").summary.households == 1
