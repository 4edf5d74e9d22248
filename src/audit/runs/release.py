"""Lets a held run pass after a person looked at it: the reason is kept, then ``latest`` moves to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from audit.errors import RunError
from audit.runs.line import mend_line
from audit.runs.lock import locked
from audit.runs.publish import point_latest
from audit.runs.record import RELEASE_FILE, Run, read_record, write_record


def release(out: Path, run_id: str, *, because: str, by: str, now: Callable[[], datetime]) -> Run:
    """Publish a held run.

    Args:
        out: the output folder.
        run_id: the held run's name.
        because: why, in a sentence.
        by: who decided it.
        now: the clock, for the record.

    Raises:
        RunError: no reason is given, the run is not held, another was published since, or the folder can't be written.
    """
    if not because.strip():
        raise RunError("runs.no_reason", run=run_id)
    with locked(out, now):
        line = mend_line(out)
        run = line.runs.get(run_id)
        if run is None:
            raise RunError("runs.no_run", folder=out / run_id)
        if run.state != "held":
            raise RunError("runs.not_held", run=run_id)
        latest = line.latest.run_id if line.latest else None
        if latest != run.after:  # its findings were compared with a run that is no longer the last one
            raise RunError("runs.overtaken", run=run_id, latest=latest)
        record = {"because": because.strip(), "by": by, "at": now().isoformat(timespec="seconds")}
        try:
            aside = run.folder / f".{RELEASE_FILE}-{os.getpid()}"
            write_record(aside, record)
            aside.replace(run.folder / RELEASE_FILE)
            point_latest(out, run_id)
        except OSError as error:
            raise RunError("findings.no_output", folder=out, problem=error.strerror or "") from error
    return read_record(run.folder)
