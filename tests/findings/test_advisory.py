"""Findings of advisory rules are written down like any other, but count apart unless asked for."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import AS_OF, BARE, ROOT, Write
from tests.policy import shipped

from audit import AuditResult, Settings, run_audit
from audit.cli.main import run as command

Audit = Callable[..., AuditResult]
PHONE = "13800000001"
#: Six households of one village with one phone: advisory FAB-4. One of another township with a bad phone: HHD-3.
HOMES = [
    {"household_id": f"H{place}", "area_code": "139901101001", "phone": PHONE, "member_count": "0"}
    for place in range(1, 7)
] + [{"household_id": "H7", "area_code": "139901102001", "phone": "12", "member_count": "3"}]
COUNTED = Settings(count_advisory=True)


@pytest.fixture
def data(write_registry: Write) -> Path:
    return write_registry(households=HOMES)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the two runs that most tests look at, with the registry in it."""
    folder = tmp_path_factory.mktemp("advisory")
    (folder / "in").mkdir()
    columns = list(HOMES[0])
    lines = [",".join(columns), *(",".join(row.values()) for row in HOMES)]
    (folder / "in" / "households.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def apart(home: Path) -> AuditResult:
    """Advisory findings count apart."""
    return run_audit(home / "in", as_of=AS_OF, rules=shipped(), out=home / "apart")


@pytest.fixture(scope="module")
def counted(home: Path) -> AuditResult:
    """Advisory findings count like any other."""
    return run_audit(home / "in", as_of=AS_OF, rules=shipped(), out=home / "counted", settings=COUNTED)


@pytest.fixture
def rules_with_advisory_phone(tmp_path: Path) -> Path:
    """The rules, with HHD-3, a rule about households, made advisory."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "roster" / "HHD-3.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "advisory: true\n", encoding="utf-8")
    return tmp_path / "rules"


def page(run: AuditResult, name: str) -> str:
    return (run.folder / f"{name}.html").read_text(encoding="utf-8")


def rule_row(run: AuditResult, rule_id: str) -> str:
    rules = page(run, "rules/index")
    return rules[rules.index(f">{rule_id}</a></th>") :].partition("</tr>")[0]


def test_they_are_found_and_have_rates_like_any_other(apart: AuditResult) -> None:
    run = apart
    found = run.relation("findings").project("rule_id, severity, subject_type, subject_id").fetchall()
    assert found == [("FAB-4", "low", "village", "139901101001"), ("HHD-3", "low", "household", "H7")]
    rates = run.relation("rates").filter("rule_id = 'FAB-4' AND area_level = 'all'")
    assert rates.project("population, flagged, clear").fetchall() == [(2, 1, 1)]


def test_they_count_apart(apart: AuditResult) -> None:
    summary = apart.summary
    assert dict(summary.findings) == {"high": 0, "medium": 0, "low": 1}
    assert summary.advisory_findings == 1
    assert summary.set_apart == {"FAB-1", "FAB-2", "FAB-3", "FAB-4", "FAB-5"}


def test_they_count_if_asked_for(counted: AuditResult) -> None:
    summary = counted.summary
    assert dict(summary.findings) == {"high": 0, "medium": 0, "low": 2}
    assert (summary.advisory_findings, summary.set_apart) == (0, frozenset())


def test_a_household_with_nothing_but_a_hint_is_not_flagged(
    data: Path, audited: Audit, rules_with_advisory_phone: Path
) -> None:
    apart = audited(data, rules=rules_with_advisory_phone).summary
    assert (apart.flagged_households, apart.findings["low"], apart.advisory_findings) == (0, 0, 2)
    bare = replace(BARE, count_advisory=True)
    counted = audited(data, rules=rules_with_advisory_phone, settings=bare).summary
    assert (counted.flagged_households, counted.findings["low"], counted.advisory_findings) == (1, 2, 0)


def test_the_overview_shows_them_apart(apart: AuditResult) -> None:
    run = apart
    index = page(run, "index")
    assert "轻微问题</a><b>1</b>" in index
    assert "提示</a><b>1</b><small>不计入问题</small>" in index
    row = rule_row(run, "FAB-4")
    assert '<span class="badge advisory">提示</span>' in row
    assert "1 / 2" in row
    # Households, flagged households, share, findings, high findings, hints.
    lines = re.findall(r'<td class="n">([^<]*)', index[index.index('href="areas/139901101000/index.html"') :])[:6]
    assert lines == ["6", "0", "0.00 %", "0", "0", "1"]


def test_the_overview_counts_them_if_asked_for(counted: AuditResult) -> None:
    run = counted
    index = page(run, "index")
    assert "轻微问题</a><b>2</b>" in index
    assert "提示" not in index
    assert '<span class="badge low">轻微</span>' in rule_row(run, "FAB-4")


def test_a_village_lists_them_after_its_households(
    data: Path, reported: Audit, rules_with_advisory_phone: Path
) -> None:
    # With a table of persons, HHD-1 flags H7, whose three members are not there.
    (data / "persons.csv").write_text("person_id,household_id\n", encoding="utf-8")
    text = page(reported(data, rules=rules_with_advisory_phone), "areas/139901102000/139901102001")
    assert "有问题的户 1（100.00 %），问题 1 个" in text
    assert '<span class="badge advisory">提示</span> <b>' in text
    assert text.index(">HHD-1</a>") < text.index(">HHD-3</a>")
    assert text.count(' id="household-H7"') == 1


def test_a_village_with_nothing_but_hints_has_a_page(apart: AuditResult) -> None:
    run = apart
    assert 'href="areas/139901101000/index.html"' in page(run, "index")
    text = page(run, "areas/139901101000/139901101001")
    assert ">FAB-4</a>" in text[text.index("<h2") :]
    assert "<h2" in text.partition(">FAB-4</a>")[0]
    assert "以下是提示，不计入问题数和有问题的户数" in text
    assert "本村填有电话的 6 户中，6 户登记的是同一个电话" in text
    assert PHONE not in text
    assert "以下是提示" not in page(run, "areas/139901102000/139901102001")


def test_counted_hints_stand_among_the_others(counted: AuditResult) -> None:
    text = page(counted, "areas/139901101000/139901101001")
    assert ">FAB-4</a>" in text
    assert "以下是提示" not in text


def test_counting_them_changes_no_parquet_file(apart: AuditResult, counted: AuditResult) -> None:
    before = {path.name: path.read_bytes() for path in apart.folder.rglob("*.parquet")}
    assert counted.summary.run_id == apart.summary.run_id
    assert {path.name: path.read_bytes() for path in counted.folder.rglob("*.parquet")} == before
    assert set(before) == {
        f"{name}.parquet"
        for name in (
            "findings",
            "rates",
            "quarantine",
            "cell_faults",
            "absent",
            "cooccurrence",
            "households",
            "history",
            "trend",
            "profile",
            "keys",
            "areas",
            "households",
            "persons",
            "incomes",
            "posts",
            "source_files",
        )
    }


def test_the_record_says_which_rules_are_advisory(apart: AuditResult) -> None:
    record = json.loads((apart.folder / "run.json").read_text(encoding="utf-8"))
    assert record["shown"]["count_advisory"] is False
    assert {one["rule_id"] for one in record["rules"] if one["advisory"]} == {f"FAB-{place}" for place in range(1, 6)}


def test_fail_on_and_the_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    rows = ["household_id,area_code,phone", *(f"H{place},139901101001,{PHONE}" for place in range(6))]
    (tmp_path / "in" / "households.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    audit = ["run", str(tmp_path / "in"), "--as-of", "2024-12-31", "--out", str(tmp_path / "out"), "--fail-on", "low"]
    assert command(audit) == 0
    told = capsys.readouterr().out
    assert "问题：严重 0　中等 0　轻微 0" in told
    assert "提示 1 条，不计入问题" in told
    assert re.search(r"FAB-4 +多户登记同一个电话 +提示 +1 / 1", told)
    assert command([*audit, "--count-advisory"]) == 1
    told = capsys.readouterr().out
    assert "问题：严重 0　中等 0　轻微 1" in told
    assert "提示" not in told


def test_the_catalogue_says_that_a_rule_is_advisory(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["rules", "show", "FAB-4"]) == 0
    assert "轻微（提示）" in capsys.readouterr().out
    assert command(["--lang", "en", "rules", "show", "FAB-4"]) == 0
    assert "low (advisory)" in capsys.readouterr().out
