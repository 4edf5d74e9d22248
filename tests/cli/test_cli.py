"""The command line as an analyst uses it: exit codes, help, JSON, no traceback ever."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.command import audit
from tests.conftest import ROOT, SAMPLE

from audit.cli.main import run

#: What makes starting slow; help must do without.
HEAVY = ("duckdb", "pandas", "pandera", "pyarrow", "great_expectations", "sqlglot", "jinja2")
#: For audits whose pages nobody looks at.
PAGELESS = ("--pages", "none")
COMMANDS = [
    ("run",), ("rules",), ("rules", "list"), ("rules", "show"), ("rules", "check"), ("rules", "test"), ("rules", "sql"),
    ("rules", "undecided"), ("rules", "catalogue"), ("rules", "new"), ("rules", "copy"), ("rules", "export"),
    ("rules", "import"), ("facts",), ("facts", "list"), ("parameters",), ("parameters", "list"), ("parameters", "show"),
    ("data",), ("data", "dictionary"), ("data", "template"), ("map",), ("map", "draft"), ("generate",), ("explain",),
    ("replicate",), ("rehearse",), ("settings",), ("settings", "example"), ("slice",), ("report",), ("report", "word"), ("report", "template"),
]  # fmt: skip


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from audit.cli.main import run; code = run(['--help']); "
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), code, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8")
    assert done.stderr.strip() == "[] 0"
    assert "audit run data/sample --as-of 2024-12-31" in done.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_help_has_an_example(command: tuple[str, ...], lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help", "--lang", lang]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert ("Example:" if lang == "en" else "示例：") in words
    assert f"audit {' '.join(command)}" in words
    # What click itself says is in the same language.
    framed = ("Usage: audit", "Show this message and exit.")
    assert [said in words for said in framed] == [lang == "en"] * len(framed)


def test_version() -> None:
    command = [sys.executable, "-m", "audit", "--version"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stdout.split()[0]) == (0, "audit,")


def test_run_prints_a_summary_and_publishes(tmp_path: Path) -> None:
    done = audit("run", str(SAMPLE), "--as-of", "2024-12-31", "--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "合计",
        "1,380",
        "1,373",
        "登记户 149",
        "INC-4",
        "3 / 5",
        "60.00 %",
        "index.html",
        "未读取：帮扶工作台账.xlsx [填表说明]",
    ):
        assert words in done.stdout
    assert (tmp_path / "latest" / "index.html").is_file()


def test_run_as_json(tmp_path: Path) -> None:
    done = audit("run", str(SAMPLE), "--as-of", "2024-12-31", "--out", str(tmp_path), *PAGELESS, "--json")
    record = json.loads(done.stdout)
    assert sum(one["rows_read"] for one in record["inputs"] if not one["derived"]) == 1380
    assert record["run_id"] == (tmp_path / "latest").resolve().name


@pytest.mark.parametrize(("severity", "code"), [("high", 1), ("low", 1)])
def test_fail_on(tmp_path: Path, severity: str, code: int) -> None:
    done = audit("run", str(SAMPLE), "--as-of", "2024-12-31", "--out", str(tmp_path), *PAGELESS, "--fail-on", severity)
    assert done.returncode == code


def test_fail_on_is_not_met(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "households.csv").write_text("户编号,村代码,联系电话\nH1,139901101001,12\n", encoding="utf-8")
    night = ("run", str(tmp_path / "in"), "--as-of", "2024-12-31", "--out", str(tmp_path / "out"), *PAGELESS)
    assert audit(*night, "--fail-on", "medium").returncode == 0
    assert audit(*night, "--fail-on", "low").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "nowhere"), "找不到 nowhere"),
        (("run", str(SAMPLE), "--as-of", "31.12.2024"), "31.12.2024"),
        (("run", str(SAMPLE), "--memory", "viel"), "内存设置“viel”看不懂"),
        (("rules", "show", "INC4"), "没有规则 INC4。最接近的是：INC-"),
        (("rules", "check", "--rules", "nowhere"), "没有 parameters.yaml"),
        (("map", "draft", "nowhere.csv"), "nowhere.csv"),
        (("data", "template", "--out", "nowhere/x.xlsx"), "nowhere"),
        (("--lang", "fr", "rules", "list"), "fr"),
        (("nonsense",), "nonsense"),
    ],
)
def test_mistakes_of_the_user(arguments: tuple[str, ...], told: str) -> None:
    done = audit(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "AUDIT_DEBUG" not in done.stderr


def test_rules_list_show_test_sql_and_undecided() -> None:
    listed = json.loads(audit("rules", "list", "--json").stdout)
    assert len(listed) == 85
    assert "人均纯收入 {pc} 元，低于 {low_income_line} 元，未纳入监测" in audit("rules", "show", "INC-4").stdout
    assert "582" in audit("rules", "test").stdout
    assert "pc__n < 4000 * pc__d" in audit("rules", "sql", "INC-4", "--as-of", "2024-12-31").stdout
    undecided = audit("rules", "undecided", "PW-5", str(SAMPLE), "--as-of", "2024-12-31").stdout
    assert "139903101002016" in undecided


def test_the_language_can_be_chosen_anywhere() -> None:
    for arguments, env in (
        (("--lang", "en", "rules", "list"), {}),
        (("rules", "list", "--lang=en"), {}),
        (("rules", "list"), {"AUDIT_LANG": "en"}),
    ):
        assert "Income stands still" in audit(*arguments, env=env).stdout
    assert "收入持平" in audit("rules", "list").stdout


def test_dictionary_and_template(tmp_path: Path) -> None:
    import python_calamine

    html = audit("data", "dictionary", "--format", "html").stdout
    assert "<!doctype html>" in html
    assert "易返贫致贫户(监测对象)类型" in html
    done = audit("data", "template", "--out", str(tmp_path / "blank.xlsx"))
    assert done.returncode == 0
    names = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "blank.xlsx")).sheet_names
    assert len(names) >= 29


def test_a_filled_in_template_is_a_registry(tmp_path: Path) -> None:
    import openpyxl

    assert audit("data", "template", "--out", str(tmp_path / "county.xlsx")).returncode == 0
    book = openpyxl.load_workbook(tmp_path / "county.xlsx")
    (name,) = [name for name in book.sheetnames if name in {"households", "户信息"}]
    sheet = book[name]
    heads = {
        sheet.cell(row, column).value: (row, column) for row in range(1, 5) for column in range(1, sheet.max_column + 1)
    }
    for head, value in (("户编号", "H1"), ("行政区划代码", "139901101001"), ("户联系电话", "12")):
        row, column = heads[head]
        sheet.cell(row + 1, column, value)
    book.save(tmp_path / "county.xlsx")
    place = (str(tmp_path / "county.xlsx"), "--out", str(tmp_path / "out"))
    done = audit("run", *place, "--as-of", "2024-12-31", *PAGELESS, "--json")
    assert done.returncode == 0, done.stderr
    (rule,) = [one for one in json.loads(done.stdout)["rules"] if one["rule_id"] == "HHD-3"]
    assert rule["flagged"] == 1


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m audit rules catalogue | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_defect_shows_where_but_no_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise ValueError("13990119800101001X")

    monkeypatch.setattr("audit.accepted.open_registry", broken)
    assert run(["run", str(SAMPLE), "--as-of", "2024-12-31", "--out", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "13990119800101001X" not in told
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]
