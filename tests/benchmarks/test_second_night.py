"""What changes between two benchmarked nights, and what does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from audit.generate import generate_registry
from tests.benchmarks.measure import AS_OF
from tests.benchmarks.second_night import change_households, change_townships, write_parted


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    generate_registry(3000, 1, tmp_path / "whole", as_of=AS_OF)
    return tmp_path / "whole"


def _changed(before: str, after: str) -> list[str]:
    assert _rows(before) == _rows(after) == 3000
    found = duckdb.execute(f"SELECT area_code FROM (({after}) EXCEPT ({before})) ORDER BY household_id").fetchall()
    return [area for (area,) in found]


def _rows(query: str) -> int:
    return int(duckdb.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0])


def test_about_one_household_in_a_hundred_changes(whole: Path) -> None:
    shutil.copy(whole / "households.parquet", whole.parent / "before.parquet")
    change_households(whole)
    changed = _changed(f"FROM '{whole.parent}/before.parquet'", f"FROM '{whole}/households.parquet'")
    assert 15 <= len(changed) <= 60


def test_of_two_townships_one_changes_wholly_and_the_other_not(whole: Path) -> None:
    parted = whole.parent / "parted"
    write_parted(whole, parted)
    assert sorted(path.name for path in (parted / "households").iterdir()) == ["139901101-0.csv", "139901102-0.csv"]
    shutil.copytree(parted / "households", whole.parent / "before")
    change_townships(parted)
    read = "FROM read_csv('{}/*.csv', all_varchar = true)"
    changed = _changed(read.format(whole.parent / "before"), read.format(parted / "households"))
    assert len(changed) == 1500
    assert {area[:9] for area in changed} == {"139901101"}
