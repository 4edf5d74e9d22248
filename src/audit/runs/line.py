"""The line of published runs, each compared with one before it: where it ends, and which of them are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.errors import RunError
from audit.runs.publish import latest_name, point_latest, remove
from audit.runs.record import RUN_FILE, Run, read_record

#: What ``--previous`` may say instead of a run: begin anew.
NONE = "none"


@dataclass(frozen=True)
class Line:
    """The runs of an output folder.

    Attributes:
        runs: all runs that can be read, by name.
        latest: the last published run, if there is one.
    """

    runs: Mapping[str, Run]
    latest: Run | None

    def asked(self, request: str, name: str) -> Run | None:
        """The run that answers a request already: the latest, or one of that name beside the line."""
        return self.latest if self.latest and self.latest.request == request else self.runs.get(name)

    def good(self, newest: Run | None) -> tuple[Run, ...]:
        """The published runs to which tonight's extract is held, newest first.

        What a person released is the new measure of things: none is given from before the last one released.
        """
        runs: list[Run] = []
        while newest and newest not in runs and (not runs or not runs[-1].release):
            runs.append(newest)
            newest = self.runs.get(newest.after or "")
        return tuple(runs)

    def back_from_latest(self) -> tuple[Run, ...]:
        """The published runs, the latest first, as far back as they were kept."""
        line: list[Run] = []
        at = self.latest
        while at and at not in line:
            line.append(at)
            at = self.runs.get(at.after or "")
        return tuple(line)


def read_line(out: Path) -> Line:
    """Read the runs of an output folder; folders that are no runs are left alone."""
    runs = {}
    for folder in sorted(out.iterdir()) if out.is_dir() else []:
        if folder.name.startswith(".") or folder.is_symlink() or not (folder / RUN_FILE).is_file():
            continue
        try:
            runs[folder.name] = read_record(folder)
        except RunError:  # of an older version, or not ours: it can't be compared with
            continue
    named = latest_name(out)
    return Line(runs, runs.get(named) if named else _end(runs))


def _end(runs: Mapping[str, Run]) -> Run | None:
    """Where the line ends if no ``latest`` says so: it was lost with a copy that keeps no links."""
    published = [run for run in runs.values() if run.state == "published"]
    continued = {run.after for run in published}
    ends = [run for run in published if run.run_id not in continued]
    return max(ends, key=lambda run: (run.as_of, run.finished, run.run_id), default=None)


def mend_line(out: Path) -> Line:
    """Finish what a crash interrupted between the appearance of a run and the moving of ``latest``.

    Call it only while the output folder is locked.
    """
    line = read_line(out)
    latest = line.latest
    while follower := _follower(line, latest):
        latest = follower
    if latest and latest.run_id != latest_name(out):
        point_latest(out, latest.run_id)
    return Line(line.runs, latest)


def _follower(line: Line, latest: Run | None) -> Run | None:
    after = latest.run_id if latest else None
    found = (one for one in line.runs.values() if one.state == "published" and one.after == after)
    return next((one for one in found if one is not latest), None)


def compared_with(line: Line, as_of: date, asked: str | None) -> Run | None:
    """The run with which tonight's findings are compared: the latest whose day is not after tonight's.

    Args:
        line: the runs.
        as_of: the day of the audit.
        asked: a run's name, or ``none`` to begin anew; by default the line decides.

    Raises:
        RunError: there is no such run, or it was held.
    """
    if asked == NONE:
        return None
    if asked:
        run = line.runs.get(asked)
        if run is None or run.state == "held":
            raise RunError("runs.not_comparable", run=asked, runs=", ".join(sorted(line.runs)) or "–")
        return run
    return next((run for run in line.back_from_latest() if run.as_of <= as_of), None)


def to_prune(line: Line, keep: int) -> tuple[Run, ...]:
    """The runs that the policy lets go: all that were finished before the last ``keep`` published ones.

    Held runs and looks back among them go too; the latest run stays in any case.
    """
    by_end = sorted(line.runs.values(), key=lambda run: (run.finished, run.run_id), reverse=True)
    published = [run for run in by_end if run.state == "published"]
    oldest = published[: max(keep, 1)][-1:]
    return tuple(run for run in by_end if oldest and run.finished < oldest[0].finished and run is not line.latest)


def prune(line: Line, keep: int | None) -> tuple[str, ...]:
    """Remove old runs; gives their names. Nothing is removed if no number is given, and the latest never.

    Raises:
        RunError: a folder can't be removed.
    """
    if keep is None:
        return ()
    gone = []
    for run in to_prune(line, keep):
        try:
            remove(run.folder)
        except OSError as error:
            raise RunError("findings.no_output", folder=run.folder, problem=error.strerror or "") from error
        gone.append(run.run_id)
    return tuple(gone)
