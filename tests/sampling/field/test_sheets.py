"""What inspectors get: the right households and questions, nothing hidden that should be shown, or the reverse."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from audit.database import Settings
from audit.errors import AuditError, RunError
from audit.sampling.field.codes import Role
from audit.sampling.field.sheets import Wish, write_sheets
from tests.sampling.field.conftest import Field
from tests.sampling.field.drawn import SAMPLE_ID, lay_down
from tests.sampling.field.made_up import (
    CHECKLIST,
    CLEAR,
    EAST,
    FAR,
    FLAGGED,
    OTHER,
    RULES,
    RUN_ID,
    SOUTH,
    Book,
    lay_run,
)


def test_one_workbook_and_page_per_village(field: Field) -> None:
    names = sorted(path.name for path in (field.out / "sheets").iterdir())
    stems = [f"{SAMPLE_ID}-first-{EAST}", f"{SAMPLE_ID}-first-{SOUTH}"]
    assert names == [f"{stem}.{end}" for stem in stems for end in ("html", "xlsx")]


def test_a_flagged_household_is_asked_its_findings_any_other_the_full_checklist(field: Field) -> None:
    asked = [(row["unit"], row["item"]) for row in field.east().items.rows()]
    assert asked == [(FLAGGED, "INC-1"), (FLAGGED, "INC-4"), (OTHER, "HHD-1"), *((CLEAR, rule) for rule in CHECKLIST)]
    assert [row["unit"] for row in field.east().visits.rows()] == [FLAGGED, OTHER, CLEAR]
    assert [row["item"] for row in field.south().items.rows()] == ["PW-5"]


def test_a_row_shows_the_finding_what_to_look_at_and_what_is_registered(field: Field) -> None:
    (row,) = [row for row in field.east().items.rows() if row["item"] == "INC-4"][:1]
    assert row["question"] == "收入低于监测线，未纳入监测：人均纯收入 3999.99 元，低于 4000 元，未纳入监测"
    assert row["look"].startswith("逐项核算全年收入")
    assert row["registry"] == "人均纯收入 3,999.99 元；脱贫年度 2019"
    assert row["sample"] == SAMPLE_ID
    assert row["base"] == ""
    (question,) = [row for row in field.east().items.rows() if (row["unit"], row["item"]) == (CLEAR, "PW-5")]
    assert question["question"].startswith("这户有没有这种情况：")
    assert question["registry"] == ""


def test_blind_sheets_say_nothing_of_the_registry(field: Field) -> None:
    east, _ = field.again(Wish(values=False))
    book = Book(east)
    assert "registry" not in book.items.columns
    whole = everything(east) + east.with_suffix(".html").read_text(encoding="utf-8")
    assert "13869" not in whole
    assert "3999.99" not in whole and "3,999.99" not in whole
    assert [row["item"] for row in book.items.rows()][:3] == ["INC-1", "INC-4", "HHD-1"]


def test_the_same_sample_gives_the_same_bytes(field: Field) -> None:
    first = {path.name: path.read_bytes() for path in (field.out / "sheets").iterdir()}
    field.again()
    assert {path.name: path.read_bytes() for path in (field.out / "again").iterdir()} == first


def test_every_cell_is_text(field: Field) -> None:
    for sheet in openpyxl.load_workbook(field.path):
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row if cell.value is not None} <= {"s"}


def test_keys_are_locked_and_answers_are_not(field: Field) -> None:
    book = field.east()
    columns, sheet = book.items.columns, book.items.sheet
    assert sheet.protection.sheet
    assert all(sheet.cell(3, columns[name]).protection.locked for name in ("key", "unit", "item", "question"))
    assert not any(sheet.cell(3, columns[name]).protection.locked for name in ("verdict", "found", "photos", "note"))
    assert sheet.row_dimensions[1].hidden
    hidden = {letter for letter, one in sheet.column_dimensions.items() if one.hidden}
    assert {openpyxl.utils.get_column_letter(columns[name]) for name in ("base", "sample")} <= hidden


def test_lists_stand_behind_names(field: Field) -> None:
    book = field.east()
    lists = {str(one.formula1) for one in book.visits.sheet.data_validations.dataValidation if one.type == "list"}
    assert lists == {"options_mode", "options_result", "options_reason"}
    assert book.book.defined_names["options_verdict"].attr_text == "'选项'!$A$2:$A$7"
    assert book.book["选项"].sheet_state == "hidden"


def test_names_are_masked_unless_asked_for(field: Field) -> None:
    assert [row["head"] for row in field.east().visits.rows()] == ["刘**", "关**", "张*"]
    assert "刘备用" not in everything(field.path) + field.path.with_suffix(".html").read_text(encoding="utf-8")
    east, _ = field.again(Wish(settings=Settings(show_personal=True)))
    assert [row["head"] for row in Book(east).visits.rows()] == ["刘备用 13812345678", "关小二", "张三"]


def test_without_the_registry_the_sheets_are_nameless_and_say_so(field: Field) -> None:
    (field.out / "registry" / "households.csv").unlink()
    (field.out / "registry").rmdir()
    run = field.out / RUN_ID / "run.json"
    run.write_text(run.read_text(encoding="utf-8"), encoding="utf-8")
    written = write_sheets(field.samples, SAMPLE_ID, field.out, field.out / "again", Wish(registry=field.out / "gone"))
    assert [note.key for note in written.notes] == ["field.nameless"]
    assert {row["head"] for row in Book(written.files[0]).visits.rows()} == {""}


def test_reserves_are_visited_once_they_are_released(tmp_path: Path) -> None:
    out = lay_run(tmp_path / "reports")
    lay_down(out / "samples", RUN_ID, RULES, reserves=[OTHER, FAR], released=[FAR])
    written = write_sheets(out / "samples", SAMPLE_ID, out, out / "sheets", Wish())
    assert written.units == 3
    assert "139903101001002" not in "".join(everything(path) for path in written.files if path.suffix == ".xlsx")


def test_what_was_asked_stays_whatever_the_run_becomes(field: Field) -> None:
    run = field.out / RUN_ID / "run.json"
    run.write_text(
        run.read_text(encoding="utf-8").replace('"HHD-1", "status": "evaluated"', '"HHD-1", "status": "broken"')
    )
    east, _ = field.again()
    assert [row["item"] for row in Book(east).items.rows() if row["unit"] == CLEAR] == CHECKLIST


def test_inspectors_get_their_villages(field: Field) -> None:
    listed = field.out / "inspectors.csv"
    listed.write_text("核查员,村\n王一,清河东村\n赵二,清河东村\n孙三,\n", encoding="gb18030")
    files = field.again(Wish(inspectors=listed))
    assert [path.stem for path in files] == [
        f"{SAMPLE_ID}-first-{EAST}-王一", f"{SAMPLE_ID}-first-{EAST}-赵二", f"{SAMPLE_ID}-first-{SOUTH}-孙三",
    ]  # fmt: skip
    assert [[row["unit"] for row in Book(path).visits.rows()] for path in files] == [[FLAGGED, OTHER], [CLEAR], [FAR]]
    assert {row["inspector"] for row in Book(files[0]).visits.rows()} == {"王一"}


def test_mistakes_in_the_list_of_inspectors_are_told_together(field: Field) -> None:
    listed = field.out / "inspectors.csv"
    listed.write_text("核查员,村\n王一,西村\n,清河东村\n", encoding="utf-8")
    with pytest.raises(AuditError) as error:
        field.again(Wish(inspectors=listed))
    told = str(error.value)
    assert "inspectors.csv 第 2 行：样本里没有村“西村”" in told
    assert "inspectors.csv 第 3 行：没有写核查员" in told


@pytest.mark.parametrize(
    ("role", "key"), [(Role.SECOND, "field.nobody_second"), (Role.ADJUDICATOR, "field.nobody_adjudicator")]
)
def test_nobody_to_visit(tmp_path: Path, role: Role, key: str) -> None:
    out = lay_run(tmp_path / "reports")
    lay_down(out / "samples", RUN_ID, RULES)
    with pytest.raises(RunError) as error:
        write_sheets(out / "samples", SAMPLE_ID, out, out / "sheets", Wish(role=role))
    assert error.value.key == key


def test_no_such_sample_names_the_nearest(field: Field) -> None:
    with pytest.raises(RunError, match="S-2024-1"):
        write_sheets(field.samples, "S-2024-2", field.out, field.out / "again", Wish())


def test_a_run_that_is_gone_is_told(tmp_path: Path) -> None:
    out = lay_run(tmp_path / "reports")
    lay_down(out / "samples", RUN_ID, RULES)
    (out / RUN_ID / "findings.parquet").unlink()
    with pytest.raises(RunError) as error:
        write_sheets(out / "samples", SAMPLE_ID, out, out / "sheets", Wish())
    assert error.value.key == "field.run_gone"


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    evil = "=cmd|'/c calc'!A1<script>alert(1)</script>\u202e&{{7*7}}"
    out = lay_run(tmp_path / "reports", (("f1", FLAGGED, "INC-1", evil, '{"pc": 1}'),))
    lay_down(out / "samples", RUN_ID, {FLAGGED: ["INC-1"], "=1+1": []})
    (out / "registry" / "households.csv").write_text(
        "户编号,行政区划代码,村,户主姓名\n139903101001001,139903101001,=东村,<b>刘</b>\n", encoding="utf-8"
    )
    written = write_sheets(out / "samples", SAMPLE_ID, out, out / "sheets", Wish())
    for path in written.files:
        if path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path):
                assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        else:
            page = path.read_text(encoding="utf-8")
            assert "<script" not in page
            assert "<b>刘" not in page
            assert "\u202e" not in page
            assert "{{7*7}}" in page or "=1+1" in page
            assert "default-src 'none'; style-src 'sha256-" in unescape(page)
            assert not re.search(r"(?:src|href)=", page)


def everything(path: Path) -> str:
    """All texts of a workbook, also those that are hidden."""
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
