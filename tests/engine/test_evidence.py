"""Evidence carries each parameter's value, its date and its source, and is valid JSON whatever they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Write
from tests.policy import shipped

from audit import AuditResult
from audit.engine.statements import facts_table, findings_sql, prepare
from audit.engine.values_in_force import all_in_force, built_in
from audit.rulebook.policy import DatedValue, Parameter

Audit = Callable[..., AuditResult]
HOSTILE = """it's "so" \\ ' || ' <b>\u202e{}\n$1"""
RULE = """
id: TST-1
name: test.deadline
title: 期限
section: 测试
subject: household
severity: low
population: phone_known
flag: $as_of > $deadline and 2 > $factor
never: [undecided]
evidence: [phone_valid]
message: 期限 {deadline}，系数 {factor}
remedy: 无
cases:
  - {about: 有, given: {phone_known: true}, outcome: flagged}
  - {about: 无, given: {phone_known: true, $factor: 2}, outcome: clear}
  - {about: 不适用, given: {phone_known: false}, outcome: not_applicable}
"""
PARAMETERS = """
deadline: {title: 期限, type: date, carry_forward: true, values: [{value: 2024-01-31, from: 2020-01-01, source: 甲}]}
factor: {title: 系数, type: number, carry_forward: true, values: [{value: 1.50, from: 2020-01-01, source: 乙}]}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: str) -> Path:
        folder = tmp_path / "rules"
        folder.mkdir()
        (folder / "TST-1.yaml").write_text(RULE, encoding="utf-8")
        (folder / "parameters.yaml").write_text(PARAMETERS, encoding="utf-8")
        lines = ["parameter,area,year,from,until,value,source", *rows]
        (folder / "parameters.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    return write


def evidence(write_registry: Write, reported: Audit, rules: Path) -> dict[str, object]:
    homes = [{"household_id": f"H{county}", "area_code": f"13990{county}101001", "phone": "12"} for county in (1, 2)]
    run = reported(write_registry(households=homes), rules=rules)
    found = run.relation("findings").project("subject_id, evidence").fetchall()
    return {subject: json.loads(text, parse_float=Decimal) for subject, text in found}


def test_one_value_everywhere(write_registry: Write, reported: Audit, rules: Callable[..., Path]) -> None:
    wanted = {
        "phone_valid": False,
        "as_of": "2024-12-31",
        "deadline": "2024-01-31",
        "factor": Decimal("1.5"),
        "parameters": {
            "deadline": {"valid_from": "2020-01-01", "area": "", "source": "甲", "state": "in_force"},
            "factor": {"valid_from": "2020-01-01", "area": "", "source": "乙", "state": "in_force"},
        },
    }
    assert evidence(write_registry, reported, rules()) == {"H1": wanted, "H2": wanted}


def test_dates_and_numbers_by_area(write_registry: Write, reported: Audit, rules: Callable[..., Path]) -> None:
    folder = rules("deadline,139902,2023,,,2023-06-30,丙", "factor,139902,2024,,,1,丁")
    found = evidence(write_registry, reported, folder)
    assert found["H1"] == {
        "phone_valid": False, "as_of": "2024-12-31", "deadline": "2024-01-31", "factor": Decimal("1.5"),
        "parameters": {
            "deadline": {"valid_from": "2020-01-01", "area": "", "source": "甲", "state": "in_force"},
            "factor": {"valid_from": "2020-01-01", "area": "", "source": "乙", "state": "in_force"},
        },
    }  # fmt: skip
    assert found["H2"] == {
        "phone_valid": False, "as_of": "2024-12-31", "deadline": "2023-06-30", "factor": 1,
        "parameters": {
            "deadline": {"valid_from": "2023-01-01", "area": "139902", "source": "丙",
                         "state": "carried_forward_unconfirmed"},
            "factor": {"valid_from": "2024-01-01", "area": "139902", "source": "丁", "state": "in_force"},
        },
    }  # fmt: skip


def test_the_page_shows_date_and_source_in_small_print(
    write_registry: Write, reported: Audit, rules: Callable[..., Path]
) -> None:
    homes = [{"household_id": "H2", "area_code": "139902101001", "phone": "12"}]
    folder = rules("deadline,139902,2023,,,2023-06-30,<b>丙</b>\u202e", "factor,139902,2024,,,1,丁")
    run = reported(write_registry(households=homes), rules=folder)
    page = (run.folder / "areas" / "139902101000" / "139902101001.html").read_text(encoding="utf-8")
    assert "<dt>期限<dd>2023-06-30" in page
    told = "期限：139902，自 2023-01-01 起，已过期，沿用旧值，未经确认，依据 &lt;b&gt;丙&lt;/b&gt;\ufffd"
    assert f"<bdi>{told}</bdi>" in page
    assert "<bdi>系数：139902，自 2024-01-01 起，依据 丁</bdi>" in page


@pytest.mark.parametrize("areas", [("",), ("139901",), ("", "13", "139901")], ids=str)
def test_a_source_may_say_anything(areas: tuple[str, ...]) -> None:
    rulebook = shipped()
    rule = rulebook.rule("INC-3")
    assert rule is not None
    values = tuple(DatedValue(4000, date(2020, 1, 1), None, area, HOSTILE) for area in areas)
    line = Parameter("low_income_line", "线", "line", "", "", "money", True, values)
    in_force = all_in_force({"low_income_line": line}, 2024)
    parameters = {"low_income_line": in_force["low_income_line"].sql, **built_in(date(2024, 12, 31), 2024)}
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE {facts_table('household')} AS SELECT 'H1' AS subject_id, 'H1' AS household_id, "
            "'' AS person_id, '139901101001' AS area_code, 0 AS source_no, 1 AS source_row, true AS lifted, "
            "2020 AS lifted_year, 3000.0 AS pc__n, 1 AS pc__d, 3000 AS net, 1 AS population, "
            "false AS monitored, 'x' AS monitor_category"
        )
        found = con.execute(
            f"SELECT evidence FROM ({findings_sql(prepare(rule, parameters, in_force), '2024-12-31')})"
        ).fetchall()
    ((text,),) = found
    assert json.loads(text)["parameters"]["low_income_line"] == {
        "valid_from": "2020-01-01", "area": areas[-1], "source": HOSTILE, "state": "in_force",
    }  # fmt: skip


def test_one_value_everywhere_costs_nothing() -> None:
    rulebook = shipped()
    rule = rulebook.rule("INC-3")
    assert rule is not None
    in_force = all_in_force(rulebook.parameters, 2024)
    values: dict[str, str] = {**{name: one.sql for name, one in in_force.items()}, **built_in(date(2024, 12, 31), 2024)}
    sql = findings_sql(prepare(rule, values, in_force), "2024-12-31")
    assert """', "parameters": {"low_income_line": {"valid_from": "2020-01-01", "area": "", "source": """ in sql
    assert sql.partition("AS evidence")[0].endswith('"state": "in_force"}}}\' ')
