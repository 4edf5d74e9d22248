"""The plan's figures on the proceeds of assets, in 万元 there and in yuan here."""

from __future__ import annotations

from audit import AuditResult
from audit.model.shares import percent
from tests.test_replication import counts

COUNTY = "139902000000"


def test_pro_1_155_26_of_386_3_distributed_40_19_percent(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PRO-1", COUNTY)[:2] == (1, 1)
    found = replication_run.relation("findings").filter("rule_id = 'PRO-1'")
    columns = "evidence ->> 'year', evidence ->> 'distributed', evidence ->> 'distributable'"
    assert found.project(columns).fetchall() == [("2023", "1552600", "3863000")]
    assert percent(1_552_600, 3_863_000) == "40.19 %"


def test_pro_2_231_04_held_by_a_company(replication_run: AuditResult) -> None:
    assert counts(replication_run, "PRO-2", COUNTY)[:2] == (1, 1)
    found = replication_run.relation("findings").filter("rule_id = 'PRO-2'")
    assert found.project("evidence ->> 'held_back', evidence ->> 'holder_kind'").fetchall() == [("2310400", "company")]
