"""What a measured command took, and how one that does not finish is told of."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.measure import Limits, UnfinishedError, measure

HOLD = "x = bytearray(300_000_000); import time; time.sleep(30)"


def test_time_and_memory_are_the_commands_own(tmp_path: Path) -> None:
    mine = bytearray(200_000_000)
    took = measure([sys.executable, "-c", "import time; time.sleep(0.3)"], tmp_path / "log")
    assert 0.3 < took.seconds < 20
    assert took.gigabytes < 0.1
    assert len(mine) == 200_000_000


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(seconds=0.5), "> 0.5 s"), (Limits(seconds=20, gigabytes=0.2), "out of memory (> 0.2 GB)")],
)
def test_a_command_over_its_limit_is_ended(limits: Limits, reason: str, tmp_path: Path) -> None:
    with pytest.raises(UnfinishedError) as error:
        measure([sys.executable, "-c", HOLD], tmp_path / "log", limits)
    assert str(error.value) == reason


def test_a_command_that_fails_is_told_with_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(UnfinishedError) as error:
        measure([sys.executable, "-c", "raise ValueError('no such column')"], tmp_path / "log")
    assert str(error.value) == "failed: ValueError: no such column"


def test_a_command_killed_by_the_system_ran_out_of_memory(tmp_path: Path) -> None:
    with pytest.raises(UnfinishedError) as error:
        measure([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], tmp_path / "log")
    assert str(error.value) == "out of memory"
