"""Trying rules out finds what an audit finds, from fewer columns, and leaves no trace among the runs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from audit import AuditResult, Settings, run_audit
from audit.cli.main import run
from audit.engine import run as engine
from audit.errors import AuditError, InputError, RulebookError
from audit.findings.write import write_findings
from audit.generate import generate_registry
from audit.rulebook.expression import parse_condition
from audit.subjects.asked import asked_columns
from audit.tryout import Tryout, try_rules
from tests import command
from tests.benchmarks.peers.ten import write_ten
from tests.conftest import AS_OF, BARE, SAMPLE, Write
from tests.policy import few, shipped
from tests.rehearsal.registry import HOUSEHOLDS, INCOMES

#: What only a comparison with an earlier night tells.
OF_NIGHTS = ("presence", "first_seen")


def findings(result: AuditResult | Tryout) -> list[tuple[object, ...]]:
    relation = result.relation()
    columns = [column for column in relation.columns if column not in OF_NIGHTS]
    return relation.select(*columns).order("rule_id, subject_id").fetchall()


def all_rows(result: AuditResult | Tryout, name: str) -> list[tuple[object, ...]]:
    return result.relation(name).order("ALL").fetchall()


def test_ten_rules_find_what_an_audit_by_these_rules_finds(tmp_path: Path, audited: Callable[..., AuditResult]) -> None:
    write_ten(tmp_path / "ten")
    tried = try_rules(SAMPLE, as_of=AS_OF, rules=tmp_path / "ten", out=tmp_path / "tried")
    whole = audited(SAMPLE, rules=tmp_path / "ten")
    assert findings(tried) == findings(whole) != []
    assert all_rows(tried, "rates") == all_rows(whole, "rates")


def test_some_of_all_rules_find_what_they_find_among_all(tmp_path: Path, sample_run: AuditResult) -> None:
    tried = try_rules(SAMPLE, as_of=AS_OF, only=["ID-4", "inc-4", "PW-2"], out=tmp_path)
    assert [line.status.rule.id for line in tried.rules] == ["ID-4", "PW-2", "INC-4"]
    assert findings(tried) == [one for one in findings(sample_run) if one[1] in {"ID-4", "INC-4", "PW-2"}]
    assert {row[0] for row in all_rows(tried, "rates")} == {"ID-4", "INC-4", "PW-2"}


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry of Parquet files, of which most are read where they lie."""
    folder = tmp_path_factory.mktemp("made-up")
    generate_registry(200, 11, folder, as_of=AS_OF)
    return folder


