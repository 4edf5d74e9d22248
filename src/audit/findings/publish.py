"""A run's folder appears whole or not at all: it is written aside, then renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.errors import RunError

_ASIDE = ".unfinished-"


@contextmanager
def written_aside(out: Path) -> Iterator[Path]:
    """Give an empty folder inside ``out`` to write a run into; whatever is left in it afterwards is removed.

    Left-overs of an audit that was killed are removed first.

    Raises:
        RunError: the output folder can't be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for left_over in out.glob(f"{_ASIDE}*"):
            if not _alive(left_over):
                shutil.rmtree(left_over, ignore_errors=True)
        folder = out / f"{_ASIDE}{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    except OSError as error:
        raise RunError("findings.no_output", folder=out, problem=error.strerror or "") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
    return True


def publish(folder: Path, out: Path, name: str, *, latest: bool = True) -> Path:
    """Move a finished run to its place; one of the same name is replaced.

    Args:
        folder: the finished run.
        out: the folder in which it appears.
        name: its name there.
        latest: whether ``latest`` is to point at it; what is no run of its own leaves that alone.

    Raises:
        RunError: the output folder can't be written.
    """
    target = out / name
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            _flush(path)
    try:
        replaced = out / f"{_ASIDE}{os.getpid()}-replaced"
        if target.exists():
            target.rename(replaced)
        folder.rename(target)
        if latest:
            _point_latest(out, name)
        shutil.rmtree(replaced, ignore_errors=True)
    except OSError as error:
        raise RunError("findings.no_output", folder=out, problem=error.strerror or "") from error
    return target


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _point_latest(out: Path, name: str) -> None:
    aside = out / f".latest-{os.getpid()}"
    aside.unlink(missing_ok=True)
    aside.symlink_to(name, target_is_directory=True)
    aside.replace(out / "latest")
