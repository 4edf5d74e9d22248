"""``audit sample sheets`` and ``audit sample record`` as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.cli.main import run
from audit.sampling.field.outcomes import read_outcomes
from tests.sampling.field.conftest import Field
from tests.sampling.field.drawn import SAMPLE_ID
from tests.sampling.field.made_up import FLAGGED, OTHER, Book

Out = pytest.CaptureFixture[str]


def test_sheets_in_english(field: Field, capsys: Out) -> None:
    out = field.out / "english"
    code = run(["sample", "sheets", "S-2024", "--to", str(out), "--out", str(field.out), "--blind", "--lang", "en"])
    told = capsys.readouterr().out
    assert code == 0
    assert told.endswith("4 files written: 4 households, 8 items.\n")
    assert "刘备用" not in told
    book = Book(out / f"{SAMPLE_ID}-first-139903101001.xlsx")
    assert book.book.sheetnames == ["How to fill in", "Visits", "Items", "Options"]
    assert book.items.rows()[0]["question"] == "Does this apply to the household: Income stands still?"


def test_a_trial_then_for_good(field: Field, capsys: Out) -> None:
    book = field.east()
    book.done(FLAGGED)
    book.visit(OTHER, visited_on="2025-03-01", inspector="王核查", result="不在核查范围", reason="并户")
    path = str(book.save())
    command = ["sample", "record", path, "--out", str(field.out), "--by", "李录入"]
    assert run(command) == 0
    told = capsys.readouterr().out
    assert "可以录入 4 行，没有变化 0 行，没有填 6 行，不能录入（有问题）0 行。" in told
    assert "这是试算，什么也没有写。确认后加 --apply。" in told
    assert not list((field.out / "sheets").glob("*.answer*"))
    assert run([*command, "--apply"]) == 0
    told = capsys.readouterr().out
    assert "录入 4 行" in told
    assert f"样本 {SAMPLE_ID}：4 户中，已核实 1，不在范围 1，没能核实 0，没有登记完 0，还没有录入 2。" in told
    assert f"audit sample replace {SAMPLE_ID} {OTHER} --reason merged" in told
    assert (field.out / "sheets" / f"{Path(path).stem}.answer.xlsx").is_file()
    assert len(read_outcomes(field.samples, SAMPLE_ID)) == 2
    assert run([*command, "--apply"]) == 0
    assert "没有新的内容，什么也没有写。" in capsys.readouterr().out


def test_refused_cells_are_told_and_the_exit_code_says_so(field: Field, capsys: Out) -> None:
    book = field.east()
    book.item(OTHER, "HHD-1", verdict="大概")
    path = book.save()
    answers = field.out / "answers"
    code = run(["sample", "record", str(path), "--out", str(field.out), "--answers", str(answers)])
    told = capsys.readouterr()
    assert code == 2
    assert f"{path.name}，工作表“核查项目”第 5 行" in told.err
    assert "“大概”：没有这个选项。" in told.err
    assert "Traceback" not in told.err
    assert [one.name for one in answers.iterdir()] == [f"{path.stem}.answer.xlsx"]


def test_for_a_program(field: Field, capsys: Out) -> None:
    book = field.east()
    book.item(OTHER, "HHD-1", verdict="属实")
    code = run(["sample", "record", str(book.save()), "--out", str(field.out), "--json", "--lang", "en"])
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["counts"] == {"blank": 9, "unchanged": 0, "recorded": 1, "refused": 0}
    (row,) = told["rows"]
    assert (row["sheet"], row["row"], row["unit"], row["fate"]) == ("核查项目", 5, OTHER, "recorded")


@pytest.mark.parametrize(
    "command",
    [
        ["sample", "record", "nothing.xlsx"],
        ["sample", "sheets", "S-2025-9", "--to", "x"],
        ["sample", "sheets", SAMPLE_ID, "--to", "x", "--inspectors", "nobody.csv"],
    ],
)
def test_trouble_is_a_sentence(field: Field, capsys: Out, command: list[str], tmp_path: Path) -> None:
    place = ["--samples", str(field.samples), "--out", str(field.out)]
    command = [str(tmp_path / word) if word in {"x", "nobody.csv", "nothing.xlsx"} else word for word in command]
    assert run([*command, *place]) == 2
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    assert "程序出错" not in told.err
    assert told.err.strip()
