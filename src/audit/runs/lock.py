"""One audit at a time per output folder: the operating system lets go of the lock when its holder ends or crashes."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import filelock

from audit.errors import RunError

_LOCK = ".lock"
_HOLDER = ".lock-holder.json"


@contextmanager
def locked(out: Path, now: Callable[[], datetime]) -> Iterator[None]:
    """Hold the output folder while an audit writes into it; the folder is made if need be.

    Args:
        out: the output folder.
        now: the clock, for others to see since when it is held.

    Raises:
        RunError: another audit holds it (the message says which), or it can't be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(out / _LOCK, timeout=0)
        with lock:
            (out / _HOLDER).write_text(_myself(now()), encoding="utf-8")
            try:
                yield
            finally:
                (out / _HOLDER).unlink(missing_ok=True)
    except filelock.Timeout as error:
        raise RunError("runs.locked", folder=out, **_holder(out)) from error
    except OSError as error:
        raise RunError("findings.no_output", folder=out, problem=error.strerror or "") from error


def _myself(since: datetime) -> str:
    return json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since.isoformat(timespec="seconds")})


def _holder(out: Path) -> dict[str, object]:
    """Who holds the lock; question marks if the holder has not said so yet."""
    try:
        told = json.loads((out / _HOLDER).read_text(encoding="utf-8"))
        return {name: told[name] for name in ("pid", "host", "since")}
    except (OSError, ValueError, KeyError, TypeError):
        return dict.fromkeys(("pid", "host", "since"), "?")
