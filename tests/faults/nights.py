"""Runs audits in child processes that are killed: at a chosen step, or after a chosen time.

Started as a program of its own, so that no database is open when it forks. It audits once itself before: what is
imported and made ready once is there in each child, so that the moments fall into the audit itself. Arguments: the
registry, the rules, the output folder, and ``steps`` or a number of random moments with a seed. Prints one line per
kill and fails on the first fault: half a run, a lost run, or a following night that does not work.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.ready import make_ready

from audit.database import Settings
from audit.findings.prove import FILES
from audit.gate import OPEN_GATE, Gate
from audit.model.extent import Extent
from audit.pipeline import run_audit
from audit.rulebook import load_rulebook

FIRST = date(2024, 1, 1)
#: Pages that every run with pages has, whatever was found.
PAGES = ("index.html", "rules/index.html", "quarantine.html")
#: Points that a night passes: the steps, and those between which the disk changes.
POINTS = (
    "rules", "intake", "digests", "contract", "gate", "facts", "rates", "findings", "history", "pages", "publish",
    "flushed", "renamed", "latest",
)  # fmt: skip


class Nights:
    """Nights in one output folder, each of its own day, so that each has something to publish."""

    def __init__(self, data: Path, rules: Path, out: Path, gate: Gate | None, pages: Extent) -> None:
        self.data, self.out, self.gate = data, out, gate
        self.pages = pages
        self.files = {*FILES, "gate.html"}
        self.paged: set[str] = set()
        self.rules = load_rulebook(rules)
        self.day = FIRST
        self.whole: dict[str, dict[str, tuple[int, int]]] = {}

    def warm(self) -> None:
        """Audit once in this process, elsewhere; without pages, for what draws charts does not survive a fork."""
        if self.pages is not Extent.NONE:
            make_ready()
        bare = Settings(pages=Extent.NONE)
        with tempfile.TemporaryDirectory() as out:
            run_audit(self.data, as_of=FIRST, year=2024, rules=self.rules, out=Path(out), gate=self.gate, settings=bare)

    def night(
        self, killed: Callable[[int], None] = lambda _pid: None, at: str = "", pages: Extent | None = None
    ) -> bool:
        """Run the next night in a child; gives whether it came to its end."""
        self.day += timedelta(days=1)
        pages = pages or self.pages
        if pages is not Extent.NONE:
            self.paged.add(self.day.isoformat())
        pid = os.fork()
        if not pid:
            self._audit(at, Settings(pages=pages))
        killed(pid)
        _, status = os.waitpid(pid, 0)
        ended = os.waitstatus_to_exitcode(status)
        if ended not in {0, -signal.SIGKILL}:
            raise SystemExit(f"{self.day}: exit code {ended}")
        self._look()
        return ended == 0

    def _audit(self, at: str, settings: Settings) -> None:
        """Be the child: leave without coming back."""

        def progress(step: str, what: str) -> None:
            if at and at in {step, what}:
                os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        try:
            run_audit(
                self.data, as_of=self.day, year=2024, rules=self.rules, out=self.out, gate=self.gate,
                settings=settings, progress=progress, now=lambda: datetime.now(UTC),
            )  # fmt: skip
            code = 0
        finally:
            os._exit(code)

    def _look(self) -> None:
        """See that every run is whole, none of the earlier has changed, and latest points at one of them."""
        runs = {folder.name: folder for folder in self.out.glob("2024-*")}
        for name, folder in runs.items():
            files = [path for path in folder.rglob("*") if path.is_file()]
            marks = {path.relative_to(folder).as_posix(): _mark(path) for path in files}
            if name not in self.whole:
                self._look_into(folder, set(marks))
            if self.whole.setdefault(name, marks) != marks:
                raise SystemExit(f"{name} has changed")
        if lost := set(self.whole) - set(runs):
            raise SystemExit(f"lost: {sorted(lost)}")
        latest = self.out / "latest"
        if runs and latest.is_symlink() and not (latest / "run.json").is_file():
            raise SystemExit("latest points at nothing")

    def _look_into(self, folder: Path, files: set[str]) -> None:
        """See that a run that has just appeared is whole."""
        wanted = self.files.union(PAGES if folder.name[:10] in self.paged else ())
        if missing := wanted - files:
            raise SystemExit(f"{folder.name} lacks {sorted(missing)}")
        json.loads((folder / "run.json").read_text(encoding="utf-8"))
        for path in folder.rglob("*.parquet"):
            if path.read_bytes()[-4:] != b"PAR1":
                raise SystemExit(f"{path} is cut off")

    def settle(self) -> None:
        """After a kill the next night works by itself, is compared with the last whole run, and leaves no litter."""
        if not self.night(pages=Extent.NONE):
            raise SystemExit("a night that was not killed did not end")
        record = json.loads((self.out / "latest" / "run.json").read_text(encoding="utf-8"))
        if record["as_of"] != self.day.isoformat():
            raise SystemExit(f"latest is of {record['as_of']}")
        earlier = sorted(name for name in self.whole if name[:10] < self.day.isoformat())
        if record["previous"] != (earlier[-1] if earlier else None):
            raise SystemExit(f"compared with {record['previous']} instead of {earlier[-1:]}")
        litter = [path.name for path in self.out.iterdir() if path.name.startswith(".") and path.name != ".lock"]
        if litter:
            raise SystemExit(f"left behind: {litter}")


def _mark(path: Path) -> tuple[int, int]:
    """What changes when a file is written again: its size and the moment it was written."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def at_every_point(nights: Nights) -> None:
    """Kill a night at each point, and let one work after it."""
    for point in POINTS:
        if nights.night(at=point):
            raise SystemExit(f"no night passes {point}")
        nights.settle()
        print(f"killed at {point}", flush=True)


def at_random(nights: Nights, times: int, seed: int) -> None:
    """Kill nights at random moments, and let one work after every tenth."""
    moments = random.Random(seed)
    started = time.monotonic()
    nights.settle()
    usual = time.monotonic() - started
    for number in range(1, times + 1):
        wait = moments.uniform(0, usual * 1.05)

        def killed(pid: int, wait: float = wait) -> None:
            time.sleep(wait)
            os.kill(pid, signal.SIGKILL)

        ended = nights.night(killed)
        print(f"killed after {wait:.2f} s of about {usual:.2f} s: {'too late' if ended else 'in time'}", flush=True)
        if number % 10 == 0:
            nights.settle()


def main() -> None:
    """Do what the arguments say."""
    data, rules, out, how, *seed = sys.argv[1:]
    # Killed at each step a night has its gate and its pages; random moments are for what is written elsewhere.
    whole: tuple[Gate | None, Extent] = (None, Extent.AUTO)
    nights = Nights(Path(data), Path(rules), Path(out), *(whole if how == "steps" else (OPEN_GATE, Extent.NONE)))
    nights.warm()
    if how == "steps":
        at_every_point(nights)
    else:
        at_random(nights, int(how), int(seed[0]))


if __name__ == "__main__":
    main()
