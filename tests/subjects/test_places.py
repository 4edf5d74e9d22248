"""Facts of villages, townships, projects and officials, worked out by hand from contract.md and the rule catalogue."""

from __future__ import annotations

from datetime import date

import pytest
from tests.conftest import Write
from tests.subjects.conftest import Facts

VILLAGE, OTHER = "139901101001", "139901101002"
HOMES = [
    {"household_id": "H1", "area_code": VILLAGE, "deregistered_on": ""},
    {"household_id": "H2", "area_code": VILLAGE, "deregistered_on": ""},
    {"household_id": "H3", "area_code": OTHER, "deregistered_on": "2024-12-31"},
]


def test_villages_are_those_with_a_registered_household(write_registry: Write, facts: Facts) -> None:
    data = write_registry(households=HOMES, villages=[{"area_code": OTHER}, {"area_code": VILLAGE}])
    assert facts(data, "village", "subject_id, area_code, households, source_row") == [(VILLAGE, VILLAGE, 2, 3)]


@pytest.mark.parametrize(
    ("area_code", "held_on", "wanted"),
    [
        (VILLAGE, "2024-12-31", True),
        ("139901101000", "2019-01-01", True),
        ("139901101", "2019-01-01", True),
        (VILLAGE, "2025-01-01", False),
        (VILLAGE, "", None),
        (OTHER, "2024-01-01", False),
        ("139901102000", "2024-01-01", False),
        ("139901000000", "2024-01-01", False),
    ],
)
def test_trained(write_registry: Write, facts: Facts, area_code: str, held_on: str, wanted: bool | None) -> None:
    data = write_registry(
        households=HOMES, trainings=[{"training_id": "X1", "area_code": area_code, "held_on": held_on}]
    )
    assert facts(data, "village", "trained") == [(wanted,)]


@pytest.mark.parametrize(
    ("status", "applied_on", "decided_on", "counted"),
    [
        ("approved", "2024-12-01", "2024-12-31", 1),
        ("approved", "2024-12-01", "2025-01-01", 0),
        ("pending", "2024-11-01", "", 1),
        ("pending", "2024-11-02", "", 0),
        ("withdrawn", "2024-05-01", "2024-06-01", 0),
        ("refused", "2023-12-31", "2024-06-01", 0),
        ("", "2024-05-01", "2024-06-01", 0),
        ("refused", "", "2024-06-01", 0),
    ],
)
def test_applications_that_count(
    write_registry: Write, facts: Facts, status: str, applied_on: str, decided_on: str, counted: int
) -> None:
    row = {
        "application_id": "L1",
        "household_id": "H1",
        "status": status,
        "applied_on": applied_on,
        "decided_on": decided_on,
    }
    data = write_registry(households=HOMES, loan_applications=[row])
    approved = counted if status == "approved" else 0
    assert facts(data, "village", "counted_applications, approved_applications") == [(counted, approved)]


def test_posts_of_a_village_by_type(write_registry: Write, facts: Facts) -> None:
    persons = [{"person_id": "P1", "household_id": "H1"}]
    posts = [
        {"post_id": "G1", "person_id": "P1", "post_type": "cleaner", "area_code": "", "ended_on": ""},
        {"post_id": "G2", "person_id": "P404", "post_type": "cleaner", "area_code": VILLAGE, "ended_on": ""},
        {"post_id": "G3", "person_id": "P1", "post_type": "ranger", "area_code": OTHER, "ended_on": ""},
        {"post_id": "G4", "person_id": "P1", "post_type": "ranger", "area_code": OTHER, "ended_on": "2024-01-01"},
        {"post_id": "G5", "person_id": "P404", "post_type": "cleaner", "area_code": "", "ended_on": ""},
        {"post_id": "G6", "person_id": "P1", "post_type": "", "area_code": VILLAGE, "ended_on": ""},
    ]
    quotas = [
        {"area_code": VILLAGE, "post_type": "cleaner", "needed": "1"},
        {"area_code": VILLAGE, "post_type": "ranger", "needed": "9"},
    ]
    data = write_registry(households=HOMES, persons=persons, posts=posts, post_quotas=quotas)
    assert facts(data, "village_post_type", "subject_id, active_posts, needed, source_row") == [
        (f"{VILLAGE}|cleaner", 2, 1, 2),
        (f"{OTHER}|ranger", 1, None, 4),
    ]


