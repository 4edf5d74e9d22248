"""Notices when a file changes while it is read: its digest is taken before, and held against it afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from audit.contract.feeds import Registry, Seen
from audit.errors import InputError

_BLOCK = 1 << 22


def see_files(paths: Iterable[Path]) -> dict[Path, Seen]:
    """Take the digest of each file, several at a time.

    Raises:
        InputError: a file can't be read, or changed while its digest was taken.
    """
    each = list(dict.fromkeys(paths))
    with ThreadPoolExecutor(max_workers=4) as pool:
        return dict(zip(each, pool.map(_see, each), strict=True))


def check_unchanged(seen: Mapping[Path, Seen]) -> None:
    """See that files are still what they were when their digests were taken.

    A file that was only touched or copied anew is the same file.

    Raises:
        InputError: a file has other content now, or is gone.
    """
    for path, before in seen.items():
        if _stamp(path) != (before.size, before.changed_ns) and _see(path).sha256 != before.sha256:
            raise InputError("scale.changed", file=path.name)


def _see(path: Path) -> Seen:
    digest = hashlib.sha256()
    size, changed_ns = _stamp(path)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise InputError("findings.vanished", file=path.name) from error
    if _stamp(path) != (size, changed_ns):
        raise InputError("scale.changed", file=path.name)
    return Seen(size, changed_ns, digest.hexdigest())


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise InputError("findings.vanished", file=path.name) from error
    return found.st_size, found.st_mtime_ns


def find_damaged(con: duckdb.DuckDBPyConnection, registry: Registry) -> InputError | None:
    """The error that names the first file that can't be read to its end; None if all can."""
    for source in registry.sources:
        try:
            con.execute(f"SELECT bit_xor(hash(t)) FROM {source.relation} AS t").fetchall()
        except duckdb.Error as error:
            return InputError("intake.damaged", file=source.file, problem=str(error).partition("\n")[0])
    return None
