"""No row is lost: keys, households, several parts of a table, and repeated household rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Write

from audit import AuditResult

Audit = Callable[..., AuditResult]
HOME = {"household_id": "H1", "area_code": "139901101001"}


def quarantine(run: AuditResult) -> list[tuple[object, ...]]:
    rows = run.relation("quarantine").project('"table", source_file, source_row, "column", reason')
    return rows.fetchall()


def test_the_first_row_of_a_key_stays(write_registry: Write, audited: Audit) -> None:
    data = write_registry(
        households=[{**HOME, "village_name": "甲"}, {**HOME, "village_name": "乙"}, {**HOME, "village_name": "丙"}]
    )
    run = audited(data)
    assert quarantine(run) == [
        ("households", "households.csv", 3, "household_id", "duplicate_key"),
        ("households", "households.csv", 4, "household_id", "duplicate_key"),
    ]
    rows = run.relation("quarantine").project('"row"').fetchall()
    assert ["乙" in rows[0][0], "丙" in rows[1][0]] == [True, True]


def test_keys_are_compared_as_read_not_as_spelled(write_registry: Write, audited: Audit) -> None:
    data = write_registry(households=[HOME, {**HOME, "household_id": '"=""Ｈ１"""'}])
    assert [row[4] for row in quarantine(audited(data))] == ["duplicate_key"]


def test_a_quarantined_row_holds_no_key(write_registry: Write, audited: Audit) -> None:
    data = write_registry(households=[{**HOME, "area_code": "12"}, HOME])
    run = audited(data)
    assert quarantine(run) == [("households", "households.csv", 2, "area_code", "unreadable")]
    assert run.summary.households == 1


def test_parts_are_read_in_the_order_of_their_names(tmp_path: Path, audited: Audit) -> None:
    folder = tmp_path / "registry" / "households"
    folder.mkdir(parents=True)
    for name, village in (("part-2.csv", "later"), ("part-1.csv", "first")):
        text = f"household_id,area_code,village_name\nH1,139901101001,{village}\n"
        (folder / name).write_text(text, encoding="utf-8")
    run = audited(tmp_path / "registry")
    assert quarantine(run) == [("households", "households/part-2.csv", 2, "household_id", "duplicate_key")]


def test_a_person_needs_a_household_but_a_post_needs_no_person(write_registry: Write, audited: Audit) -> None:
    data = write_registry(
        households=[HOME],
        persons=[{"person_id": "P1", "household_id": "H1"}, {"person_id": "P2", "household_id": "H9"}],
        posts=[{"post_id": "G1", "person_id": "P9", "started_on": "2024-01-01", "ended_on": ""}],
    )
    run = audited(data)
    assert quarantine(run) == [("persons", "persons.csv", 3, "household_id", "household_unknown")]
    (posts,) = [line for line in run.summary.inputs if line.table == "posts"]
    assert posts.rows_accepted == 1


def test_an_unreadable_optional_cell_keeps_its_row(write_registry: Write, audited: Audit) -> None:
    run = audited(write_registry(households=[{**HOME, "member_count": "三"}]))
    faults = run.relation("cell_faults").project('"column", value, source_row, reason').fetchall()
    assert (run.summary.households, faults) == (1, [("member_count", "三", 2, "unreadable")])


MEMBERS = """户编号,人口编号,年度,工资性收入,纯收入
H1,P1,2024,1000,1500
H1,P2,2024,2000,2500
H2,P3,2024,很多,1
,P4,2024,9,9
"""
MEMBERS_MAP = """
sources:
  - file: members.csv
    feeds:
      - table: incomes
        sum_by: [household_id, year]
"""


def test_rows_folded_into_a_sum_are_counted_one_by_one(write_registry: Write, audited: Audit) -> None:
    data = write_registry(households=[HOME, {**HOME, "household_id": "H2"}])
    (data / "members.csv").write_text(MEMBERS, encoding="utf-8")
    (data / "source-map.yaml").write_text(MEMBERS_MAP, encoding="utf-8")
    run = audited(data)
    (line,) = [line for line in run.summary.inputs if line.table == "incomes"]
    assert (line.rows_read, line.rows_accepted, line.rows_quarantined) == (4, 3, 1)
    assert quarantine(run) == [("incomes", "members.csv", 5, "household_id", "missing")]
    faults = run.relation("cell_faults").project('source_row, "column", value').fetchall()
    assert faults == [(4, "wage_income", "很多")]


def test_all_rows_of_a_refused_sum_are_quarantined(write_registry: Write, audited: Audit) -> None:
    data = write_registry(households=[HOME])
    (data / "incomes").mkdir()
    (data / "a.csv").write_text("户编号,年度,纯收入\nH1,2024,5000\n", encoding="utf-8")
    (data / "members.csv").write_text(MEMBERS, encoding="utf-8")
    first = "\nsources:\n  - file: a.csv\n    feeds: [{table: incomes}]\n"
    (data / "source-map.yaml").write_text(first + MEMBERS_MAP.removeprefix("\nsources:\n"), encoding="utf-8")
    run = audited(data)
    assert quarantine(run) == [
        ("incomes", "members.csv", 2, "household_id", "duplicate_key"),
        ("incomes", "members.csv", 3, "household_id", "duplicate_key"),
        ("incomes", "members.csv", 5, "household_id", "missing"),
    ]
