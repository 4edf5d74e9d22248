"""The plan's figures on notices and on the hotline."""

from __future__ import annotations

from audit import AuditResult
from audit.model.shares import percent
from tests.test_replication import counts


def test_ntc_3_4_of_4_townships_without_a_plan_notice(replication_run: AuditResult) -> None:
    assert counts(replication_run, "NTC-3", "139904000000")[:2] == (4, 4)
    assert counts(replication_run, "NTC-3", "139903000000")[:2] == (4, 0)


def test_ntc_4_3_of_4_townships_without_a_completion_notice(replication_run: AuditResult) -> None:
    assert counts(replication_run, "NTC-4", "139903000000")[:2] == (4, 3)
    assert counts(replication_run, "NTC-4", "139904000000")[:2] == (4, 0)


def test_hot_1_131_of_166_calls_answered_78_92_percent(replication_run: AuditResult) -> None:
    assert counts(replication_run, "HOT-1", "139902000000")[:2] == (1, 1)
    found = replication_run.relation("findings").filter("rule_id = 'HOT-1'")
    columns = "subject_id, evidence ->> 'answered', evidence ->> 'calls', evidence ->> 'min_answered'"
    assert found.project(columns).fetchall() == [("139902000000|2024", "131", "166", "0.83")]
    assert percent(131, 166) == "78.92 %"
