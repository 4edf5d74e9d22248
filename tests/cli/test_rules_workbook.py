"""The rules as a workbook on the command line: counts, refusals, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rulebook_workbook.conftest import FILES, Desk, write_rules

from audit.cli.main import run


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    write_rules(found.rules, FILES)
    assert run(["rules", "export", "--rules", str(found.rules), "--out", str(found.path)]) == 0
    return found


def test_export_and_import(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert capsys.readouterr().out == f"已写入 {desk.path}（14 行）\n"
    assert run(["rules", "import", str(desk.path), "--rules", str(desk.rules)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out == ["不变 14 行，已改 0 行，新增 0 行，拒绝 0 行。", "没有需要写的改动。"]


def test_a_rehearsal_then_the_change(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.edit(lambda tables: tables["rules"].set(["INC-4"], severity="轻微"))
    before = desk.files()
    arguments = ["rules", "import", str(desk.path), "--rules", str(desk.rules), "--lang", "en"]
    capsys.readouterr()
    assert run(arguments) == 0
    change = '  sheet 规则, row 3, column I (INC-4, Severity): "high" → "low"'
    count = "Rows: 13 unchanged, 1 changed, 0 new, 0 refused."
    assert capsys.readouterr().out.splitlines() == [
        "Changed:", change, count, "Would change 1 files: income/INC-4.yaml",
        "This is a rehearsal; nothing was written. Add --apply to write.",
    ]  # fmt: skip
    assert desk.files() == before
    assert run([*arguments, "--apply"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Written: 1 files: income/INC-4.yaml"
    assert desk.files() != before
    assert run([*arguments, "--apply"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "There is nothing to write."


def test_refused(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.edit(lambda tables: tables["cases"].set(["INC-4", "1"], outcome="flaged"))
    before = desk.files()
    answer = desk.path.with_name("answer.xlsx")
    arguments = ["rules", "import", str(desk.path), "--rules", str(desk.rules), "--apply", "--answer", str(answer)]
    capsys.readouterr()
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        "被拒绝的：",
        "  工作表“案例”第 3 行 G 列（INC-4，应得结论）“flaged”：没有这个选项。最接近的是：flagged。请从下拉列表中选。",
        "有内容被拒绝，什么也没有写。请改好后重新导入。",
    ]
    assert told.out.splitlines() == ["不变 13 行，已改 0 行，新增 0 行，拒绝 1 行。"]
    assert answer.is_file()
    assert desk.files() == before
    assert run([*arguments, "--json"]) == 2
    record = json.loads(capsys.readouterr().out)
    assert (record["counts"]["refused"], record["applied"], record["rows"][0]["row"]) == (1, False, 3)


def test_mistakes_of_the_user(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    rules = ["--rules", str(desk.rules)]
    assert run(["rules", "import", str(desk.path), *rules, "--answer", str(desk.path)]) == 2
    assert "答复不能写到原工作簿" in capsys.readouterr().err
    assert run(["rules", "import", "nowhere.xlsx", *rules]) == 2
    assert "nowhere.xlsx：无法读取" in capsys.readouterr().err
    assert run(["rules", "import", str(desk.path)]) == 2
    assert "--rules" in capsys.readouterr().err
    assert run(["rules", "export", *rules, "--out", str(desk.path.parent / "no" / "x.xlsx")]) == 2
    assert "无法写入" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["export", "import"])
@pytest.mark.parametrize(("lang", "head"), [("zh", "示例："), ("en", "Example:")])
def test_help_has_an_example(command: str, lang: str, head: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", command, "--help", "--lang", lang]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert f"{head} audit rules {command}" in words
