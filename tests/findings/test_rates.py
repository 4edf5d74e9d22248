"""The five numbers of a rule, at every level of area, counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.conftest import Write

from audit import AuditResult

Audit = Callable[..., AuditResult]
COLUMNS = "area_level, area_code, population, flagged, clear, undecided, not_applicable"

MONITORING = {"monitor_category": "", "risk_cleared": ""}
HOMES = [
    {
        "household_id": "H1",
        "area_code": "139901101001",
        "household_type": "lifted",
        "lifted_year": "2018",
        **MONITORING,
    },
    {
        "household_id": "H2",
        "area_code": "139901101001",
        "household_type": "lifted",
        "lifted_year": "2018",
        **MONITORING,
    },
    {"household_id": "H3", "area_code": "139901101002", "household_type": "lifted", "lifted_year": "", **MONITORING},
    {"household_id": "H4", "area_code": "139901102001", "household_type": "general", "lifted_year": "", **MONITORING},
    {
        "household_id": "H5",
        "area_code": "139902101000",
        "household_type": "lifted",
        "lifted_year": "2018",
        **MONITORING,
    },
]
INCOMES = [
    {"household_id": f"H{number}", "year": "2024", "population": "3", "net_income": net}
    for number, net in ((1, "10000"), (2, "12000"), (3, "9000"), (4, "9000"), (5, "11000.01"))
]


@pytest.fixture
def run(write_registry: Write, audited: Audit) -> AuditResult:
    return audited(write_registry(households=HOMES, incomes=INCOMES))


def test_five_numbers_at_every_level(run: AuditResult) -> None:
    # INC-4: H1 and H5 are below 4,000 a head and not monitored, H2 is at the line, H3's year is unknown, H4 is general.
    assert run.relation("rates").filter("rule_id = 'INC-4'").project(COLUMNS).fetchall() == [
        ("all", None, 2, 2, 0, 1, 2),
        ("province", "130000000000", 2, 2, 0, 1, 2),
        ("county", "139901000000", 1, 1, 0, 1, 2),
        ("county", "139902000000", 1, 1, 0, 0, 0),
        ("township", "139901101000", 1, 1, 0, 1, 1),
        ("township", "139901102000", 0, 0, 0, 0, 1),
        ("township", "139902101000", 1, 1, 0, 0, 0),
        ("village", "139901101001", 1, 1, 0, 0, 1),
        ("village", "139901101002", 0, 0, 0, 1, 0),
        ("village", "139901102001", 0, 0, 0, 0, 1),
    ]


def test_rates_and_their_denominators(run: AuditResult) -> None:
    # INC-3: of the lifted H1 H2 H3 H5 all are decided; H1, H3 and H5 are below.
    found = run.relation("rates").filter("rule_id = 'INC-3' AND area_level = 'all'")
    columns = "population, flagged, clear, undecided, not_applicable, rate, decided_rate, households_flagged"
    assert found.project(columns).fetchall() == [(4, 3, 1, 0, 1, 0.75, 0.75, 3)]


def test_a_measure_is_rounded_once_at_the_end(run: AuditResult) -> None:
    # INC-0: (10000 + 12000 + 9000 + 9000 + 11000.01) / 3 = 17000.003333..., a fifth of it 3400.000666...
    found = run.relation("rates").filter("rule_id = 'INC-0' AND area_level = 'all'")
    assert found.project("measure_sum, measure_mean").fetchall() == [(Decimal("17000.00"), Decimal("3400.00"))]


def test_half_a_cent_is_rounded_up(write_registry: Write, audited: Audit) -> None:
    incomes = [
        {"household_id": name, "year": "2024", "population": "2", "net_income": net}
        for name, net in (("H1", "0.01"), ("H2", "0.02"))
    ]
    run = audited(write_registry(households=HOMES[:2], incomes=incomes))
    # 0.005 + 0.01 = 0.015 -> 0.02; the mean 0.0075 -> 0.01
    found = run.relation("rates").filter("rule_id = 'INC-0' AND area_level = 'all'")
    assert found.project("measure_sum, measure_mean").fetchall() == [(Decimal("0.02"), Decimal("0.01"))]


def test_nothing_flagged(write_registry: Write, audited: Audit) -> None:
    incomes = [{"household_id": "H1", "year": "2024", "population": "1", "net_income": "9000", "share_dividend": "0"}]
    run = audited(write_registry(households=HOMES[:1], incomes=incomes))
    found = run.relation("rates").filter("rule_id = 'INC-5' AND area_level = 'all'")
    assert found.project("population, flagged, measure_sum, measure_mean").fetchall() == [(1, 0, Decimal("0.00"), None)]


def test_a_post_belongs_to_its_own_village(write_registry: Write, audited: Audit) -> None:
    persons = [{"person_id": "P1", "household_id": "H1", "age": "30", "sex": "男"}]
    posts = [
        {"post_id": "G1", "person_id": "P1", "area_code": "139901102001", "started_on": "", "ended_on": ""},
        {"post_id": "G2", "person_id": "P1", "area_code": "", "started_on": "", "ended_on": ""},
        {"post_id": "G3", "person_id": "P9", "area_code": "", "started_on": "", "ended_on": ""},
    ]
    run = audited(write_registry(households=HOMES[:1], persons=persons, posts=posts))
    villages = run.relation("rates").filter("rule_id = 'PW-9' AND area_level IN ('village', 'all')")
    assert villages.project("area_code, population, flagged, undecided, households_flagged").fetchall() == [
        (None, 3, 2, 1, 1),
        ("139901101001", 1, 1, 0, 1),
        ("139901102001", 1, 1, 0, 1),
    ]


def test_a_household_with_posts_in_several_places_counts_once_at_each_level(
    write_registry: Write, audited: Audit
) -> None:
    persons = [
        {"person_id": f"P{number}", "household_id": home, "age": "30", "sex": "男"}
        for number, home in enumerate(["H1", "H1", "H1", "H1", "H2"], start=1)
    ]
    places = ["139901101001", "139901101002", "139901102001", "139902101001", "139901101002"]
    posts = [
        {"post_id": f"G{number}", "person_id": f"P{number}", "area_code": place, "started_on": "", "ended_on": ""}
        for number, place in enumerate(places, start=1)
    ]
    run = audited(write_registry(households=HOMES[:2], persons=persons, posts=posts))
    counted = run.relation("rates").filter("rule_id = 'PW-9'")
    assert counted.project("area_level, area_code, flagged, households_flagged").fetchall() == [
        ("all", None, 5, 2),
        ("province", "130000000000", 5, 2),
        ("county", "139901000000", 4, 2),
        ("county", "139902000000", 1, 1),
        ("township", "139901101000", 3, 2),
        ("township", "139901102000", 1, 1),
        ("township", "139902101000", 1, 1),
        ("village", "139901101001", 1, 1),
        ("village", "139901101002", 2, 2),
        ("village", "139901102001", 1, 1),
        ("village", "139902101001", 1, 1),
    ]
