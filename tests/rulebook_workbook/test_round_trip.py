"""Out and back in: nobody edited anything, so nothing changes, whatever the workbook has been through."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import openpyxl
import pytest

from audit.errors import InputError
from audit.language import Language
from audit.rulebook_workbook import export_workbook, import_workbook
from tests.conftest import ROOT
from tests.rulebook_workbook.conftest import FILES, Desk, Table, counts, files_in, write_rules

#: 2 rules, 9 cases, 3 dated values.
ROWS = 14


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_rules_that_come_with_the_audit(tmp_path: Path, lang: Language) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    before = files_in(tmp_path / "rules")
    rows = export_workbook(tmp_path / "rules", tmp_path / "rules.xlsx", lang)
    report = import_workbook(tmp_path / "rules.xlsx", tmp_path / "rules", apply=True)
    assert counts(report) == (rows, 0, 0, 0)
    assert (report.files, files_in(tmp_path / "rules")) == ((), before)


def test_unedited(desk: Desk) -> None:
    before = desk.files()
    report = desk.read(apply=True)
    assert (counts(report), report.files, report.applied) == ((ROWS, 0, 0, 0), (), False)
    assert desk.files() == before


def test_the_same_rules_give_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    export_workbook(desk.rules, tmp_path / "again.xlsx", "zh")
    assert (tmp_path / "again.xlsx").read_bytes() == desk.path.read_bytes()


def test_saved_by_another_program(desk: Desk) -> None:
    desk.edit(lambda tables: None)
    assert counts(desk.read()) == (ROWS, 0, 0, 0)


def test_rows_in_any_order_with_blank_rows_between(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    for sheet in book.worksheets[:3]:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        random.Random(7).shuffle(rows)
        sheet.delete_rows(3, len(rows))
        for number, row in enumerate(rows):
            for place, value in enumerate(row, start=1):
                sheet.cell(4 + 2 * number, place, value)
        sheet.insert_rows(2, 2)
    book.save(desk.path)
    assert counts(desk.read()) == (ROWS, 0, 0, 0)


def test_hidden_moved_and_added_columns_renamed_labels_and_sheets(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    for sheet in book.worksheets[:3]:
        sheet.title = f"{sheet.title}（改）"
        for cell in sheet[2]:
            cell.value = f"我的{cell.value}"
        sheet.column_dimensions["D"].hidden = True
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate([None, *row[::-1], None if number == 1 else "批注"], start=1):
                sheet.cell(number, place).value = value
    book.save(desk.path)
    assert counts(desk.read()) == (ROWS, 0, 0, 0)


def test_without_the_hidden_names_the_labels_serve(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    for sheet in book.worksheets[:3]:
        sheet.delete_rows(1)
    book.save(desk.path)
    assert counts(desk.read()) == (ROWS, 0, 0, 0)


def test_what_is_not_read_is_told(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    book.create_sheet("便条")["A1"] = "明天开会"
    book["规则"]["D1"] = "titel"
    book.save(desk.path)
    report = desk.read()
    assert counts(report) == (ROWS, 0, 0, 0)
    assert [note.message("zh") for note in report.notes] == [
        "工作表“规则”的列 titel 没有读：不认识这个表头。",
        "工作表“规则”缺少列 title，这些内容不变。",
        "工作表“便条”没有读：它不是规则、案例或参数。",
    ]


def test_a_missing_row_or_sheet_means_nothing(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.path)
    book["规则"].delete_rows(3)
    del book["案例"]
    del book["说明"]
    book.save(desk.path)
    before = desk.files()
    assert counts(desk.read(apply=True)) == (1 + 3, 0, 0, 0)
    assert desk.files() == before


def test_an_emptied_cell_means_nothing(desk: Desk) -> None:
    desk.edit(lambda tables: tables["rules"].set(["LAB-1"], among=None, title=None, evidence="  "))
    assert counts(desk.read()) == (ROWS, 0, 0, 0)


def test_numbers_and_dates_that_a_person_typed_as_such(desk: Desk) -> None:
    import datetime

    def retype(tables: dict[str, Table]) -> None:
        table = tables["parameters"]
        table.set(["low_income_line", "2"], value=4200.5, from_=datetime.date(2025, 1, 1), area=139902)
        table.set(["low_income_line", "1"], value="４，０００.00", from_="2020年1月1日")

    desk.edit(retype)
    assert counts(desk.read()) == (ROWS, 0, 0, 0)


def test_codes_are_understood_beside_the_words_of_either_language(desk: Desk) -> None:
    def reword(tables: dict[str, Table]) -> None:
        tables["rules"].set(["INC-4"], severity="High", subject="household")
        tables["rules"].set(["LAB-1"], never="undecided", severity="medium ")
        tables["cases"].set(["INC-4", "3"], outcome="not applicable")
        tables["parameters"].set(["working_age", "1"], carry_forward="FALSE")

    desk.edit(reword)
    assert counts(desk.read()) == (ROWS, 0, 0, 0)


@pytest.mark.parametrize("title", ["=1+1", "@SUM(A1:A9)", "+86", "-1", "'quoted", "a\tb", "很" * 20_000, "_x0041_"])
def test_hostile_texts_stay_texts(tmp_path: Path, title: str) -> None:
    import json

    import python_calamine

    written = json.dumps(title, ensure_ascii=False)
    text = FILES["income/INC-4.yaml"]
    text = text.replace("title: 收入低于监测线，未纳入监测", f"title: {written}")
    write_rules(tmp_path / "rules", {**FILES, "income/INC-4.yaml": text})
    before = files_in(tmp_path / "rules")
    export_workbook(tmp_path / "rules", tmp_path / "rules.xlsx", "zh")
    rows = (
        python_calamine.CalamineWorkbook.from_path(str(tmp_path / "rules.xlsx")).get_sheet_by_name("规则").to_python()
    )
    assert title in rows[2]
    cell = next(
        cell
        for cell in openpyxl.load_workbook(tmp_path / "rules.xlsx")["规则"][3]
        if cell.column == rows[2].index(title) + 1
    )
    assert (cell.data_type, cell.number_format) == ("s", "@")
    report = import_workbook(tmp_path / "rules.xlsx", tmp_path / "rules", apply=True)
    assert counts(report) == (ROWS, 0, 0, 0)
    assert files_in(tmp_path / "rules") == before


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.99])
def test_a_truncated_workbook_changes_nothing(desk: Desk, share: float) -> None:
    before = desk.files()
    content = desk.path.read_bytes()
    desk.path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError) as caught:
        desk.read(apply=True)
    assert "rules.xlsx" in caught.value.message("zh")
    assert desk.files() == before


def test_no_workbook_at_all(desk: Desk) -> None:
    desk.path.write_text("规则编号,标题\nINC-4,改\n", encoding="utf-8")
    with pytest.raises(InputError, match="不是可读取的 Excel 工作簿"):
        desk.read()


def test_line_ends_and_byte_order_marks_stay(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    write_rules(desk.rules, {name: "\ufeff" + text.replace("\n", "\r\n") for name, text in FILES.items()})
    export_workbook(desk.rules, desk.path, "zh")
    before = desk.files()
    desk.edit(lambda tables: tables["rules"].set(["INC-4"], severity="轻微"))
    assert counts(desk.read(apply=True)) == (ROWS - 1, 1, 0, 0)
    after = before["income/INC-4.yaml"].replace(b"severity: high", b"severity: low")
    assert desk.files() == {**before, "income/INC-4.yaml": after}
