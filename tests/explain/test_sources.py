"""The rows of a household: where each was read, what was set aside, which cells could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import AS_OF, SAMPLE, Write

from audit import Settings
from audit.explain import Explanation, explain_household
from audit.explain.explanation import Fault, Standing
from audit.explain.words import explanation_lines

HOME = {"household_id": "H1", "area_code": "139901101001", "phone": "13812345678"}
PERSON = {"person_id": "P1", "household_id": "H1", "id_number": "139901197412310019", "birth_date": "1974-12-31"}


def explain(
    data: Path, household: str = "H1", *, rule_id: str | None = "INC-4", settings: Settings | None = None
) -> Explanation:
    return explain_household(data, household, as_of=AS_OF, rule_id=rule_id, settings=settings)


def told(fault: Fault) -> tuple[str, str, tuple[int, ...], str, str, str]:
    return fault.table, fault.place.file, fault.place.rows, fault.column, fault.value, fault.reason


def test_every_row_of_the_household_and_no_other(write_registry: Write) -> None:
    data = write_registry(
        households=[{**HOME, "household_id": "H2"}, HOME],
        persons=[PERSON, {**PERSON, "person_id": "P2", "household_id": "H2"}, {**PERSON, "person_id": "P3"}],
        posts=[
            {"post_id": "G1", "person_id": "P2", "annual_pay": "1"},
            {"post_id": "G2", "person_id": "P3", "annual_pay": "3600.50"},
        ],
        incomes=[{"household_id": "H1", "year": year, "net_income": "8000"} for year in ("2023", "2024")],
        defects=[{"defect_id": "D1", "household_id": "H1", "reported_on": "2024-01-31"}],
    )
    rows = explain(data).rows
    assert [(row.table, row.place.file, row.place.rows) for row in rows] == [
        ("households", "households.csv", (3,)),
        ("incomes", "incomes.csv", (2,)),
        ("incomes", "incomes.csv", (3,)),
        ("persons", "persons.csv", (2,)),
        ("persons", "persons.csv", (4,)),
        ("posts", "posts.csv", (3,)),
        ("defects", "defects.csv", (2,)),
    ]
    assert [(cell.column, cell.title, cell.shown) for cell in rows[5].cells] == [
        ("post_id", "岗位编号", "G2"),
        ("person_id", "人编号", "P3"),
        ("annual_pay", "年度岗位补贴", "3600.5"),
    ]


def test_all_rows_behind_a_sum_are_named() -> None:
    # The sample's incomes of 2023 stand one row per member, its households are made from the rows of their members.
    rows = explain(SAMPLE, "139903101001006").rows
    places = [(row.table, row.place.file, row.place.rows) for row in rows[:3]]
    assert places == [
        ("households", "防返贫监测信息.xlsx", (16, 17, 18, 19)),
        ("incomes", "成员收入2023.txt", (14, 15, 16, 17)),
        ("incomes", "收入信息2024.csv", (7,)),
    ]


def test_a_quarantined_household_says_where_and_why(write_registry: Write) -> None:
    data = write_registry(
        households=[{**HOME, "area_code": "13990110100"}, {**HOME, "household_id": "H2"}], persons=[PERSON]
    )
    found = explain(data, rule_id="HHD-3")
    assert found.household.standing is Standing.QUARANTINED
    assert [told(fault) for fault in found.quarantined] == [
        ("households", "households.csv", (2,), "area_code", "13990110100", "unreadable"),
        ("persons", "persons.csv", (2,), "household_id", "H1", "household_unknown"),
    ]
    lines = list(explanation_lines(found))
    assert lines[2].startswith("该户的户信息行被隔离")
    assert "  户信息　households.csv 第 2 行　行政区划代码：13990110100（无法读取）" in lines
    assert "  HHD-3 联系电话无效 [轻微]：该户不是登记户" in lines


def test_a_member_who_was_quarantined(write_registry: Write) -> None:
    members = [
        PERSON,
        {**PERSON, "id_number": "139901198001010011"},
        {**PERSON, "person_id": "P2", "id_number": "1.3990119800101E+17"},
        {**PERSON, "person_id": "H1", "household_id": "H2"},
        {**PERSON, "person_id": "", "household_id": "H2"},
    ]
    posts = [{"post_id": "", "person_id": "P1"}, {"post_id": "", "person_id": "P9"}]
    data = write_registry(households=[HOME, {**HOME, "household_id": "H2"}], persons=members, posts=posts)
    found = explain(data)
    assert [told(fault) for fault in found.quarantined] == [
        ("persons", "persons.csv", (3,), "person_id", "P1", "duplicate_key"),
        ("persons", "persons.csv", (4,), "id_number", "1.3990************7", "excel_number"),
        ("posts", "posts.csv", (2,), "post_id", "", "missing"),
    ]
    lines = list(explanation_lines(explain(data, settings=Settings(lang="en"))))
    assert "  Public-welfare posts, posts.csv, row 2, Post number: blank (required and blank)" in lines
    opened = explain(data, settings=Settings(show_personal=True)).quarantined
    assert [fault.value for fault in opened] == ["P1", "1.3990119800101E+17", ""]


def test_a_cell_that_could_not_be_read(write_registry: Write) -> None:
    data = write_registry(
        households=[{**HOME, "lifted_year": "去年"}, {**HOME, "household_id": "H2", "lifted_year": "前年"}],
        persons=[{**PERSON, "birth_date": "1974-13-31"}],
    )
    assert [told(fault) for fault in explain(data).cell_faults] == [
        ("households", "households.csv", (2,), "lifted_year", "去年", "unreadable"),
        ("persons", "persons.csv", (2,), "birth_date", "1974-13-31", "unreadable"),
    ]


@pytest.mark.parametrize("spelled", ['="H1"', "　H1 ", "Ｈ１"])
def test_a_number_spelled_as_the_contract_understands_it(write_registry: Write, spelled: str) -> None:
    spelled = f'"{spelled.replace(chr(34), chr(34) * 2)}"'
    data = write_registry(
        households=[{**HOME, "household_id": spelled, "area_code": "x"}, {**HOME, "household_id": "H2"}]
    )
    assert explain(data).household.standing is Standing.QUARANTINED


def test_hostile_cells_stay_text(write_registry: Write) -> None:
    home = {**HOME, "village_name": "[bold]\u202e\u001b[31mX", "head_name": "\u001b]0;x"}
    shown = explain(write_registry(households=[home]), settings=Settings(show_personal=True))
    lines = "\n".join(explanation_lines(shown))
    assert "[bold]" in lines
    assert not set(lines) & {"\u202e", "\u001b"}
