"""Dated, placed values: in force, carried forward unconfirmed, or ended."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import ROOT, Write

from audit import AuditResult

Audit = Callable[..., AuditResult]
VALUE = "    - {value: 4000, from: 2020-01-01, source: 方案三(三)所用的 4000 元线（各地各年监测线不同，请按本省文件填写）}\n"
HOMES = [
    {"household_id": name, "area_code": area, "household_type": "lifted", "lifted_year": "2018", "member_count": "1"}
    for name, area in (("H1", "139901101001"), ("H2", "139902101001"), ("H3", "139902102001"))
]
INCOMES = [
    {"household_id": f"H{number}", "year": "2024", "population": "1", "net_income": "4500"} for number in (1, 2, 3)
]


@pytest.fixture
def with_values(tmp_path: Path) -> Callable[..., Path]:
    def write(*values: str, carry_forward: bool = True) -> Path:
        folder = tmp_path / "rules"
        shutil.copytree(ROOT / "rules", folder, dirs_exist_ok=True)
        path = folder / "parameters.yaml"
        text = (ROOT / "rules" / "parameters.yaml").read_text(encoding="utf-8")
        assert VALUE in text
        text = text.replace(VALUE, "".join(f"    - {{{value}, source: 测试}}\n" for value in values))
        if not carry_forward:
            text = text.replace("  carry_forward: true", "  carry_forward: false", 1)
        path.write_text(text, encoding="utf-8")
        return folder

    return write


def flagged(run: AuditResult) -> list[str]:
    found = run.relation("findings").filter("rule_id = 'INC-3'").project("subject_id").fetchall()
    return [row[0] for row in found]


def state(run: AuditResult) -> set[str]:
    import json

    record = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    return {one["state"] for one in record["parameters"] if one["name"] == "low_income_line"}


def status(run: AuditResult, rule_id: str = "INC-3") -> tuple[str, str]:
    (line,) = [line for line in run.summary.rules if line.status.rule.id == rule_id]
    return line.status.status, line.status.reason.message("zh") if line.status.reason else ""


def test_the_latest_value_that_has_begun(
    write_registry: Write, audited: Audit, with_values: Callable[..., Path]
) -> None:
    rules = with_values(
        "value: 5000, from: 2025-01-01", "value: 4600, from: 2024-12-31", "value: 4000, from: 2020-01-01"
    )
    run = audited(write_registry(households=HOMES, incomes=INCOMES), rules=rules)
    assert (flagged(run), state(run)) == (["H1", "H2", "H3"], {"in_force"})


def test_the_lowest_area_that_has_a_value(
    write_registry: Write, audited: Audit, with_values: Callable[..., Path]
) -> None:
    rules = with_values(
        "value: 4000, from: 2020-01-01",
        "value: 5000, from: 2020-01-01, area: '139902'",
        "value: 4400, from: 2020-01-01, area: '139902102'",
    )
    run = audited(write_registry(households=HOMES, incomes=INCOMES), rules=rules)
    assert flagged(run) == ["H2"]
    evidence = run.relation("findings").filter("rule_id = 'INC-3'").project("evidence ->> 'low_income_line'").fetchall()
    assert evidence == [("5000",)]


def test_carried_forward_is_said(write_registry: Write, audited: Audit, with_values: Callable[..., Path]) -> None:
    rules = with_values("value: 5000, from: 2020-01-01, until: 2023-12-31")
    run = audited(write_registry(households=HOMES, incomes=INCOMES), rules=rules)
    assert (len(flagged(run)), state(run)) == (3, {"carried_forward_unconfirmed"})


def test_ended_means_not_evaluated(write_registry: Write, audited: Audit, with_values: Callable[..., Path]) -> None:
    rules = with_values("value: 5000, from: 2020-01-01, until: 2023-12-31", carry_forward=False)
    run = audited(write_registry(households=HOMES, incomes=INCOMES), rules=rules)
    assert (flagged(run), state(run)) == ([], {"ended"})
    assert status(run)[0] == "not_evaluated"
    assert "low_income_line" in status(run)[1]
    assert status(run, "INC-1")[0] == "evaluated"


def test_a_value_for_one_area_only(write_registry: Write, audited: Audit, with_values: Callable[..., Path]) -> None:
    rules = with_values("value: 5000, from: 2020-01-01, area: '139901'")
    run = audited(write_registry(households=HOMES, incomes=INCOMES), rules=rules)
    assert flagged(run) == ["H1"]
    rates = run.relation("rates").filter("rule_id = 'INC-3' AND area_level = 'all'")
    assert rates.project("population, flagged, clear, undecided, not_applicable").fetchall() == [(1, 1, 0, 0, 0)]
