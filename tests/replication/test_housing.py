"""Homes, section 三(一): eight homes renovated for 6,000 yuan each on the front only, with walls of 30 to 40 m."""

from __future__ import annotations

from audit import AuditResult
from tests.replication.everywhere import everywhere, evidence
from tests.test_replication import counts

VILLAGE = "139902104208"


def test_hou_1_8_homes_of_6000_yuan_front_only(replication_run: AuditResult) -> None:
    assert counts(replication_run, "HOU-1", VILLAGE)[:2] == (8, 8)
    assert everywhere(replication_run, "HOU-1") == (8, 8, 0, 0)
    walls = ("front_reinforced", "side_reinforced", "back_reinforced", "subsidy")
    assert evidence(replication_run, "HOU-1", *walls) == [("true", "false", "false", "6000")] * 8


def test_hou_2_8_open_defects_not_appraised_again(replication_run: AuditResult) -> None:
    """Reported on 2024-08-01, 183 days before the audit; the registry holds no appraisal at all."""
    assert counts(replication_run, "HOU-2", VILLAGE)[:2] == (8, 8)
    assert everywhere(replication_run, "HOU-2") == (8, 8, 0, 0)
    assert evidence(replication_run, "HOU-2", "reported_on", "reappraised") == [("2024-08-01", "false")] * 8


def test_hou_4_8_yard_walls_of_30_to_40_m(replication_run: AuditResult) -> None:
    """Each cost 5,000 yuan, less than the 6,000 yuan of the renovation: it is the length alone that flags them."""
    assert counts(replication_run, "HOU-4", VILLAGE)[:2] == (8, 8)
    assert everywhere(replication_run, "HOU-4") == (8, 8, 0, 0)
    lengths = ("30", "31", "32", "34", "35", "37", "38", "40")
    wanted = [(length, "5000", "6000") for length in lengths]
    assert evidence(replication_run, "HOU-4", "length_m", "cost", "renovation_subsidies") == wanted


def test_the_same_8_households_have_the_front_the_defect_and_the_wall(replication_run: AuditResult) -> None:
    findings = replication_run.relation("findings").filter("rule_id IN ('HOU-1', 'HOU-2', 'HOU-4')")
    grouped = findings.aggregate("household_id, count(DISTINCT rule_id) AS rules", "household_id")
    assert grouped.aggregate("count(*), min(rules), max(rules)").fetchall() == [(8, 3, 3)]


def test_hou_3_and_hou_6_without_any_appraisal_nobody_to_ask_about(replication_run: AuditResult) -> None:
    assert everywhere(replication_run, "HOU-3") == (0, 0, 0, 0)
    assert everywhere(replication_run, "HOU-6") == (0, 0, 0, 0)


def test_hou_5_8_walls_from_public_funds_none_at_a_vacant_home(replication_run: AuditResult) -> None:
    assert everywhere(replication_run, "HOU-5") == (8, 0, 8, 0)


def test_hou_7_renovations_of_2018_are_older_than_5_years(replication_run: AuditResult) -> None:
    assert everywhere(replication_run, "HOU-7") == (0, 0, 0, 0)
