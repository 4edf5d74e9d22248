"""The plan's figures of training and of posts by village: each test is one figure, written out by hand."""

from __future__ import annotations

from audit import AuditResult
from tests.test_replication import counts

UNTRAINED = "139902102205"
CLEANERS = "139902101202"
RANGERS = "139902101203"


def test_emp_1_one_village_of_123_households_without_training(replication_run: AuditResult) -> None:
    assert counts(replication_run, "EMP-1", UNTRAINED)[:2] == (1, 1)
    found = replication_run.relation("findings").filter("rule_id = 'EMP-1'")
    assert found.project("subject_id, evidence ->> 'households'").fetchall() == [(UNTRAINED, "123")]


def test_emp_2_3_unmet_needs(replication_run: AuditResult) -> None:
    assert counts(replication_run, "EMP-2", UNTRAINED)[:2] == (3, 3)
    found = replication_run.relation("findings").filter("rule_id = 'EMP-2'")
    assert found.aggregate("area_code, count(DISTINCT person_id)").fetchall() == [(UNTRAINED, 3)]


def test_pw_1_52_cleaners(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PW-1", CLEANERS)[:2] == (1, 1)
    found = replication_run.relation("findings").filter(f"rule_id = 'PW-1' AND area_code = '{CLEANERS}'")
    posts = found.project("subject_id, evidence ->> 'active_posts'").fetchall()
    assert posts == [(f"{CLEANERS}|cleaner", "52")]


def test_pw_1_43_rangers(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PW-1", RANGERS)[:2] == (1, 1)
    found = replication_run.relation("findings").filter(f"rule_id = 'PW-1' AND area_code = '{RANGERS}'")
    posts = found.project("subject_id, evidence ->> 'active_posts'").fetchall()
    assert posts == [(f"{RANGERS}|ranger", "43")]


def test_pw_1_nobody_else(replication_run: AuditResult) -> None:
    found = replication_run.relation("findings").filter("rule_id = 'PW-1'").order("subject_id")
    assert found.project("subject_id").fetchall() == [(f"{CLEANERS}|cleaner",), (f"{RANGERS}|ranger",)]
