"""Projects and funds, section 三(五): 20 projects, 12 of the county's own and 8 roads of the notices' townships."""

from __future__ import annotations

from decimal import Decimal

from audit import AuditResult
from audit.model.shares import percent
from tests.replication.everywhere import everywhere, evidence
from tests.test_replication import counts

COUNTY = "139902000000"


def paid(run: AuditResult, rule_id: str) -> list[tuple[int, int]]:
    """Contract and paid amount of the flagged projects, in yuan."""
    found = evidence(run, rule_id, "contract_amount", "paid_amount")
    return [(int(contract), int(amount)) for contract, amount in found]


def test_fnd_1_2302_wan_at_100_percent(replication_run: AuditResult) -> None:
    """The projects at 95 and 92 % are not accepted either, but under the 97 % that count as paid in full."""
    assert counts(replication_run, "FND-1", COUNTY)[:2] == (12, 1)
    assert everywhere(replication_run, "FND-1") == (20, 1, 19, 0)
    assert paid(replication_run, "FND-1") == [(23_020_000, 23_020_000)]


def test_fnd_2_400_and_535_36_wan_at_95_percent_2266_wan_at_92_percent(replication_run: AuditResult) -> None:
    """The fourth is the project paid in full: 100 % before acceptance is more than 80 %, too.

    The projects paid at exactly 80 % and at 79.5 % are not accepted either, and not over 80 %.
    """
    assert counts(replication_run, "FND-2", COUNTY)[:2] == (12, 4)
    assert everywhere(replication_run, "FND-2") == (20, 4, 16, 0)
    found = paid(replication_run, "FND-2")
    assert found == [
        (23_020_000, 23_020_000), (4_000_000, 3_800_000), (5_353_600, 5_085_920), (22_660_000, 20_847_200),
    ]  # fmt: skip
    shares = [percent(amount, contract) for contract, amount in found]
    assert shares == ["100.00 %", "95.00 %", "95.00 %", "92.00 %"]


def test_fnd_3_60_percent_done_and_80_percent_paid(replication_run: AuditResult) -> None:
    """The project at 79.5 % is 80 % done: paid behind its progress."""
    assert counts(replication_run, "FND-3", COUNTY)[:2] == (12, 1)
    assert everywhere(replication_run, "FND-3") == (20, 1, 19, 0)
    assert paid(replication_run, "FND-3") == [(10_000_000, 8_000_000)]
    assert evidence(replication_run, "FND-3", "progress") == [("0.6",)]


def test_fnd_4_79_5_percent_before_the_main_structure(replication_run: AuditResult) -> None:
    assert counts(replication_run, "FND-4", COUNTY)[:2] == (12, 1)
    assert everywhere(replication_run, "FND-4") == (20, 1, 19, 0)
    assert paid(replication_run, "FND-4") == [(10_000_000, 7_950_000)]
    assert percent(7_950_000, 10_000_000) == "79.50 %"


def test_fnd_5_3_late_projects(replication_run: AuditResult) -> None:
    """The plan's three projects whose performance was not followed are the late ones."""
    assert counts(replication_run, "FND-5", COUNTY)[:2] == (12, 3)
    assert everywhere(replication_run, "FND-5") == (20, 3, 17, 0)
    assert evidence(replication_run, "FND-5", "due_on", "finished_on") == [("2024-11-30", "2024-12-20")] * 3


def test_fnd_6_3730_wan_disbursed_after_45_days(replication_run: AuditResult) -> None:
    amount = Decimal("37300000.00")
    assert counts(replication_run, "FND-6", COUNTY) == (1, 1, amount, amount)
    assert everywhere(replication_run, "FND-6") == (1, 1, 0, 0)
    assert evidence(replication_run, "FND-6", "received_on", "disbursed_on") == [("2024-03-01", "2024-04-15")]


def test_fnd_7_40_8_wan_accepted_after_the_season(replication_run: AuditResult) -> None:
    """It is the only project that has a season."""
    assert counts(replication_run, "FND-7", COUNTY)[:2] == (1, 1)
    assert everywhere(replication_run, "FND-7") == (1, 1, 0, 0)
    facts = ("contract_amount", "season_end_on", "accepted_on")
    assert evidence(replication_run, "FND-7", *facts) == [("408000", "2024-05-31", "2024-09-01")]
