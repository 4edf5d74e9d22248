"""Every run lists who was registered on the day, with a finding or without one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Write

from audit import AuditResult
from audit.errors import RunError
from audit.findings.prove import prove


def test_only_registered_households_sorted(write_registry: Write, audited: Callable[..., AuditResult]) -> None:
    data = write_registry(
        households=[
            {"household_id": "H9", "area_code": "139903101002"},
            {"household_id": "H10", "area_code": "139903101001"},
            {"household_id": "H1", "area_code": "139903101001", "deregistered_on": "2024-12-31"},
            {"household_id": "H2", "area_code": "139903101001", "deregistered_on": "2025-01-01"},
        ]
    )
    result = audited(data)
    assert result.relation("households").fetchall() == [
        ("H10", "139903101001"),
        ("H2", "139903101001"),
        ("H9", "139903101002"),
    ]


def test_a_list_that_lost_a_household_is_not_published(sample_run: AuditResult, tmp_path: Path) -> None:
    import duckdb

    shutil.copytree(sample_run.folder, tmp_path, dirs_exist_ok=True)
    con = duckdb.connect()
    con.execute(f"CREATE VIEW findings AS FROM read_parquet('{tmp_path / 'findings.parquet'}')")
    prove(con, tmp_path, sample_run.summary, [])
    con.execute(
        f"COPY (FROM read_parquet('{sample_run.folder / 'households.parquet'}') LIMIT 148) "
        f"TO '{tmp_path / 'households.parquet'}'"
    )
    with pytest.raises(RunError, match="149.*148"):
        prove(con, tmp_path, sample_run.summary, [])