@pytest.mark.parametrize(
    ("notice", "wanted"),
    [
        ({"kind": "plan", "year": "2024", "published_on": "2024-12-31"}, (True, False)),
        ({"kind": "completion", "year": "2024", "published_on": "2024-12-31"}, (False, True)),
        ({"kind": "plan", "year": "2024", "published_on": "2025-01-01"}, (False, False)),
        ({"kind": "plan", "year": "2024", "published_on": ""}, (False, False)),
        ({"kind": "plan", "year": "2023", "published_on": "2024-01-01"}, (False, False)),
        ({"kind": "plan", "year": "", "published_on": "2024-01-01"}, (None, False)),
        ({"kind": "", "year": "2024", "published_on": "2024-01-01"}, (None, None)),
        ({"kind": "plan", "year": "2024", "published_on": "2024-01-01", "area_code": "139901000000"}, (False, False)),
    ],
)
def test_notices_of_a_township(
    write_registry: Write, facts: Facts, notice: dict[str, str], wanted: tuple[object, ...]
) -> None:
    projects = [
        {"project_id": "M1", "area_code": "139901101000", "year": "2024"},
        {"project_id": "M2", "area_code": VILLAGE, "year": "2024"},
        {"project_id": "M3", "area_code": "139901102000", "year": "2023"},
        {"project_id": "M4", "area_code": "139901103000", "year": ""},
        {"project_id": "M5", "area_code": "139901000000", "year": "2024"},
    ]
    notices = [{"notice_id": "A1", "area_code": "139901101000", **notice}]
    data = write_registry(households=HOMES, projects=projects, notices=notices)
    found = facts(data, "township", "subject_id, projects, plan_notice, completion_notice")
    assert found == [("139901101000", 2, *wanted)]


@pytest.mark.parametrize(
    ("finish", "extended", "finished", "wanted"),
    [
        ("2024-11-30", "", "", (date(2024, 11, 30), date(2024, 12, 31))),
        ("2024-11-30", "2025-02-01", "2024-12-20", (date(2025, 2, 1), date(2024, 12, 20))),
        ("", "2024-02-01", "2025-01-01", (date(2024, 2, 1), date(2024, 12, 31))),
        ("", "", "2024-01-01", (None, date(2024, 1, 1))),
    ],
)
def test_due_and_finished(
    write_registry: Write, facts: Facts, finish: str, extended: str, finished: str, wanted: tuple[object, ...]
) -> None:
    row = {
        "project_id": "M1",
        "area_code": VILLAGE,
        "contract_finish_on": finish,
        "extended_to": extended,
        "finished_on": finished,
    }
    assert facts(write_registry(households=HOMES, projects=[row]), "project", "due_on, finished_or_as_of") == [wanted]


@pytest.mark.parametrize(
    ("monitored_on", "cause", "wanted"),
    [("", "", (False, False)), ("2024-01-01", "无", (True, False)), ("2023-12-31", "资金到位晚", (False, True))],
)
def test_performance(
    write_registry: Write, facts: Facts, monitored_on: str, cause: str, wanted: tuple[object, ...]
) -> None:
    row = {
        "project_id": "M1",
        "area_code": VILLAGE,
        "performance_monitored_on": monitored_on,
        "performance_cause": cause,
    }
    assert facts(write_registry(households=HOMES, projects=[row]), "project", "monitored_in_year, cause_given") == [
        wanted
    ]


@pytest.mark.parametrize(
    ("appointed_on", "decisions", "wanted"),
    [
        pytest.param("2024-04-01", [], False, id="no decision"),
        pytest.param("2024-04-01", [("2024-01-10", "6")], True, id="within six months"),
        pytest.param("2024-07-10", [("2024-01-10", "6")], True, id="the last day"),
        pytest.param("2024-07-11", [("2024-01-10", "6")], False, id="the day after"),
        pytest.param("2024-01-10", [("2024-01-10", "6")], False, id="decided on the day itself"),
        pytest.param("2024-12-31", [("2024-01-10", "")], True, id="twelve months where none are stated"),
        pytest.param("2025-01-11", [("2024-01-10", "")], False, id="over twelve months"),
        pytest.param("2024-02-29", [("2023-08-31", "6")], True, id="a day that does not exist becomes the last"),
        pytest.param("2024-04-01", [("", "6")], False, id="not decided yet"),
        pytest.param("", [("2024-01-10", "6")], None, id="appointment undated"),
        pytest.param("", [], False, id="undated, but no decision"),
    ],
)
def test_under_discipline(
    write_registry: Write, facts: Facts, appointed_on: str, decisions: list[tuple[str, str]], wanted: bool | None
) -> None:
    rows = [
        {"decision_id": f"U{place}", "official_id": "O1", "decided_on": decided_on, "effect_months": months}
        for place, (decided_on, months) in enumerate(decisions)
    ]
    rows.append({"decision_id": "U9", "official_id": "O9", "decided_on": "2024-01-10", "effect_months": "24"})
    appointment = {"appointment_id": "I1", "official_id": "O1", "area_code": "139901", "appointed_on": appointed_on}
    data = write_registry(households=HOMES, discipline=rows, appointments=[appointment])
    assert facts(data, "appointment", "under_discipline, area_code") == [(wanted, "139901000000")]


def test_a_hotline_is_named_by_place_and_period(write_registry: Write, facts: Facts) -> None:
    rows = [{"area_code": "139901", "period": "2024", "calls": "166", "answered": "131"}]
    assert facts(write_registry(households=HOMES, hotlines=rows), "hotline", "subject_id, calls, answered") == [
        ("139901000000|2024", 166, 131)
    ]
