"""A township that sent nothing closes nothing there, and says nothing about the others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.conftest import BARE, Write
from tests.history.test_presence import FIRST, absent, household, income, presence
from tests.policy import few

from audit import AuditResult, run_audit
from audit.gate import OPEN_GATE

NEAR, FAR = "139901101001", "139901102001"
HOMES = [household("H1", area=NEAR), household("H2", area=FAR), household("H3", area=FAR)]
POOR = [income("H1", 3000), income("H2", 3000), income("H3", 3000)]
FLAGGED: list[dict[str, object]] = [
    {"renovation_id": f"R{place}", "household_id": f"H{place}", "method": "加固", "walls_reinforced": "正面"}
    for place in (1, 2, 3)
]


def audit(write: Write, out: Path, place: int, **tables: list[dict[str, object]]) -> AuditResult:
    data = write(f"night-{place}", **tables)
    return run_audit(
        data,
        as_of=FIRST + timedelta(days=place),
        year=2024,
        rules=few("INC-4", "HOU-1"),
        out=out,
        gate=OPEN_GATE,
        settings=BARE,
    )


def test_households_of_a_township_that_sent_none_are_not_gone(write_registry: Write, tmp_path: Path) -> None:
    audit(write_registry, tmp_path / "out", 0, households=HOMES, incomes=POOR)
    second = audit(write_registry, tmp_path / "out", 1, households=HOMES[:1], incomes=POOR)
    assert presence(second) == {"H1": ("unchanged", "2024-12-28")}
    assert absent(second) == {"H2": "not_evaluated", "H3": "not_evaluated"}


def test_one_household_that_is_missing_is_gone(write_registry: Write, tmp_path: Path) -> None:
    audit(write_registry, tmp_path / "out", 0, households=HOMES, incomes=POOR)
    second = audit(write_registry, tmp_path / "out", 1, households=HOMES[:2], incomes=POOR)
    assert absent(second) == {"H3": "unit_gone"}


def test_rows_that_a_township_did_not_send_are_no_proof(write_registry: Write, tmp_path: Path) -> None:
    """R1's township sent its row without the missing walls, R2's and R3's township sent no renovations at all."""
    audit(write_registry, tmp_path / "out", 0, households=HOMES, renovations=FLAGGED)
    mended = [{**FLAGGED[0], "walls_reinforced": "正面;侧面;背面"}]
    second = audit(write_registry, tmp_path / "out", 1, households=HOMES, renovations=mended)
    assert absent(second, "HOU-1") == {"R1": "fixed", "R2": "not_evaluated", "R3": "not_evaluated"}
    sent = [*mended, {**FLAGGED[1], "walls_reinforced": "正面;侧面;背面"}]
    third = audit(write_registry, tmp_path / "out", 2, households=HOMES, renovations=sent)
    assert absent(third, "HOU-1") == {"R2": "fixed", "R3": "unit_gone"}
