"""A night that is killed publishes all or nothing, harms no earlier run, and the next night works by itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.faults.nights import FIRST, POINTS
from tests.faults.registry import small_registry


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small registry of three tables and a few of the rules: what is tried is the publishing."""
    folder = tmp_path_factory.mktemp("given")
    small_registry(20, 3, folder / "data", as_of=FIRST)
    (folder / "rules").mkdir()
    shutil.copy(ROOT / "rules" / "parameters.yaml", folder / "rules")
    shutil.copytree(ROOT / "rules" / "income", folder / "rules" / "income")
    return folder / "data", folder / "rules"


def nights(given: tuple[Path, Path], out: Path, *how: str) -> list[str]:
    command = [sys.executable, "-m", "tests.faults.nights", *map(str, given), str(out), *how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_killed_at_every_step(given: tuple[Path, Path], tmp_path: Path) -> None:
    assert nights(given, tmp_path, "steps") == [f"killed at {point}" for point in POINTS]


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_moments(given: tuple[Path, Path], tmp_path: Path, seed: int) -> None:
    """Twice fifty, so that they can run side by side."""
    told = nights(given, tmp_path, "50", str(seed))
    assert len(told) == 50
    assert sum(line.endswith("in time") for line in told) > 30
