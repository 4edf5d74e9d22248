"""Runs a command in a process of its own and measures it: wall time and peak memory, within limits."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

AS_OF = date(2024, 12, 31)
#: The steps of an audit that the hand-written scripts also take.
EVALUATION = ("facts", "rates", "findings")


@dataclass(frozen=True)
class Measured:
    """One run of a command.

    Attributes:
        seconds: wall time, process start to exit.
        cpu: seconds of all cores together, which other work on the machine disturbs less.
        gigabytes: peak resident memory.
    """

    seconds: float
    cpu: float
    gigabytes: float


@dataclass(frozen=True)
class Limits:
    """What a run may take before it is ended."""

    seconds: float = float("inf")
    gigabytes: float = float("inf")


class UnfinishedError(Exception):
    """A command did not come to its end: its text says why, in a few words."""


def measure(command: list[str], log: Path, limits: Limits = Limits()) -> Measured:
    """Run a command; what it prints goes to ``log``.

    Raises:
        UnfinishedError: it took longer or more than the limits, or failed.
    """
    result = log.with_suffix(".json")
    result.unlink(missing_ok=True)
    launch = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py"))]
    with log.open("wb") as file:
        limited = [*launch, str(result), str(limits.seconds), str(limits.gigabytes), *command]
        subprocess.run(limited, stdout=file, stderr=file, check=True)
    took = json.loads(result.read_text(encoding="utf-8"))
    if took["reason"] == "failed":
        raise UnfinishedError(f"failed: {_last_line(log)}")
    if took["reason"]:
        raise UnfinishedError(took["reason"])
    return Measured(took["seconds"], took["cpu"], took["gigabytes"])


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:60] if lines else "without a word"


def audit(*arguments: str) -> list[str]:
    """The command line of this environment's audit."""
    return [sys.executable, "-c", "from audit.cli.main import main; main()", *arguments]


def run_audit(
    data: Path,
    out: Path,
    log: Path,
    *more: str,
    as_of: date = AS_OF,
    limits: Limits = Limits(),
    keep: bool = False,
) -> tuple[Measured, dict[str, float]]:
    """Audit a registry.

    Args:
        data: the registry.
        out: where the run goes.
        log: where what it prints goes.
        more: further options of the command.
        as_of: the day of the audit.
        limits: what it may take.
        keep: leave the earlier runs in ``out``, to be compared with.

    Returns:
        What the whole process took, and its seconds by step.
    """
    if not keep:
        shutil.rmtree(out, ignore_errors=True)
    measured = measure(audit("run", str(data), "--as-of", as_of.isoformat(), "--out", str(out), *more), log, limits)
    record = json.loads((out / "latest" / "run.json").read_text(encoding="utf-8"))
    return measured, record["seconds"]


def evaluation(steps: dict[str, float]) -> float:
    """Seconds that an audit needs for facts, flags and findings."""
    return sum(steps[step] for step in EVALUATION)


def middle(values: list[float]) -> float:
    """The median of an odd number of values."""
    return sorted(values)[len(values) // 2]


def middle_of(measured: list[Measured]) -> Measured:
    """The median times and the greatest memory of several runs."""
    return Measured(
        middle([one.seconds for one in measured]),
        middle([one.cpu for one in measured]),
        max(one.gigabytes for one in measured),
    )


def memory_gigabytes() -> float:
    """The memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1_000_000_000


def print_table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table of right-aligned columns, the first left-aligned."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    for row in zip(*columns, strict=True):
        print("  ".join(f"{cell:{'>' if i else '<'}{widths[i]}}" for i, cell in enumerate(row)), flush=True)