@pytest.fixture(scope="module")
def whole(made_up: Path, tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """The audit of that registry."""
    return run_audit(made_up, rules=shipped(), as_of=AS_OF, out=tmp_path_factory.mktemp("whole"), settings=BARE)


# As if each cell took a million bytes: tables are kept in a file, and households are decided in parts. All rules at once
# as if they were few, and as so many are: on tables of facts.
@pytest.mark.parametrize(("cell", "few"), [(25, 100), (1_000_000, 100), (25, 15), (1_000_000, 15)])
def test_all_rules_find_what_they_find_in_an_audit(
    tmp_path: Path, made_up: Path, whole: AuditResult, monkeypatch: pytest.MonkeyPatch, cell: int, few: int
) -> None:
    monkeypatch.setattr("audit.database._CELL", cell)
    monkeypatch.setattr("audit.tryout.FEW", few)
    tried = try_rules(made_up, as_of=AS_OF, rules=shipped(), out=tmp_path, settings=Settings(memory="2GB"))
    assert {line.status.status for line in tried.rules} == {"evaluated"}
    assert len(findings(whole)) > 100
    assert findings(tried) == findings(whole)
    assert all_rows(tried, "rates") == all_rows(whole, "rates")


def test_numbers_too_large_to_compare_leave_one_rule_undecided_and_the_others_decided(
    tmp_path: Path, write_registry: Write
) -> None:
    # The square of H1's number of people has more digits than fit; H2 has 2 people, of whom none is registered.
    two = few("HHD-1", "HHD-3")
    own = two.rules[0]
    squared = parse_condition("member_count * member_count > 1", own.subject, {})
    rulebook = replace(two, rules=(replace(own, flag=squared), two.rules[1]))
    homes = [
        {"household_id": "H1", "area_code": "139901101001", "member_count": "999999999999999", "phone": "1"},
        {"household_id": "H2", "area_code": "139901101001", "member_count": "2", "phone": "13800000000"},
    ]
    tried = try_rules(write_registry(households=homes), as_of=AS_OF, rules=rulebook, out=tmp_path / "out")
    counts = {
        line.status.rule.id: (line.counts.flagged, line.counts.clear, line.counts.undecided) for line in tried.rules
    }
    assert counts == {"HHD-1": (1, 0, 1), "HHD-3": (1, 1, 0)}
    assert [(one[1], one[4]) for one in findings(tried)] == [("HHD-1", "H2"), ("HHD-3", "H1")]


def test_a_rule_that_needs_care_leaves_its_facts_to_those_made_from_them(
    tmp_path: Path, made_up: Path, audited: Callable[..., AuditResult]
) -> None:
    # The number of people of one household is too large to be squared, so a table of households' facts is made; those of
    # villages are made from households' facts too.
    two = few("HHD-1", "FAB-1")
    assert "household" in asked_columns({"village": two.rules[1].facts})
    flag = parse_condition("member_count * member_count > 1", two.rules[0].subject, {})
    rulebook = replace(two, rules=(replace(two.rules[0], flag=flag), two.rules[1]))
    data = tmp_path / "registry"
    shutil.copytree(made_up, data)
    size = "CASE WHEN file_row_number = 0 THEN 999999999999999 ELSE CAST(member_count AS BIGINT) END AS member_count"
    rows = f"read_parquet('{made_up}/households.parquet', file_row_number = true)"
    duckdb.execute(
        f"COPY (SELECT * EXCLUDE (file_row_number) REPLACE ({size}) FROM {rows}) TO '{data}/households.parquet'"
    )
    tried, audit = try_rules(data, as_of=AS_OF, rules=rulebook, out=tmp_path / "out"), audited(data, rules=rulebook)
    assert [line.status.status for line in tried.rules] == ["evaluated", "evaluated"]
    assert sum(line.counts.undecided for line in tried.rules if line.status.rule.id == "HHD-1") >= 1
    assert {row[0] for row in all_rows(tried, "rates")} == {"HHD-1", "FAB-1"}
    assert all_rows(tried, "rates") == all_rows(audit, "rates")
    assert findings(tried) == findings(audit)


@pytest.mark.parametrize("content", [None, b"PAR1 no more"])
def test_a_file_that_is_gone_or_torn_when_facts_are_made_is_named(
    tmp_path: Path, made_up: Path, content: bytes | None
) -> None:
    data = tmp_path / "registry"
    shutil.copytree(made_up, data)

    def meanwhile(step: str, what: str) -> None:
        file = data / "households.parquet"
        if (step, what) == ("facts", ""):
            file.unlink()
            if content is not None:
                file.write_bytes(content)

    with pytest.raises(InputError) as refused:
        try_rules(data, as_of=AS_OF, rules=few("HHD-1"), out=tmp_path / "out", progress=meanwhile)
    assert "households.parquet" in refused.value.message("zh")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_changes_while_it_is_read_is_noticed(
    tmp_path: Path, made_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "registry"
    shutil.copytree(made_up, data)

    def grows(con: duckdb.DuckDBPyConnection, evaluation: engine.Evaluation, as_of: date, folder: Path) -> None:
        write_findings(con, evaluation, as_of, folder)
        with (data / "households.parquet").open("ab") as file:
            file.write(b"x")

    monkeypatch.setattr("audit.tryout.write_findings", grows)
    with pytest.raises(InputError) as refused:
        try_rules(data, as_of=AS_OF, rules=few("HHD-1"), out=tmp_path / "out")
    assert "households.parquet" in refused.value.message("zh")
    assert list((tmp_path / "out").iterdir()) == []


def test_only_what_the_rules_need_is_read(tmp_path: Path) -> None:
    tried = try_rules(SAMPLE, as_of=AS_OF, only=["PW-7"], out=tmp_path)
    read = json.loads((tried.folder / "tryout.json").read_text(encoding="utf-8"))["read"]
    assert "incomes" not in read
    assert "annual_pay" in read["posts"]
    assert "health" not in read["persons"]
    assert [line.table for line in tried.inputs] == sorted({line.table for line in tried.inputs})


def test_a_row_is_refused_for_a_number_that_no_rule_reads(tmp_path: Path, write_registry: Write) -> None:
    # PW-7 asks for pay and attendance. The holder's shortened identity number refuses the holder's row all the same.
    data = write_registry(
        households=[{"household_id": "H1", "area_code": "139901101001", "household_type": "lifted"}],
        persons=[{"person_id": "P1", "household_id": "H1", "name": "甲", "id_number": "1.39901E+17"}],
        posts=[{"post_id": "T1", "person_id": "P1", "post_type": "ranger", "annual_pay": 5, "attendance_days": 0}],
    )
    tried = try_rules(data, as_of=AS_OF, only=["PW-7"], out=tmp_path / "out")
    assert [(row[0], row[4], row[6]) for row in all_rows(tried, "quarantine")] == [
        ("persons", "id_number", "excel_number")
    ]


def test_a_value_is_tried(tmp_path: Path, write_registry: Write) -> None:
    # Income per head is 3000 in H1 and H6, 4000 in H2, 4499.99 in H3, 4200 in H5; H6 is not lifted.
    data = write_registry(households=HOUSEHOLDS, incomes=INCOMES)
    found = {}
    for line in ("4000", "4500"):
        tried = try_rules(data, as_of=AS_OF, only=["INC-3"], values=[f"low_income_line={line}"], out=tmp_path / "out")
        found[line] = [one[4] for one in findings(tried)]
    assert found == {"4000": ["H1"], "4500": ["H1", "H2", "H3", "H5"]}
    with pytest.raises(RulebookError):
        try_rules(data, as_of=AS_OF, values=["low_income_lin=1"], out=tmp_path / "out")


def test_the_same_tryout_gives_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for out in ("a", "b"):
        tried = try_rules(SAMPLE, as_of=AS_OF, only=["INC-4"], out=tmp_path / out)
        written.append({path.name: path.read_bytes() for path in sorted(tried.folder.iterdir())})
        written[-1]["name"] = tried.name.encode()
    assert written[0] == written[1]


def test_runs_and_latest_stay(tmp_path: Path, sample_run: AuditResult) -> None:
    shutil.copytree(sample_run.folder.parent, tmp_path / "reports", symlinks=True)
    before = sorted(path.name for path in (tmp_path / "reports").iterdir())
    done = command.audit(
        "try", str(SAMPLE), "--rule", "INC-4", "--as-of", "2024-12-31", "--out", str(tmp_path / "reports")
    )
    assert (done.returncode, done.stderr) == (0, "")
    after = sorted(path.name for path in (tmp_path / "reports").iterdir())
    (new,) = set(after) - set(before)
    assert new.startswith("tryout-2024-12-31-")
    assert (tmp_path / "reports" / "latest").readlink().name == sample_run.run.run_id
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["INC-4", "收入低于监测线，未纳入监测", "严重", "3", "/", "5", "60.00", "%", "0", "144"] in lines
    assert [line[:2] for line in lines if "未纳入监测" in "".join(line) and "人均纯收入" in "".join(line)] == [
        ["INC-4", "139903101001006"],
        ["INC-4", "139903101001007"],
        ["INC-4", "139903101001008"],
    ]
    history = command.audit("history", "--out", str(tmp_path / "reports"))
    assert new not in history.stdout


def test_an_unknown_rule_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as refused:
        try_rules(SAMPLE, as_of=AS_OF, only=["INC-44"], out=tmp_path)
    assert refused.value.message("zh") == "没有规则 INC-44。最接近的是：INC-4"
    assert list(tmp_path.iterdir()) == []


def test_a_broken_rule_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "bind_sql", lambda rules: "SELECT nothing")
    assert run(["try", str(SAMPLE), "--rule", "INC-4", "--as-of", "2024-12-31", "--out", str(tmp_path), "--json"]) == 2
    (rule,) = json.loads(capsys.readouterr().out)["rules"]
    assert (rule["rule_id"], rule["status"], rule["flagged"]) == ("INC-4", "broken", None)
