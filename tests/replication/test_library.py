"""The plan's figures on the project library and on the performance of late projects."""

from __future__ import annotations

from audit import AuditResult
from tests.test_replication import counts

COUNTY = "139902000000"


def projects(run: AuditResult, rule_id: str) -> list[str]:
    found = run.relation("findings").filter(f"rule_id = '{rule_id}'").project("evidence ->> 'project_name'")
    return [row[0] for row in found.fetchall()]


def test_lib_1_2_library_faults(replication_run: AuditResult) -> None:
    assert counts(replication_run, "LIB-1", COUNTY)[1] == 2
    assert projects(replication_run, "LIB-1") == ["入库程序缺失项目", "入库前支出项目"]


def test_per_1_3_late_projects_not_followed(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PER-1", COUNTY)[:2] == (3, 3)
    assert projects(replication_run, "PER-1") == ["逾期项目1", "逾期项目2", "逾期项目3"]
