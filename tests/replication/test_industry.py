"""The plan's figures of industry and dividends: each test is one figure, written out by hand."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from audit import AuditResult
from audit.model.shares import percent
from tests.conftest import REPLICATION
from tests.test_replication import PLAN, counts

DIVIDENDS = "139902104209"


@pytest.mark.parametrize(
    ("rule_id", "flagged", "share"),
    [
        pytest.param("IND-2", 315, "33.26 %", id="IND-2 315 of 947"),
        pytest.param("IND-3", 288, "30.41 %", id="IND-3 288 of 947"),
        pytest.param("IND-7", 58, "6.12 %", id="IND-7 58 of 947"),
        pytest.param("IND-8", 333, "35.16 %", id="IND-8 333 of 947"),
        pytest.param("IND-9", 167, "17.63 %", id="IND-9 167 of 947"),
    ],
)
def test_share_of_947(replication_run: AuditResult, rule_id: str, flagged: int, share: str) -> None:
    assert counts(replication_run, rule_id, PLAN)[:2] == (947, flagged)
    assert percent(flagged, 947) == share


def test_ind_2_293_lifted_and_22_others() -> None:
    households = duckdb.read_csv(str(REPLICATION / "households.csv"), all_varchar=True)
    support = duckdb.read_csv(str(REPLICATION / "industry_support.csv"), all_varchar=True)
    holders = support.filter("kind = 'fiscal_dividend' AND year = '2024'").project("household_id").distinct()
    sample = households.filter("area_code LIKE '139901%'").join(holders, "household_id")
    kinds = sample.aggregate("household_type, count(*)").order("household_type").fetchall()
    assert kinds == [("general", 22), ("lifted", 293)]


def test_ind_8_and_9_together_500_of_947_where_the_plan_printed_52_79(replication_run: AuditResult) -> None:
    found = replication_run.relation("findings").filter("rule_id IN ('IND-8', 'IND-9') AND area_code LIKE '139901%'")
    assert found.aggregate("count(*), count(DISTINCT subject_id)").fetchall() == [(500, 500)]
    assert percent(500, 947) == "52.80 %"
    assert Decimal("35.16") + Decimal("17.63") == Decimal("52.79")  # two rounded shares added up


def test_div_1_6000_at_10_percent(replication_run: AuditResult) -> None:
    assert counts(replication_run, "DIV-1", DIVIDENDS)[:2] == (10, 10)
    found = replication_run.relation("findings").filter("rule_id = 'DIV-1'")
    terms = found.aggregate("area_code, evidence ->> 'principal', evidence ->> 'annual_rate', count(*)").fetchall()
    assert terms == [(DIVIDENDS, "6000", "0.1", 10)]
