"""A list takes its place once its act is in the log, and not before: a crash leaves nothing half done.

A list waits under a name that begins with a dot, its act is logged (this moment decides), then it takes its place.
After a crash before that moment nothing was drawn, and what waits is removed by the next act; after a crash behind it
the next command lets the list take its place.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

from audit.runs.publish import flush, flush_folder
from audit.sampling.layout import Samples
from audit.sampling.rows import DrawLog
from audit.sampling.store import Store, open_store

#: Before the id of a sample in the folder of draws, or before the number of a further list in the folder of its sample.
_WAITING = ".waiting-"
_DIGEST = "list_sha256"


def let_wait(written: Path, target: Path) -> None:
    """Let a folder with a list, and the record that names its digest, wait for its act to be logged.

    Args:
        written: the folder.
        target: the place that it will take; the lists of an extension are moved there file by file.
    """
    flush(written)
    written.rename(target.with_name(f"{_WAITING}{target.name}"))
    flush_folder(target.parent)


def remove_forgotten(samples: Samples, store: Store) -> None:
    """Within an act: remove lists that wait although their act was never logged; nobody else logs one meanwhile."""
    logged = _logged(store)
    for waiting in _all_waiting(samples):
        digest = _digest(waiting)
        if digest is not None and (_sample_of(samples, waiting), digest) not in logged:
            shutil.rmtree(waiting)


def put_in_place(samples: Samples) -> None:
    """Let lists take their place whose act is logged; another program may be about to log those of the others.

    Raises:
        RunError: the records can't be read.
    """
    if not (found := _all_waiting(samples)):
        return
    with open_store(samples) as store:
        logged = _logged(store)
    for waiting in found:
        digest = _digest(waiting)
        with suppress(FileNotFoundError):  # another program was quicker
            if digest is None:
                waiting.rmdir()  # its files have taken their places
            elif (_sample_of(samples, waiting), digest) in logged:
                _take_place(samples, waiting)


def _take_place(samples: Samples, waiting: Path) -> None:
    target = waiting.with_name(waiting.name.removeprefix(_WAITING))
    if waiting.parent == samples.draws:
        waiting.rename(target)
        return
    # The record comes last: a further list is there once its record is.
    for path in sorted(waiting.iterdir(), key=lambda path: path.suffix == ".json"):
        path.replace(waiting.parent / path.name)
    waiting.rmdir()


def _all_waiting(samples: Samples) -> list[Path]:
    return sorted(path for pattern in (f"{_WAITING}*", f"*/{_WAITING}*") for path in samples.draws.glob(pattern))


def _sample_of(samples: Samples, waiting: Path) -> str:
    first = waiting.parent == samples.draws
    return waiting.name.removeprefix(_WAITING) if first else waiting.parent.name


def _digest(waiting: Path) -> str | None:
    """The digest that its record names; None if no record is left in it."""
    for record in sorted(waiting.glob("*.json")):
        with suppress(FileNotFoundError):
            if digest := json.loads(record.read_text(encoding="utf-8")).get(_DIGEST):
                return str(digest)
    return None


def _logged(store: Store) -> set[tuple[str, str | None]]:
    return {(one.sample_id, one.list_sha256) for one in store.rows(DrawLog)}
