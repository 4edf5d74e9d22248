"""Helpers, section 三(二)2: the plan gives no figure, so nobody of its sample may be flagged."""

from __future__ import annotations

from audit import AuditResult
from tests.replication.everywhere import everywhere
from tests.test_replication import PLAN, counts


def test_hlp_1_947_pairings_each_with_a_home_visit(replication_run: AuditResult) -> None:
    assert everywhere(replication_run, "HLP-1") == (947, 0, 947, 0)


def test_hlp_2_95_helpers_each_with_a_phone(replication_run: AuditResult) -> None:
    assert everywhere(replication_run, "HLP-2") == (95, 0, 95, 0)


def test_hlp_3_nobody_of_the_947_without_a_helper(replication_run: AuditResult) -> None:
    assert counts(replication_run, "HLP-3", PLAN)[:2] == (947, 0)


def test_hlp_3_the_465_households_of_the_special_villages_have_none(replication_run: AuditResult) -> None:
    """The plan says nothing of their helpers, so they have none: 72, 52 and 43 holders of posts, 2 of the serial
    posts, 123 without training, 75 and 80 who applied for loans, 8 renovated homes, 10 with dividend contracts."""
    assert counts(replication_run, "HLP-3", "139902000000")[:2] == (465, 465)
    assert everywhere(replication_run, "HLP-3") == (1412, 465, 947, 0)
