"""The plan's figure on officials."""

from __future__ import annotations

from audit import AuditResult
from tests.test_replication import counts


def test_cad_1_one_official_promoted_after_a_warning(replication_run: AuditResult) -> None:
    assert counts(replication_run, "CAD-1", "139902000000")[:2] == (1, 1)
    found = replication_run.relation("findings").filter("rule_id = 'CAD-1'")
    days = found.project("evidence ->> 'last_decided_on', evidence ->> 'appointed_on'").fetchall()
    assert days == [("2024-01-10", "2024-04-01")]
