"""The facts behind the signs of made-up data, counted by hand on the smallest registries that show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import BARE, Write
from tests.subjects.conftest import made_for

from audit import AuditResult
from audit.accepted import accepted_registry
from audit.engine.facts import make_facts

Audit = Callable[..., AuditResult]
HERE, NEXT, ELSEWHERE = "139901101001", "139901102001", "139902101001"
PARTS = ("wage_income", "production_income", "property_income", "transfer_income", "production_expense")


def facts(data: Path, *names: str) -> dict[str, tuple[object, ...]]:
    """Facts of each village as of the end of 2024."""
    with accepted_registry(data, None, BARE) as accepted:
        make_facts(accepted.con, date(2024, 12, 31), 2024, {}, made_for("village"))
        rows = accepted.con.execute(f"SELECT subject_id, {', '.join(names)} FROM village_facts").fetchall()
    return {row[0]: row[1:] for row in rows}


def homes(*villages: str, **given: Sequence[str]) -> list[dict[str, str]]:
    """Households H1, H2 and so on, with a column's values one after the other."""
    return [
        {
            "household_id": f"H{place}",
            "area_code": village,
            **{name: column[place - 1] for name, column in given.items()},
        }
        for place, village in enumerate(villages, start=1)
    ]


def income(home: str, amounts: Sequence[object], year: int = 2024) -> dict[str, object]:
    return {"household_id": home, "year": year, **dict(zip(PARTS, amounts, strict=True))}


def same_income(write: Write, *incomes: Mapping[str, object], deregistered: Sequence[str] = ()) -> tuple[object, ...]:
    count = len(incomes)
    left = list(deregistered) or [""] * count
    data = write(households=homes(*[HERE] * count, deregistered_on=left), incomes=incomes)
    return facts(data, "income_households", "same_income_households")[HERE]


def test_the_largest_group_of_the_very_same_income(write_registry: Write) -> None:
    amounts = [[9000, 100, 0, 0, 50]] * 3 + [[100, 9000, 0, 0, 50]] * 2 + [[9000, 100, 0, 0, "50.01"]]
    found = same_income(write_registry, *(income(f"H{place}", one) for place, one in enumerate(amounts, start=1)))
    assert found == (6, 3)


def test_nobody_is_alike(write_registry: Write) -> None:
    assert same_income(write_registry, income("H1", [1, 0, 0, 0, 0]), income("H2", [2, 0, 0, 0, 0])) == (2, 0)


@pytest.mark.parametrize(
    ("third", "wanted"),
    [
        pytest.param(income("H3", [9000, 0, 0, 0, 0]), (3, 3), id="alike"),
        pytest.param(income("H3", [9000, 0, "", 0, 0]), (2, 2), id="a part is blank"),
        pytest.param(income("H3", [9000, 0, 0, 0, ""]), (2, 2), id="the expense is blank"),
        pytest.param(income("H3", [0, 0, 0, 0, 0]), (2, 2), id="nothing earned"),
        pytest.param(income("H3", [9000, 0, 0, 0, 0], 2023), (2, 2), id="another year"),
    ],
)
def test_whose_income_is_compared(write_registry: Write, third: Mapping[str, object], wanted: tuple[int, int]) -> None:
    first, second = (income(home, [9000, 0, 0, 0, 0]) for home in ("H1", "H2"))
    assert same_income(write_registry, first, second, third) == wanted


def test_a_deregistered_household_is_left_out(write_registry: Write) -> None:
    rows = [income(f"H{place}", [9000, 0, 0, 0, 0]) for place in (1, 2, 3)]
    assert same_income(write_registry, *rows, deregistered=("", "2024-12-31", "2025-01-01")) == (2, 2)


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        pytest.param([9000, 1, 2, 3, 4], [9000, 1, 2, 3, 4], (1, 1), id="all five unchanged"),
        pytest.param([9000, 1, 2, 3, 4], [9000, 1, 2, 3, "4.01"], (1, 0), id="one changed by a fen"),
        pytest.param([9000, 1, 2, 3, 4], [9000, 1, 2, 3, ""], (0, 0), id="a part of this year is blank"),
        pytest.param([9000, "", 2, 3, 4], [9000, 1, 2, 3, 4], (0, 0), id="a part of last year is blank"),
        pytest.param([9000, "", 2, 3, 4], [8000, 1, 2, 3, 4], (0, 0), id="blank last year and another part changed"),
    ],
)
def test_unchanged_from_the_year_before(
    write_registry: Write, before: Sequence[object], now: Sequence[object], wanted: tuple[int, int]
) -> None:
    data = write_registry(households=homes(HERE), incomes=[income("H1", before, 2023), income("H1", now)])
    assert facts(data, "comparable_households", "unchanged_households") == {HERE: wanted}


def test_two_years_ago_is_not_the_year_before(write_registry: Write) -> None:
    same = [9000, 1, 2, 3, 4]
    data = write_registry(households=homes(HERE), incomes=[income("H1", same, 2022), income("H1", same)])
    assert facts(data, "comparable_households", "unchanged_households") == {HERE: (0, 0)}


