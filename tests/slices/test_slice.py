"""What a slice is beside its data: the same bytes each time, refusals, masks, a workbook without formulas."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from audit import AuditResult
from audit.cli.main import run as command
from audit.database import Settings
from audit.errors import RunError
from audit.slices import Slice, cut_area, cut_each
from tests.report.hostile import ATTACKS, hostile_registry
from tests.report.reading import dangers
from tests.slices.contents import member, texts
from tests.slices.two_townships import NORTH, SOUTH

Audit = Callable[..., AuditResult]


def sheets(path: Path) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(member(path, "findings.xlsx")))
    return {sheet.title: sheet for sheet in book.worksheets}


def rows(sheet: Worksheet) -> list[list[str]]:
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_the_same_run_gives_the_same_bytes(run: AuditResult, slices: dict[str, Slice], tmp_path: Path) -> None:
    again = cut_area(run.folder, "北岭镇", tmp_path / "other-name.zip")
    assert again.path.read_bytes() == slices[NORTH].path.read_bytes()


def test_the_workbook_is_ready_to_work_with(slices: dict[str, Slice]) -> None:
    book = sheets(slices[NORTH].path)
    assert list(book) == ["说明", "问题清单", "规则核算", "不再出现"]
    sheet = book["问题清单"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("F2", f"A1:O{sheet.max_row}")
    assert all(
        cell.data_type in {"s", "n"} and cell.number_format == "@" for row in sheet for cell in row if cell.value
    )
    head, *listed = rows(sheet)
    assert head[:6] == ["级别", "规则", "内容", "村", "户编号", "户主"]
    (found,) = [row for row in listed if row[1] == "INC-4" and row[4] == "NH1"]
    assert found[:9] == [
        "严重", "INC-4", "收入低于监测线，未纳入监测", "北沟村", "NH1", "北**", "",
        "人均纯收入 3500 元，低于 4000 元，未纳入监测", "人均纯收入 3,500 元；脱贫年度 2018；纯收入 7,000 元；收入人口数 2 人",
    ]  # fmt: skip
    assert found[11:] == ["未变", "2024-12-30", "households.csv", "2"]
    counted = {row[0]: row[3:7] for row in rows(book["规则核算"])}
    assert counted["INC-4"] == ["2", "2", "100.00 %", "0"]


def test_pages_link_only_to_what_is_there(slices: dict[str, Slice]) -> None:
    import posixpath
    import re

    with zipfile.ZipFile(slices[NORTH].path) as packed:
        names = set(packed.namelist())
        for name in names:
            if not name.endswith(".html"):
                continue
            for target in re.findall(r'href="([^"#]+)', packed.read(name).decode("utf-8")):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) in names, (name, target)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("139901103", "没有地区“139901103”。最接近的是：139901102000 示范县 南岭镇"),
        ("北领镇", "最接近的是：139901101000 示范县 北岭镇"),
        ("", "没有地区“”"),
    ],
)
def test_an_area_that_is_not_there(run: AuditResult, tmp_path: Path, asked: str, told: str) -> None:
    with pytest.raises(RunError) as caught:
        cut_area(run.folder, asked, tmp_path / "slice.zip")
    assert told in caught.value.message("zh")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_whole_published_run(run: AuditResult, tmp_path: Path) -> None:
    def refused(folder: Path) -> str:
        with pytest.raises(RunError) as caught:
            cut_area(folder, NORTH, tmp_path / "slice.zip")
        return caught.value.message("zh")

    assert "没有审计结果" in refused(tmp_path)
    copy = Path(shutil.copytree(run.folder, tmp_path / "copy"))
    (copy / "behind" / "persons.parquet").unlink()
    assert "不完整：缺少 behind/persons.parquet" in refused(copy)
    (copy / "rehearsal.json").write_text("{}", encoding="utf-8")
    assert "是新政策的试算" in refused(copy)
    (copy / "rehearsal.json").unlink()
    record = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    (copy / "run.json").write_text(json.dumps({**record, "state": "held"}), encoding="utf-8")
    assert "被闸门拦下" in refused(copy)


def test_a_file_that_is_there_is_kept(run: AuditResult, tmp_path: Path) -> None:
    path = tmp_path / "slice.zip"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="已经存在"):
        cut_area(run.folder, NORTH, path)
    assert path.read_text(encoding="utf-8") == "mine"
    assert cut_area(run.folder, NORTH, path, force=True).path.read_bytes().startswith(b"PK")
    (tmp_path / f"{run.run.run_id}-{SOUTH}.zip").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="已经存在"):
        list(cut_each(run.folder, "township", tmp_path))
    assert not (tmp_path / f"{run.run.run_id}-{NORTH}.zip").exists()
    with pytest.raises(RunError, match="没有 province 级的地区|写不了"):
        list(cut_each(run.folder, "province", path))


def test_personal_data_only_where_run_and_slice_were_asked_for_them(tmp_path: Path, reported: Audit) -> None:
    home = "household_id,area_code,county_name,township_name,village_name,head_name,phone\nH1,139901101001,甲县,乙镇,丙村,欧阳修远,1381234567\n"
    data = tmp_path / "in"
    data.mkdir()
    (data / "households.csv").write_text(home, encoding="utf-8")
    masked = reported(data, out=tmp_path / "masked")
    with pytest.raises(RunError, match="没有保存完整的个人信息"):
        cut_area(masked.folder, "丙村", tmp_path / "slice.zip", show_personal=True)
    shown = reported(data, out=tmp_path / "shown", settings=Settings(show_personal=True))
    by_default = cut_area(shown.folder, "丙村", tmp_path / "masked.zip")
    assert not [name for name, text in texts(by_default.path) if "欧阳修远" in text or "1381234567" in text]
    asked = cut_area(shown.folder, "丙村", tmp_path / "shown.zip", show_personal=True)
    assert [row[5] for row in rows(sheets(asked.path)["问题清单"])[1:]] == ["欧阳修远"]
    assert "含有完整的个人信息" in "".join(text for _, text in texts(asked.path))


def test_hostile_texts_are_only_texts(tmp_path: Path, reported: Audit) -> None:
    run = reported(hostile_registry(tmp_path / "in"))
    path = cut_area(run.folder, "139901101", tmp_path / "slice.zip").path
    for sheet in sheets(path).values():
        for row in sheet:
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                assert not set("\u202e\u2066\u2067") & set(str(cell.value))
    listed = {row[4] for row in rows(sheets(path)["问题清单"])}
    formula = "=cmd|' /C calc'!A1"
    assert f"{formula}{ATTACKS.index(formula)}" in listed
    for name, text in texts(path):
        if name.endswith(".html") and text != name:
            assert dangers(text) == [], name


def test_the_commands(run: AuditResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "镇.zip"
    assert command(["slice", str(run.folder), "--area", NORTH, "--out", str(out)]) == 0
    assert "示范县 北岭镇" in capsys.readouterr().out
    assert out.is_file()
    each = ["slice", str(run.folder), "--each", "township", "--out", str(tmp_path / "all"), "--json", "--lang", "en"]
    assert command(each) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["area_code"] for one in told] == [NORTH, SOUTH]
    assert command(["slice", str(run.folder), "--out", str(out)]) == 2
    assert command(["slice", str(run.folder), "--area", NORTH, "--out", str(out)]) == 2
    assert "已经存在" in capsys.readouterr().err
    report = tmp_path / "报告.docx"
    template = tmp_path / "模板.docx"
    assert command(["report", "template", "--out", str(template)]) == 0
    assert command(["report", "word", str(run.folder), "--out", str(report), "--template", str(template)]) == 0
    assert report.read_bytes().startswith(b"PK")
