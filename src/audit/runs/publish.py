"""A run's folder appears whole or not at all: it is written aside, flushed to the disk, then renamed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from audit.errors import RunError

_ASIDE = ".unfinished-"
_REPLACED = ".replaced-"
_LATEST = "latest"
#: No room on the disk, for this user, or for a file of this size.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: So many files are flushed to the disk at once.
_AT_ONCE = 4


@contextmanager
def written_aside(out: Path) -> Iterator[Path]:
    """Give an empty folder inside ``out`` to write a run into; whatever is left in it afterwards is removed.

    What an audit left behind that was killed is put in order first.

    Raises:
        RunError: the output folder can't be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        _put_in_order(out)
        folder = out / f"{_ASIDE}{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    except OSError as error:
        raise RunError("findings.no_output", folder=out, problem=error.strerror or "") from error
    try:
        yield folder
    except OSError as error:
        if error.errno not in _FULL and not str(error.filename or "").startswith(str(folder)):
            raise
        raise RunError("findings.no_output", folder=out, problem=error.strerror or "") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_order(out: Path) -> None:
    """Remove half a run, and put back a whole one that was about to be replaced."""
    for left_over in out.glob(f"{_ASIDE}*"):
        if not _alive(left_over):
            shutil.rmtree(left_over, ignore_errors=True)
    for replaced in out.glob(f"{_REPLACED}*"):
        target = out / replaced.name.removeprefix(_REPLACED)
        if target.exists():
            shutil.rmtree(replaced, ignore_errors=True)
        else:
            replaced.rename(target)


def _alive(folder: Path) -> bool:
    """Whether the process that writes a folder still runs."""
    number = folder.name.removeprefix(_ASIDE).partition("-")[0]
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return int(number) != os.getpid()


def publish(
    folder: Path, out: Path, name: str, *, latest: bool = True, reached: Callable[[str], None] = lambda _point: None
) -> Path:
    """Move a finished run to its place; one of the same name is replaced.

    Args:
        folder: the finished run.
        out: the folder in which it appears.
        name: its name there.
        latest: whether ``latest`` is to point at it; what is no run of its own leaves that alone.
        reached: told each point between which the disk changes, for those who try what a crash there leaves.

    Raises:
        RunError: the output folder can't be written.
    """
    target, replaced = out / name, out / f"{_REPLACED}{name}"
    try:
        flush(folder)
        reached("flushed")
        if target.exists():
            target.rename(replaced)
            reached("set_aside")
        folder.rename(target)
        flush_folder(out)
        reached("renamed")
        if latest:
            point_latest(out, name)
            reached("latest")
        shutil.rmtree(replaced, ignore_errors=True)
    except OSError as error:
        raise RunError("findings.no_output", folder=out, problem=error.strerror or "") from error
    return target


def remove(run: Path) -> None:
    """Remove a run: it disappears at once, its files one by one."""
    gone = run.with_name(f"{_ASIDE}{os.getpid()}-{run.name}")
    run.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def latest_name(out: Path) -> str | None:
    """The name of the run at which ``latest`` points; None if it points nowhere."""
    link = out / _LATEST
    if not link.is_symlink():
        return None
    name = link.readlink().name
    return name if (out / name).is_dir() else None


def point_latest(out: Path, name: str) -> None:
    """Let ``latest`` point at a run, from one moment to the next."""
    aside = out / f".latest-{os.getpid()}"
    aside.unlink(missing_ok=True)
    aside.symlink_to(name, target_is_directory=True)
    aside.replace(out / _LATEST)
    flush_folder(out)


def flush(folder: Path) -> None:
    """See to it that a power cut after the renaming finds the files whole.

    Each wait is for the disk, and those that wait together wait once: a file at a time takes many times as long.
    """
    paths = sorted(folder.rglob("*"))
    with ThreadPoolExecutor(_AT_ONCE) as waiting:
        list(waiting.map(_flush_file, (path for path in paths if not path.is_dir())))
        list(waiting.map(flush_folder, [*(path for path in paths if path.is_dir()), folder]))


def _flush_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """See to it that a power cut finds the names in a folder as they are now."""
    if os.name != "posix":  # only there a folder can be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
