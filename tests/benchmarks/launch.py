"""Starts a command, watches that it stays within its limits, and writes what it took.

A small process of its own: the peak memory that the system reports of a process begins with the peak of the one that
started it, and whoever measures may have grown large by then.

``launch.py RESULT SECONDS GIGABYTES COMMAND...``
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

#: How often the memory of the command is looked at, in seconds.
GLANCE = 0.1


def main() -> None:
    """Start, watch, wait, write."""
    result, seconds, gigabytes, *command = sys.argv[1:]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    over = threading.Event()
    ended: list[str] = []
    watcher = threading.Thread(target=_watch, args=(process.pid, float(seconds), float(gigabytes), over, ended))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - started
    over.set()
    watcher.join()
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == 9
    reason = ended[0] if ended else "out of memory" if killed else "failed" if status else ""
    cpu = usage.ru_utime + usage.ru_stime
    record = {"seconds": took, "cpu": cpu, "gigabytes": usage.ru_maxrss / 1_000_000, "reason": reason}
    Path(result).write_text(json.dumps(record), encoding="utf-8")


def _watch(pid: int, seconds: float, gigabytes: float, over: threading.Event, ended: list[str]) -> None:
    """End the command once it goes over a limit, and say which."""
    started = time.perf_counter()
    while not over.wait(GLANCE):
        if time.perf_counter() - started > seconds:
            ended.append(f"> {seconds:g} s")
        elif _resident(pid) > gigabytes:
            ended.append(f"out of memory (> {gigabytes:g} GB)")
        if ended:
            os.kill(pid, 9)
            return


def _resident(pid: int) -> float:
    """The gigabytes that a process holds now; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1_000_000 if found else 0


if __name__ == "__main__":
    main()
