"""The plan's figures of small loans: each test is one figure, written out by hand."""

from __future__ import annotations

from audit import AuditResult
from audit.model.shares import percent
from tests.test_replication import PLAN, counts

FEW_APPROVED = "139902103206"
NO_REPLY = "139902103207"


def test_ln_1_71_of_947(replication_run: AuditResult) -> None:
    assert counts(replication_run, "LN-1", PLAN)[:2] == (947, 71)
    assert percent(71, 947) == "7.50 %"


def test_ln_2_18_to_60_one_animal_and_a_named_seller(replication_run: AuditResult) -> None:
    found = replication_run.relation("findings").filter("rule_id = 'LN-2'")
    names = ("min_age", "max_age", "min_livestock", "designated_seller")
    terms = found.project(", ".join(f"evidence ->> '{name}'" for name in names)).fetchall()
    assert terms == [("18", "60", "1", "true")]


def test_ln_3_4_of_75_approved(replication_run: AuditResult) -> None:
    assert counts(replication_run, "LN-3", FEW_APPROVED)[:2] == (1, 1)
    found = replication_run.relation("findings").filter(f"rule_id = 'LN-3' AND area_code = '{FEW_APPROVED}'")
    names = ("counted_applications", "approved_applications")
    assert found.project(", ".join(f"evidence ->> '{name}'" for name in names)).fetchall() == [("75", "4")]


def test_ln_3_else_only_the_village_that_got_no_reply(replication_run: AuditResult) -> None:
    found = replication_run.relation("findings").filter("rule_id = 'LN-3'").order("subject_id")
    assert found.project("subject_id").fetchall() == [(FEW_APPROVED,), (NO_REPLY,)]


def test_ln_4_80_without_a_reply(replication_run: AuditResult) -> None:
    assert counts(replication_run, "LN-4", NO_REPLY)[:2] == (80, 80)
    assert counts(replication_run, "LN-4", FEW_APPROVED)[:2] == (75, 0)
