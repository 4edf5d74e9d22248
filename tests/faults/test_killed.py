"""A night that is killed publishes all or nothing, harms no earlier run, and the next night works by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT, Write
from tests.faults.nights import POINTS
from tests.rehearsal.registry import HOUSEHOLDS, INCOMES, write_policy


@pytest.fixture
def given(write_registry: Write, tmp_path: Path) -> tuple[Path, Path]:
    """Seven households, their incomes and two rules that find something: what is tried is the publishing."""
    return write_registry(households=HOUSEHOLDS, incomes=INCOMES), write_policy(tmp_path / "rules")


def nights(given: tuple[Path, Path], out: Path, *how: str) -> list[str]:
    command = [sys.executable, "-m", "tests.faults.nights", *map(str, given), str(out), *how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_killed_at_every_step(given: tuple[Path, Path], tmp_path: Path) -> None:
    assert nights(given, tmp_path / "reports", "steps") == [f"killed at {point}" for point in POINTS]


def test_killed_at_a_hundred_random_moments(given: tuple[Path, Path], tmp_path: Path) -> None:
    told = nights(given, tmp_path / "reports", "100", "1")
    assert len(told) == 100
    assert sum(line.endswith("in time") for line in told) > 60
