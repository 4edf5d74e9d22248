"""Which rules fire together on the same household, counted by hand; cheap also where every rule fires everywhere."""

from __future__ import annotations

import time
from collections.abc import Callable

import duckdb
from tests.conftest import Write

from audit import AuditResult
from audit.findings.cooccurrence import cooccurrence_sql

Audit = Callable[..., AuditResult]
COLUMNS = "rule_id, other_rule_id, households, households_rule, households_other"
LIFTED = {"household_type": "lifted", "lifted_year": "2018", "monitor_category": "", "risk_cleared": ""}


def test_pairs_of_rules_with_both_denominators(write_registry: Write, reported: Audit) -> None:
    # Below the line and not monitored (INC-3 with INC-4): H1, H2; H3 is monitored, so INC-3 alone.
    # A phone that is not valid (HHD-3): H1, H4.
    homes = [
        {"household_id": "H1", "area_code": "139901101001", "phone": "12", **LIFTED},
        {"household_id": "H2", "area_code": "139901101001", "phone": "", **LIFTED},
        {"household_id": "H3", "area_code": "139901101002", "phone": "", **LIFTED, "monitor_category": "unstable"},
        {"household_id": "H4", "area_code": "139901102001", "phone": "34", "household_type": "general"},
    ]
    incomes = [
        {"household_id": f"H{number}", "year": "2024", "population": "1", "net_income": "3000"}
        for number in (1, 2, 3, 4)
    ]
    run = reported(write_registry(households=homes, incomes=incomes))
    assert run.relation("cooccurrence").project(COLUMNS).fetchall() == [
        ("HHD-3", "INC-3", 1, 2, 3),
        ("HHD-3", "INC-4", 1, 2, 2),
        ("INC-3", "INC-4", 2, 3, 2),
    ]
    assert [pair.households for pair in run.summary.together] == [2, 1, 1]
    page = (run.folder / "index.html").read_text(encoding="utf-8")
    table = page[page.index('id="together"') :].partition("</table>")[0]
    row = next(row for row in table.split("<tr>") if "INC-4" in row)
    assert "脱贫户收入低于低收入线" in row
    assert "收入低于监测线，未纳入监测" in row
    assert "2 / 3 (66.67 %)" in row
    assert "2 / 2 (100.00 %)" in row


def of(findings: str, *rules: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE findings AS {findings}")
        return con.execute(cooccurrence_sql(rules)).fetchall()


def test_two_findings_of_one_rule_in_a_household_count_once_and_findings_of_no_household_not_at_all() -> None:
    rows = "VALUES ('A-1', 'H1'), ('A-1', 'H1'), ('A-10', 'H1'), ('A-2', NULL), ('A-10', NULL), ('A-2', 'H2')"
    assert of(f"SELECT * FROM ({rows}) AS t(rule_id, household_id)", "A-1", "A-2", "A-10") == [
        ("A-1", "A-10", 1, 1, 1),
    ]


def test_pairs_stand_in_text_order() -> None:
    rows = "VALUES ('B-2', 'H1'), ('B-10', 'H1'), ('A-9', 'H1'), ('B-2', 'H2'), ('B-10', 'H2')"
    assert of(f"SELECT * FROM ({rows}) AS t(rule_id, household_id)", "A-9", "B-2", "B-10") == [
        ("A-9", "B-10", 1, 1, 2),
        ("A-9", "B-2", 1, 1, 2),
        ("B-10", "B-2", 2, 2, 2),
    ]


def test_no_rule_and_one_rule_have_no_pairs() -> None:
    assert of("SELECT 'A-1' AS rule_id, 'H1' AS household_id WHERE false") == []
    assert of("SELECT 'A-1' AS rule_id, 'H1' AS household_id", "A-1") == []


def test_every_rule_fires_everywhere() -> None:
    households, rules = 100_000, [f"A-{number}" for number in range(70)]
    everywhere = (
        f"SELECT 'A-' || r AS rule_id, 'H' || h AS household_id FROM range({households}) AS a(h), range(70) AS b(r)"
    )
    started = time.monotonic()
    found = of(everywhere, *rules)
    # 70 * 69 / 2 pairs. Put together household by household that would be 241,500,000 rows: minutes instead of seconds.
    assert len(found) == 2415
    assert {row[2:] for row in found} == {(households, households, households)}
    assert time.monotonic() - started < 30
