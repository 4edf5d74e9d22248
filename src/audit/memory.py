"""How much memory an audit may take: half of the machine's unless told otherwise, and what the database gets of it."""

from __future__ import annotations

import os
import re
import resource
import sys
from pathlib import Path

import duckdb

from audit.errors import RunError

NO_SPACE = "No space left on device"
#: What an audit takes when nothing is said.
HALF = "half"
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(%|[kmgt]i?b?)", re.IGNORECASE)
_UNITS = {"k": 1, "m": 2, "g": 3, "t": 4}
_CGROUPS = Path("/sys/fs/cgroup")
#: Python and its libraries, before a row is read; and the share of the rest that the database may count as its own:
#: what it does not count, such as buffers of files being read, was seen to take the other part.
PROCESS = 250_000_000
SHARE = 0.85
#: With less the database can't work at all.
LEAST = 100_000_000


def memory_bytes(setting: str, machine: int | None = None) -> int:
    """Read a memory setting: ``half``, a share such as ``50%``, or an amount such as ``3GB`` or ``800MB``.

    Args:
        setting: as a person wrote it; GB are thousands of millions, GiB powers of two.
        machine: the memory of the machine in bytes; by default that of this one.

    Raises:
        RunError: it is not understood, or is too little to work with.
    """
    found = _AMOUNT.fullmatch(setting.strip())
    if setting.strip().lower() == HALF:
        wanted = (machine or machine_bytes()) // 2
    elif found is None:
        raise RunError("scale.memory", value=setting)
    elif found[2] == "%":
        wanted = int(float(found[1]) / 100 * (machine or machine_bytes()))
    else:
        base = 1024 if "i" in found[2].lower() else 1000
        wanted = int(float(found[1]) * base ** _UNITS[found[2][0].lower()])
    if engine_bytes(wanted) < LEAST:
        raise RunError("scale.memory_least", value=setting, least=f"{(PROCESS + LEAST / SHARE) / 1e6:.0f} MB")
    return wanted


def engine_bytes(process: int) -> int:
    """How much of a process's memory the database may take, so that the whole process stays within it."""
    return int((process - PROCESS) * SHARE)


def machine_bytes() -> int:
    """The memory of this machine, or of the part of it that this process is confined to."""
    installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([installed, *_limits()])


def peak_bytes() -> int:
    """The most memory that this process has taken so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def lacks_room(error: duckdb.Error) -> bool:
    """Whether a statement failed for want of memory or of room on a disk: then nothing is wrong with the statement."""
    return isinstance(error, duckdb.OutOfMemoryException) or NO_SPACE in str(error)


def _limits(groups: Path = _CGROUPS, own: Path = Path("/proc/self/cgroup")) -> list[int]:
    """The limits of the control groups that this process belongs to, of both versions."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    limits = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            root, name = groups, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = groups / "memory", "memory.limit_in_bytes"
        else:
            continue
        inside = root / path.lstrip("/")
        for folder in (inside, *inside.parents):
            if folder.is_relative_to(root):
                limits += _limit(folder / name)
    return limits


def _limit(file: Path) -> list[int]:
    try:
        written = file.read_text(encoding="utf-8").strip()
    except OSError:
        return []
    return [int(written)] if written.isdigit() and int(written) else []