def test_amounts_that_end_in_00_and_000_against_the_county(write_registry: Write) -> None:
    incomes = [
        # Over 0: 3000, 250, 1200 and 100.5; -100 and 0 are not, and a blank is none.
        income("H1", [3000, 250, 0, "", 0]),
        income("H2", [1200, "100.50", -100, 0, 0]),
        income("H3", [0, 0, 5000, 5001, 700]),
        income("H4", [2000, 0, 0, 0, 0]),
        income("H4", [2000, 0, 0, 0, 0], 2023),
    ]
    names = [f"{whose}amounts{end}" for whose in ("", "county_") for end in ("", "_00", "_000")]
    data = write_registry(households=homes(HERE, HERE, NEXT, ELSEWHERE), incomes=incomes)
    assert facts(data, *names) == {
        HERE: (4, 2, 1, 7, 4, 2),
        NEXT: (3, 2, 1, 7, 4, 2),
        ELSEWHERE: (1, 1, 1, 1, 1, 1),
    }


def test_a_village_without_amounts_still_has_its_county(write_registry: Write) -> None:
    data = write_registry(households=homes(HERE, NEXT), incomes=[income("H1", [3000, 0, 0, 0, 0])])
    assert facts(data, "amounts", "county_amounts", "county_amounts_000") == {HERE: (1, 1, 1), NEXT: (0, 1, 1)}


def test_households_with_one_phone(write_registry: Write) -> None:
    one, other = "13800000001", "13800000002"
    given = homes(
        *[HERE] * 6, NEXT,
        phone=[one, one, one, other, "", one, one], deregistered_on=["", "", "", "", "", "2024-06-01", ""],
    )  # fmt: skip
    # The sixth has been deregistered, the seventh is of another village.
    found = facts(write_registry(households=given), "phones_known", "phone_sharers")
    assert found == {HERE: (4, 3), NEXT: (1, 0)}


def visit(home: str, day: str, helper: str = "B1", mode: str = "home") -> dict[str, str]:
    return {"household_id": home, "helper_id": helper, "visited_on": day, "mode": mode}


@pytest.mark.parametrize(
    ("third", "wanted"),
    [
        pytest.param(visit("H3", "2024-05-01"), 3, id="a third home"),
        pytest.param(visit("H2", "2024-05-01"), 2, id="one home twice"),
        pytest.param(visit("H3", "2024-05-02"), 2, id="another day"),
        pytest.param(visit("H3", "2024-05-01", "B2"), 2, id="another helper"),
        pytest.param(visit("H3", "2024-05-01", ""), 2, id="no named helper"),
        pytest.param(visit("H3", "2024-05-01", mode="phone"), 2, id="by phone"),
        pytest.param(visit("H3", "2024-05-01", mode=""), 2, id="mode unknown"),
        pytest.param(visit("H3", ""), 2, id="undated"),
        pytest.param(visit("H4", "2024-05-01"), 2, id="a home of another village"),
        pytest.param(visit("H5", "2024-05-01"), 3, id="a home that was deregistered later"),
        pytest.param(visit("H9", "2024-05-01"), 2, id="a home that is not registered"),
    ],
)
def test_homes_visited_on_one_day(write_registry: Write, third: dict[str, str], wanted: int) -> None:
    made = [visit("H1", "2024-05-01"), visit("H2", "2024-05-01"), third]
    visits = [{"visit_id": f"V{place}", **one} for place, one in enumerate(made)]
    given = homes(HERE, HERE, HERE, NEXT, HERE, deregistered_on=["", "", "", "", "2024-06-01"])
    assert facts(write_registry(households=given, visits=visits), "visits_in_a_day")[HERE] == (wanted,)


@pytest.mark.parametrize("day", ["2023-05-01", "2025-01-02"])
def test_visits_of_another_year_or_after_the_audit(write_registry: Write, day: str) -> None:
    visits = [{"visit_id": "V1", **visit("H1", day)}]
    assert facts(write_registry(households=homes(HERE), visits=visits), "visits_in_a_day") == {HERE: (0,)}


def test_without_a_column_the_rule_is_not_evaluated(write_registry: Write, audited: Audit) -> None:
    wages = [{"household_id": "H1", "year": "2024", "wage_income": "100"}]
    visits = [{"visit_id": "V1", "household_id": "H1", "helper_id": "B1", "visited_on": "2024-05-01"}]
    run = audited(write_registry(households=homes(HERE), incomes=wages, visits=visits))
    lines = {line.status.rule.id: line.status for line in run.summary.rules}
    reasons = {rule_id: status.reason for rule_id, status in lines.items() if status.reason}
    for rule_id, column in (("FAB-1", "incomes.production_expense"), ("FAB-2", "incomes.property_income"),
                            ("FAB-3", "incomes.transfer_income"), ("FAB-4", "households.phone"),
                            ("FAB-5", "visits.mode")):  # fmt: skip
        assert lines[rule_id].status == "not_evaluated"
        assert column in reasons[rule_id].message("en")


def test_a_village_where_one_income_was_copied_is_flagged(write_registry: Write, audited: Audit) -> None:
    amounts = [[9000 if place > 7 else 9000 + place, 0, 0, 0, 0] for place in range(1, 11)]
    incomes = [income(f"H{place}", one) for place, one in enumerate(amounts, start=1)]
    run = audited(write_registry(households=homes(*[HERE] * 10), incomes=incomes))
    found = run.relation("findings").filter("rule_id = 'FAB-1'")
    assert found.project("subject_type, subject_id, severity, message").fetchall() == [
        ("village", HERE, "low", "本村收入五项齐全的 10 户中，3 户五项金额完全相同，占比达到 0.3")
    ]
