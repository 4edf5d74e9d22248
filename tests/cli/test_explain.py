"""``audit explain`` as an analyst uses it: after a run, on data, for a script; every mistake told in a sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import AS_OF, BARE, ROOT

from audit import run_audit
from audit.cli.main import run

HOMES = [
    {"household_id": name, "area_code": "139901101001", "household_type": "lifted", "lifted_year": "2019",
     "monitor_category": "", "risk_cleared": "", "head_name": "欧阳修远"}
    for name in ("H1", "H2")
]  # fmt: skip
INCOMES = [{"household_id": name, "year": "2024", "population": "1", "net_income": "3999.99"} for name in ("H1", "H2")]


@pytest.fixture(scope="module")
def audited_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which an audit was run: its registry, its rules and its reports."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "registry").mkdir()
    for name, rows in (("households", HOMES), ("incomes", INCOMES)):
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        (folder / "registry" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shutil.copytree(ROOT / "rules", folder / "policy")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        run_audit(Path("registry"), as_of=AS_OF, rules=Path("policy"), out="reports", settings=BARE)
    return folder


@pytest.fixture
def office(audited_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, copied for a test of its own, and the one in which the commands run."""
    shutil.copytree(audited_office, tmp_path, symlinks=True, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["explain", *arguments]) == code
    captured = capsys.readouterr()
    assert (captured.out if code else captured.err) == ""
    return captured.err if code else captured.out


def test_the_last_run_is_explained_as_it_was_asked(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads((office / "reports" / "latest" / "run.json").read_text(encoding="utf-8"))
    asked = record["asked"]
    assert (asked["data"], asked["rules"], asked["source_map"]) == ("registry", "policy", None)
    shown = told(capsys, "H1", "--rule", "inc-4").splitlines()
    assert shown[:5] == [
        "户 H1　户主 欧***　139901101001",
        f"审计日 2024-12-31　审计年度 2024　批次 {record['run_id']}",
        "登记户",
        "命中 1",
        "√ 成立　× 不成立　? 未知　← 决定结论的条件；方括号里是实际数值",
    ]
    assert not [line for line in shown if line.startswith("注意")]


def test_what_has_changed_since_the_run_is_said(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    incomes = office / "registry" / "incomes.csv"
    incomes.write_text(incomes.read_text(encoding="utf-8").replace("3999.99", "9000"), encoding="utf-8")
    (office / "registry" / "villages.csv").write_text("area_code\n139901101001\n", encoding="utf-8")
    rule = office / "policy" / "income" / "INC-4.yaml"
    rule.write_text(rule.read_text(encoding="utf-8") + "# another remark\n", encoding="utf-8")
    shown = told(capsys, "H1", "--lang", "en").splitlines()
    place = next(place for place, line in enumerate(shown) if line.startswith("Note: the following differs"))
    assert shown[place + 1 : place + 4] == [
        "  incomes.csv has changed since that run",
        "  villages.csv was not there for that run",
        "  the rules or parameters are not those of that run",
    ]


def test_a_file_that_is_gone(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (office / "registry" / "incomes.csv").unlink()
    shown = told(capsys, "H1", "--rule", "INC-4")
    assert "  incomes.csv 在这次审计时有，现在没有" in shown
    assert "缺少表：incomes" in shown


def test_other_rules_and_another_day_count_where_they_are_given(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = ("--rules", str(ROOT / "rules"), "--run", "reports/latest")
    shown = told(capsys, "H1", "--rule", "INC-4", "--as-of", "2023-06-30", *rules)
    assert "审计日 2023-06-30　审计年度 2023" in shown
    assert "? pc[未知] < $low_income_line[4000] ←" in shown


def test_data_can_be_asked_without_a_run(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(office / "reports")
    shown = told(capsys, "H1", "registry", "--as-of", "2024-12-31", "--rule", "INC-4")
    assert "审计日 2024-12-31　审计年度 2024\n" in shown
    assert "人均纯收入 3999.99 元，低于 4000 元，未纳入监测" in shown


def test_personal_data_only_when_asked_for(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "欧阳修远" not in told(capsys, "H1") + told(capsys, "H1", "--json")
    assert "户主姓名 欧阳修远" in told(capsys, "H1", "--show-personal")


def test_for_a_script(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(told(capsys, "H1", "--rule", "INC-4", "--json"))
    (rule,) = record.pop("rules")
    rows = record.pop("rows")
    assert record == {
        "household_id": "H1", "standing": "registered", "deregistered_on": None, "head": "欧***",
        "area_code": "139901101001", "place": "", "as_of": "2024-12-31", "year": 2024,
        "run_id": (office / "reports" / "latest").resolve().name, "changes": [], "left_out": [], "quarantined": [],
        "cell_faults": [],
    }  # fmt: skip
    assert [(row["table"], row["file"], row["rows"]) for row in rows] == [
        ("households", "households.csv", [2]),
        ("incomes", "incomes.csv", [2]),
    ]
    assert rows[1]["cells"] == {"year": "2024", "population": "1", "net_income": "3999.99"}
    (subject,) = rule.pop("subjects")
    assert rule == {
        "rule_id": "INC-4", "title": "收入低于监测线，未纳入监测", "subject_type": "household", "severity": "high",
        "status": "evaluated", "reason": None,
    }  # fmt: skip
    assert subject["outcome"] == "flagged"
    assert subject["decided_by"] == ["not monitored[否]"]
    assert (subject["file"], subject["rows"]) == ("households.csv", [2])
    assert [part["truth"] for part in subject["population"]["parts"]] == [True, True, True]
    assert subject["flag"] == {"text": "not monitored[否]", "truth": True, "decides": True}
    assert subject["facts"][2] == {
        "name": "pc", "title": "人均纯收入", "value": {"n": "3999.99", "d": "1"}, "shown": "3999.99", "unit": "元",
        "unknown": None,
    }  # fmt: skip
    line = subject["parameters"][1]
    assert (line["name"], line["value"], line["valid_from"], line["area"], line["state"]) == (
        "low_income_line", "4000", "2020-01-01", "", "in_force",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("H3",), "数据里没有户 H3，接收的行和隔离的行里都没有这个编号。最接近的是：H1, H2"),
        (("H1", "--rule", "INC4"), "没有规则 INC4。最接近的是：INC-4"),
        (("H1", "registry", "--run", "reports/latest"), "给出 DATA 时不能同时用 --run。"),
        (("H1", "--run", "elsewhere"), "文件夹 elsewhere 里没有审计结果（run.json）"),
        (("H1", "nowhere", "--as-of", "2024-12-31"), "找不到 nowhere"),
    ],
)
def test_mistakes_of_the_user(
    office: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert message in told(capsys, *arguments, code=2)


@pytest.mark.parametrize(
    "record", ["{", "{}", '{"run_id": "x", "as_of": "2024-12-31", "year": 2024, "inputs": []}', "[]"]
)
def test_a_record_that_does_not_say_how_it_was_asked(
    office: Path, capsys: pytest.CaptureFixture[str], record: str
) -> None:
    (office / "reports" / "latest" / "run.json").write_text(record, encoding="utf-8")
    assert "看不出这次审计读取了哪些数据" in told(capsys, "H1", code=2)


def test_a_registry_that_has_moved(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (office / "registry").rename(office / "elsewhere")
    assert "读取的数据 registry 不在这里" in told(capsys, "H1", code=2)
