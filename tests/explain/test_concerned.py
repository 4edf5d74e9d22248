"""Which subjects concern a household: its own rows, its members', its village, township and posts' kinds, no others."""

from __future__ import annotations

import pytest
from tests.conftest import AS_OF, BARE, Write
from tests.policy import shipped

from audit.accepted import accepted_registry, ask
from audit.explain.concerned import concerned_table, concerns_households, keep_concerned
from audit.subjects import SUBJECTS, load_subject

HERE, THERE = "139901101001", "139901101002"
#: Each household has one row of each kind, numbered like the household.
HOMES = [{"household_id": "H1", "area_code": HERE}, {"household_id": "H2", "area_code": THERE}]
BOTH = (1, 2)
OWN = {
    "defect": "defects", "industry_support": "industry_support", "dividend_contract": "dividend_contracts",
    "renovation": "renovations", "yard_wall": "yard_walls", "pairing": "pairings",
    "loan_application": "loan_applications", "subsidy_payment": "subsidy_payments",
}  # fmt: skip
KEYS = {
    "defects": "defect_id", "industry_support": "support_id", "dividend_contracts": "contract_id",
    "renovations": "renovation_id", "yard_walls": "wall_id", "pairings": "pairing_id",
    "loan_applications": "application_id", "subsidy_payments": "payment_id",
}  # fmt: skip
LEFT_OUT = (
    "helper", "loan_product", "project", "allocation", "asset", "proceeds", "notice", "hotline", "appointment",
)  # fmt: skip


@pytest.fixture
def concerned(write_registry: Write) -> dict[str, list[str]]:
    """Of each subject the keys of the rows that concern H1."""
    tables = {
        table: [{KEYS[table]: f"{table}-{n}", "household_id": f"H{n}", "helper_id": f"F{n}"} for n in BOTH]
        for table in OWN.values()
    }
    for rows in tables.values():
        for row in rows:
            if "pairing_id" not in row:
                del row["helper_id"]
    persons = [{"person_id": f"P{n}", "household_id": f"H{n}", "left_on": ""} for n in BOTH]
    posts = [
        {"post_id": "G1", "person_id": "P1", "post_type": "cleaner", "ended_on": "", "area_code": HERE},
        {"post_id": "G2", "person_id": "P2", "post_type": "ranger", "ended_on": "", "area_code": HERE},
        # Held no longer: the rangers of the village are no matter of H1.
        {"post_id": "G3", "person_id": "P1", "post_type": "ranger", "ended_on": "2020-01-01", "area_code": HERE},
        {"post_id": "G4", "person_id": "P1", "post_type": "clerk", "ended_on": "", "area_code": THERE},
        {"post_id": "G5", "person_id": "P9", "post_type": "cleaner", "ended_on": "", "area_code": HERE},
    ]
    needs = [{"need_id": f"N{n}", "person_id": f"P{n}", "stated_on": "2024-01-01"} for n in BOTH]
    projects = [
        {"project_id": "X1", "area_code": "139901101000", "year": "2024"},
        {"project_id": "X2", "area_code": "139901102000", "year": "2024"},
    ]
    data = write_registry(
        households=HOMES, persons=persons, posts=posts, training_needs=needs, projects=projects, **tables
    )
    found = {}
    with accepted_registry(data, None, BARE) as accepted:
        ask(accepted, (), shipped().parameters, AS_OF, 2024, whole=True)
        for name in SUBJECTS:
            if concerns_households(load_subject(name)):
                keep_concerned(accepted.con, load_subject(name), "H1", HERE)
                about = accepted.con.execute(f"SELECT subject_id FROM {concerned_table(name)} ORDER BY 1").fetchall()
                found[name] = [row[0] for row in about]
    return found


def test_its_own_rows_and_the_places_where_it_lives(concerned: dict[str, list[str]]) -> None:
    wanted = {subject: [f"{table}-1"] for subject, table in OWN.items()}
    wanted |= {
        "household": ["H1"],
        "person": ["P1"],
        "post": ["G1", "G3", "G4"],
        "training_need": ["N1"],
        "village": [HERE],
        "township": ["139901101000"],
        "village_post_type": [f"{HERE}|cleaner", f"{THERE}|clerk"],
    }
    assert {name: rows for name, rows in concerned.items() if name in wanted} == wanted


def test_what_belongs_to_no_household_is_left_out() -> None:
    assert [name for name in LEFT_OUT if concerns_households(load_subject(name))] == []
