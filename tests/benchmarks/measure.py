"""Runs a command in a process of its own and measures it: wall time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One run of a command.

    Attributes:
        seconds: wall time, process start to exit.
        gigabytes: peak resident memory.
    """

    seconds: float
    gigabytes: float


def measure(command: list[str], log: Path) -> Measured:
    """Run a command; what it prints goes to ``log``."""
    started = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{log.read_text(encoding='utf-8', errors='replace')}")
    return Measured(seconds, usage.ru_maxrss / 1_000_000)


def audit(*arguments: str) -> list[str]:
    """The command line of this environment's audit."""
    return [sys.executable, "-c", "from audit.cli.main import main; main()", *arguments]


def middle(values: list[float]) -> float:
    """The median of an odd number of values."""
    return sorted(values)[len(values) // 2]
