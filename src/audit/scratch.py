"""The scratch folder: where an audit puts what does not fit into memory, gone afterwards also if the audit crashed.

Each audit makes a folder of its own, readable by its user alone, and holds a lock in it as long as it lives. Whoever
comes next removes the folders whose lock nobody holds.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.errors import RunError

PREFIX = "audit-scratch-"
_LOCK = "lock"
#: Large files do not belong into memory, where some systems keep what is temporary.
_ROOMY = Path("/var/tmp")


def scratch_parent(chosen: Path | None) -> Path:
    """The folder in which scratch folders are made: the one chosen, else the system's for large temporary files."""
    if chosen is not None:
        return chosen
    if "TMPDIR" not in os.environ and os.access(_ROOMY, os.W_OK):
        return _ROOMY
    return Path(tempfile.gettempdir())


@contextmanager
def scratch_folder(chosen: Path | None) -> Iterator[Path]:
    """Make a scratch folder; it is removed afterwards, and so are those that crashed audits have left.

    Raises:
        RunError: no folder can be made there.
    """
    parent = scratch_parent(chosen)
    try:
        _remove_left_over(parent)
        # Locked before it gets the name by which others may judge it.
        making = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=parent))
        lock = os.open(making / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = parent / making.name.removeprefix(".")
        making.rename(folder)
    except OSError as error:
        raise RunError("scale.no_scratch", folder=parent, problem=error.strerror or "") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _remove_left_over(parent: Path) -> None:
    """Remove the scratch folders of this user whose audit is no longer alive."""
    for folder in sorted(parent.glob(f"{PREFIX}*")):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:  # another audit has just removed it, or it is none of ours
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)
