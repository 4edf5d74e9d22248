"""What the registry says beside the questions of the checklist: as the run saw it, hidden when blind, never a name.

The household and its values are those of data/sample, read off its files: income in 2024 of 12,000 yuan for 3 people,
3,500 yuan a head the year before (1.05 万元 for 3), no post, a mother born on 25 December 1955.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit import AuditResult
from audit.sampling.field.sheets import Wish, write_sheets
from tests.conftest import SAMPLE
from tests.sampling.field.drawn import SAMPLE_ID, lay_down
from tests.sampling.field.made_up import Book
from tests.sampling.field.test_sheets import everything

HOME = "139903101001011"


@pytest.fixture(scope="module")
def asked(sample_run: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample of one household without findings, with its sheets."""
    folder = tmp_path_factory.mktemp("registered")
    lay_down(folder / "samples", sample_run.run.run_id, {HOME: ()})
    written = write_sheets(folder / "samples", SAMPLE_ID, sample_run.folder.parent, folder / "first", Wish())
    assert written.notes == ()
    return folder


def registered(workbook: Path) -> dict[str, str]:
    """What stands in the column of the registry, by rule."""
    return {row["item"]: row["registry"] for row in Book(workbook).items.rows()}


def workbook_in(folder: Path) -> Path:
    """The only workbook of a folder."""
    (path,) = folder.glob("*.xlsx")
    return path


def test_each_question_stands_beside_what_is_registered(asked: Path) -> None:
    told = registered(workbook_in(asked / "first"))
    assert told["INC-1"] == "人均纯收入 4,000 元；上年人均纯收入 3,500 元；纯收入 12,000 元；收入人口数 3 人"
    assert told["HHD-1"] == "家庭人口数 3 人；在册人数 3 人"
    assert told["LAB-3"] == "李* 之母亲：年龄 69 岁；劳动能力 弱劳动力或半劳动力"
    assert told["ID-4"] == "刘* 户主、周* 配偶、李* 之母亲：证件号码前18位与他人相同 否"
    assert told["LAB-1"] == "登记了 3 项，都不在此项范围内"
    assert told["PW-2"] == "没有登记"
    assert told["IND-5"] == "本年产业奖补合计 无记录；生产经营性收入 3,000 元"
    assert "" not in told.values()
    assert "人均纯收入 4,000 元" in workbook_in(asked / "first").with_suffix(".html").read_text(encoding="utf-8")


def test_no_name_is_kept(asked: Path) -> None:
    kept = b"".join(path.read_bytes() for path in (asked / "samples").glob("samples.sqlite*"))
    assert "刘*".encode() in kept
    assert not any(name.encode() in kept for name in ("刘磊", "周洋", "李军", "139903197101220019"))


def test_blind_sheets_hide_what_was_kept(asked: Path, sample_run: AuditResult, tmp_path: Path) -> None:
    write_sheets(asked / "samples", SAMPLE_ID, sample_run.folder.parent, tmp_path, Wish(values=False))
    blind = workbook_in(tmp_path)
    assert "registry" not in Book(blind).items.columns
    whole = everything(blind) + blind.with_suffix(".html").read_text(encoding="utf-8")
    assert "4,000 元" not in whole and "弱劳动力或半劳动力" not in whole


def test_what_was_kept_stays_when_the_registry_changes(asked: Path, sample_run: AuditResult, tmp_path: Path) -> None:
    changed = changed_registry(tmp_path)
    wish = Wish(registry=changed)
    written = write_sheets(asked / "samples", SAMPLE_ID, sample_run.folder.parent, tmp_path / "out", wish)
    assert written.notes == ()
    assert registered(workbook_in(tmp_path / "out"))["HHD-1"] == "家庭人口数 3 人；在册人数 3 人"


def test_a_registry_of_another_day_says_nothing(sample_run: AuditResult, tmp_path: Path) -> None:
    lay_down(tmp_path / "samples", sample_run.run.run_id, {HOME: ()})
    wish = Wish(registry=changed_registry(tmp_path))
    written = write_sheets(tmp_path / "samples", SAMPLE_ID, sample_run.folder.parent, tmp_path / "out", wish)
    (note,) = written.notes
    assert note.key == "field.registry_changed"
    assert "收入信息2024.csv 在这次审计之后改动过" in note.message("zh")
    assert set(registered(workbook_in(tmp_path / "out")).values()) == {""}


def changed_registry(folder: Path) -> Path:
    """The sample county a day later: an income was corrected."""
    copy = Path(shutil.copytree(SAMPLE, folder / "registry"))
    incomes = copy / "收入信息2024.csv"
    incomes.write_bytes(incomes.read_bytes().replace(b",12000,4000.00", b",12030,4010.00"))
    return copy
