"""Facts of support, helpers, loans and payments, worked out by hand from contract.md and the rule catalogue."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.conftest import Write
from tests.subjects.conftest import Facts

HOME = {"household_id": "H1", "area_code": "139901101001"}
SUPPORT = "any_support, fiscal_dividend_support, direct_support, passive_support, award, award_amount"


def support(year: str, kind: str, amount: str = "100", number: str = "S1") -> dict[str, str]:
    return {"support_id": number, "household_id": "H1", "year": year, "kind": kind, "amount": amount}


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        pytest.param([], (False, False, False, False, False, None), id="no row is no support"),
        pytest.param([support("2023", "fiscal_dividend")], (False, False, False, False, False, 0), id="another year"),
        pytest.param([support("2024", "fiscal_dividend")], (True, True, False, True, False, 0), id="a dividend"),
        pytest.param([support("", "fiscal_dividend")], (None, None, False, None, False, 0), id="year unknown"),
        pytest.param([support("2024", "")], (True, None, None, None, None, None), id="kind unknown"),
        pytest.param([support("2024", "award", "900"), support("2024", "award", "1100", "S2")], (True, False, False, False, True, 2000), id="two awards"),
        pytest.param([support("2024", "award", "900"), support("2024", "award", "", "S2")], (True, False, False, False, True, None), id="an addend unknown"),
        pytest.param([support("2024", "award", "900"), support("", "award", "100", "S2")], (True, False, False, False, True, None), id="a row that may belong to it"),
        pytest.param([support("2024", "award", "900"), support("2023", "award", "", "S2")], (True, False, False, False, True, 900), id="an unknown amount of another year"),
        pytest.param([support("2024", "cash"), support("2024", "", "1", "S2")], (True, None, None, True, None, None), id="one is certain"),
    ],
)  # fmt: skip
def test_support_of_the_year(
    write_registry: Write, facts: Facts, rows: list[dict[str, str]], wanted: tuple[object, ...]
) -> None:
    rows = [*rows, {**support("2024", "award", "5", "S9"), "household_id": "H9"}]
    assert facts(write_registry(households=[HOME], industry_support=rows), "household", SUPPORT) == [wanted]


@pytest.mark.parametrize(
    ("days", "wanted"),
    [([], False), (["2024-01-01"], True), (["2023-12-31"], False), ([""], None), (["", "2024-12-31"], True)],
)
def test_loan_barrier(write_registry: Write, facts: Facts, days: list[str], wanted: bool | None) -> None:
    rows = [{"report_id": f"Z{place}", "household_id": "H1", "reported_on": day} for place, day in enumerate(days)]
    rows.append({"report_id": "Z9", "household_id": "H9", "reported_on": "2024-05-05"})
    assert facts(write_registry(households=[HOME], loan_barriers=rows), "household", "loan_barrier") == [(wanted,)]


@pytest.mark.parametrize(
    ("started_on", "ended_on", "active", "days"),
    [
        ("", "", True, 366),
        ("2024-12-31", "", True, 1),
        ("2025-01-01", "", False, 0),
        ("2024-10-03", "2024-12-31", True, 90),
        ("2024-10-04", "", True, 89),
        ("2023-01-01", "2024-01-31", False, 31),
        ("2023-01-01", "2023-12-31", False, 0),
        ("2024-06-02", "2024-06-01", False, 0),
    ],
)
def test_days_of_a_pairing(
    write_registry: Write, facts: Facts, started_on: str, ended_on: str, active: bool, days: int
) -> None:
    pairing = {
        "pairing_id": "J1",
        "household_id": "H1",
        "helper_id": "B1",
        "started_on": started_on,
        "ended_on": ended_on,
    }
    data = write_registry(households=[HOME], pairings=[pairing], helpers=[{"helper_id": "B1", "phone": "13900000000"}])
    assert facts(data, "pairing", "active, days_in_year") == [(active, days)]
    assert facts(data, "household", "active_pairings") == [(int(active),)]
    assert facts(data, "helper", "active_pairings, household_id, area_code") == [(int(active), None, None)]


def test_days_of_a_pairing_up_to_the_day_of_the_audit(write_registry: Write, facts: Facts) -> None:
    pairing = {"pairing_id": "J1", "household_id": "H1", "helper_id": "B1", "started_on": "2024-01-01", "ended_on": ""}
    data = write_registry(households=[HOME], pairings=[pairing])
    assert facts(data, "pairing", "days_in_year", as_of=date(2024, 3, 30)) == [(90,)]


def visit(helper_id: str, visited_on: str, mode: str, number: str) -> dict[str, str]:
    return {"visit_id": number, "household_id": "H1", "helper_id": helper_id, "visited_on": visited_on, "mode": mode}


@pytest.mark.parametrize(
    ("rows", "least", "most"),
    [
        ([], 0, 0),
        ([("B1", "2024-05-01", "home")], 1, 1),
        ([("", "2024-05-01", "入户")], 1, 1),
        ([("B2", "2024-05-01", "home")], 0, 0),
        ([("B1", "2024-05-01", "phone")], 0, 0),
        ([("B1", "2023-05-01", "home")], 0, 0),
        ([("B1", "2025-01-01", "home")], 0, 0),
        ([("B1", "", "home")], 0, 1),
        ([("B1", "2024-05-01", "")], 0, 1),
        ([("B1", "", "phone")], 0, 0),
        ([("B1", "2024-05-01", "home"), ("", "", "home"), ("B1", "2024-06-01", "home")], 2, 3),
    ],
)
def test_home_visits(
    write_registry: Write, facts: Facts, rows: list[tuple[str, str, str]], least: int, most: int
) -> None:
    pairing = {"pairing_id": "J1", "household_id": "H1", "helper_id": "B1"}
    visits = [visit(*row, number=f"V{place}") for place, row in enumerate(rows)]
    visits.append({**visit("B1", "2024-05-05", "home", "V99"), "household_id": "H9"})
    data = write_registry(households=[HOME], pairings=[pairing], visits=visits)
    assert facts(data, "pairing", "visits_made__lo, visits_made__hi") == [(least, most)]


@pytest.mark.parametrize(
    ("phone", "wanted"),
    [("", (False, None)), ("13900000000", (True, True)), ("12900000000", (True, False)), ("1390000000", (True, False))],
)
def test_phone_of_a_helper(write_registry: Write, facts: Facts, phone: str, wanted: tuple[object, ...]) -> None:
    data = write_registry(households=[HOME], helpers=[{"helper_id": "B1", "phone": phone, "name": "甲"}])
    assert facts(data, "helper", "phone_known, phone_valid") == [wanted]


NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    ("household", "persons", "holder", "wanted"),
    [
        pytest.param("H1", [(NUMBER, "")], NUMBER, True, id="a present person"),
        pytest.param("H1", [(f"{NUMBER}43", "")], NUMBER.lower(), True, id="first 18 characters, upper-cased"),
        pytest.param("H1", [(NUMBER, "2024-12-31")], NUMBER, False, id="left"),
        pytest.param("H1", [(NUMBER, "2025-01-01")], NUMBER, True, id="leaves later"),
        pytest.param("H1", [("", "")], NUMBER, None, id="a present person without a number"),
        pytest.param("H1", [("", ""), (NUMBER, "")], NUMBER, True, id="but another matches"),
        pytest.param("H1", [], NUMBER, False, id="nobody"),
        pytest.param("H2", [(NUMBER, "")], NUMBER, False, id="deregistered: nobody is present"),
        pytest.param("H404", [], NUMBER, None, id="household not found"),
    ],
)
def test_holder_of_an_account(
    write_registry: Write,
    facts: Facts,
    household: str,
    persons: list[tuple[str, str]],
    holder: str,
    wanted: bool | None,
) -> None:
    homes = [{**HOME, "deregistered_on": ""}, {**HOME, "household_id": "H2", "deregistered_on": "2024-12-31"}]
    living = household if household != "H404" else "H1"
    rows = [
        {"person_id": f"P{place}", "household_id": living, "id_number": number, "left_on": left_on}
        for place, (number, left_on) in enumerate(persons)
    ]
    rows.append({"person_id": "P99", "household_id": "H1", "id_number": "440524188001010014", "left_on": "2020-01-01"})
    payment = {"payment_id": "K1", "household_id": household, "holder_id_number": holder, "account_number": "6217"}
    data = write_registry(households=homes, persons=rows, subsidy_payments=[payment])
    assert facts(data, "subsidy_payment", "holder_present, account_shared") == [(wanted, False)]


def test_an_account_of_two_households(write_registry: Write, facts: Facts) -> None:
    rows = [
        {"payment_id": "K1", "household_id": "H1", "account_number": "6217001"},
        {"payment_id": "K2", "household_id": "H2", "account_number": "6217001"},
        {"payment_id": "K3", "household_id": "H1", "account_number": "6217002"},
        {"payment_id": "K4", "household_id": "H1", "account_number": "6217002"},
        {"payment_id": "K5", "household_id": "H1", "account_number": ""},
        {"payment_id": "K6", "household_id": "H2", "account_number": ""},
    ]
    data = write_registry(households=[HOME], subsidy_payments=rows)
    assert facts(data, "subsidy_payment", "account_known, account_shared") == [
        (True, True), (True, True), (True, False), (True, False), (False, False), (False, False),
    ]  # fmt: skip


def test_a_need_belongs_to_the_household_of_its_person(write_registry: Write, facts: Facts) -> None:
    needs = [
        {"need_id": "N1", "person_id": "P1", "stated_on": "2024-01-01"},
        {"need_id": "N2", "person_id": "P404", "stated_on": ""},
    ]
    data = write_registry(households=[HOME], persons=[{"person_id": "P1", "household_id": "H1"}], training_needs=needs)
    assert facts(data, "training_need", "household_id, person_id, area_code") == [
        ("H1", "P1", "139901101001"),
        (None, "P404", None),
    ]


def test_what_is_not_distributed(write_registry: Write, facts: Facts) -> None:
    rows = [
        {"proceeds_id": "Y1", "area_code": "139901", "year": "2023", "distributable": "386.3", "distributed": "155.26"}
    ]
    data = write_registry(households=[HOME], proceeds=rows)
    assert facts(data, "proceeds", "year_end, held_back") == [(date(2023, 12, 31), Decimal("231.04"))]
