"""The plan's own figures: each test is one figure of the source plan, written out by hand from the rule catalogue."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit import AuditResult
from audit.generate.replication import build_replication
from audit.model.shares import percent
from tests.conftest import REPLICATION

PLAN = "139901000000"
SPECIAL = "139902101201"
ONE_PERSON = "139902101204"


def counts(run: AuditResult, rule_id: str, area_code: str) -> tuple[object, ...]:
    """Population, flagged, measure sum and mean of a rule in an area."""
    rows = run.relation("rates").filter(f"rule_id = '{rule_id}' AND area_code = '{area_code}'")
    found = rows.project("population, flagged, measure_sum, measure_mean").fetchall()
    assert len(found) == 1
    return found[0]


def test_inc_0_mean_8381_of_947(replication_run: AuditResult) -> None:
    assert counts(replication_run, "INC-0", PLAN) == (947, 947, Decimal("7936807.00"), Decimal("8381.00"))


@pytest.mark.parametrize(
    ("rule_id", "population", "flagged", "share"),
    [
        pytest.param("INC-1", 947, 25, "2.64 %", id="INC-1 25 of 947"),
        pytest.param("INC-2", 947, 14, "1.48 %", id="INC-2 14 of 947"),
        pytest.param("INC-3", 878, 30, "3.42 %", id="INC-3 30 of 878"),
        pytest.param("INC-4", 18, 17, "94.44 %", id="INC-4 17 of 18, one monitored"),
        pytest.param("INC-5", 878, 293, "33.37 %", id="INC-5 293 of 878"),
        pytest.param("INC-6", 878, 23, "2.62 %", id="INC-6 23 of 878"),
        pytest.param("PW-5", 379, 24, "6.33 %", id="PW-5 24 of 379"),
        pytest.param("PW-6", 104, 5, "4.81 %", id="PW-6 5 of 104"),
    ],
)
def test_share(replication_run: AuditResult, rule_id: str, population: int, flagged: int, share: str) -> None:
    assert counts(replication_run, rule_id, PLAN)[:2] == (population, flagged)
    assert percent(flagged, population) == share


def test_inc_3_12_of_30_lifted_in_the_year(replication_run: AuditResult) -> None:
    evidence = replication_run.relation("findings").filter("rule_id = 'INC-3' AND area_code LIKE '139901%'")
    households = duckdb.read_csv(str(REPLICATION / "households.csv"), all_varchar=True)
    flagged = evidence.project("subject_id AS household_id")
    lifted = flagged.join(households, "household_id").filter("lifted_year = '2024'")
    assert (flagged.count("*").fetchall(), lifted.count("*").fetchall()) == ([(30,)], [(12,)])


def test_inc_5_sum_262235_mean_895(replication_run: AuditResult) -> None:
    assert counts(replication_run, "INC-5", PLAN)[2:] == (Decimal("262235.00"), Decimal("895.00"))


def test_pw_9_10_of_72_posts_under_40(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PW-9", SPECIAL)[:2] == (72, 10)


def test_pw_2_nobody_else_under_the_limits(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PW-2", SPECIAL)[:2] == (72, 10)


def test_pw_3_7_posts_held_by_people_of_80_oldest_90(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PW-3", SPECIAL)[:2] == (72, 7)
    found = replication_run.relation("findings").filter(f"rule_id = 'PW-3' AND area_code = '{SPECIAL}'")
    assert found.aggregate("max(CAST(evidence ->> 'age' AS INTEGER))").fetchall() == [(90,)]


def test_pw_4_one_person_with_4_posts(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PW-4", ONE_PERSON)[1] == 1
    found = replication_run.relation("findings").filter(f"rule_id = 'PW-4' AND area_code = '{ONE_PERSON}'")
    evidence = found.project("evidence ->> 'post_types', CAST(evidence ->> 'age' AS INTEGER) > 70").fetchall()
    assert evidence == [("4", True)]


def test_pw_7_paid_3600_without_attendance(replication_run: AuditResult) -> None:
    found = replication_run.relation("findings").filter(f"rule_id = 'PW-7' AND area_code = '{ONE_PERSON}'")
    assert found.project("evidence ->> 'annual_pay', evidence ->> 'attendance_days'").fetchall() == [("3600", "0")]


def test_everything_is_accepted(replication_run: AuditResult) -> None:
    assert replication_run.summary.rows_quarantined == 0
    assert replication_run.summary.cell_faults == 0


def test_the_generator_gives_these_very_files(tmp_path: Path) -> None:
    build_replication(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (REPLICATION / path.name).read_bytes(), path.name
