"""Keeps the text of sheets that have been read, so that an unchanged file need not be parsed again the next night.

An entry is a Parquet file with the rows of one sheet as text; its name says of what: a digest of the file's content,
the sheet and everything else that decides how it is read, then a digest of the entry itself. It is written aside and
renamed, so that an entry is whole or not there; one that does not agree with its name is thrown away. Whoever names
a folder for this decides that personal data stay there: it is readable by its owner alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError

#: Another reader may read the same file differently: then nothing kept by this one counts.
READERS = tuple(f"{name} {metadata.version(name)}" for name in ("household-audit", "python-calamine"))
_SUFFIX = ".sheet.parquet"
_BLOCK = 1 << 22


@dataclass(frozen=True)
class KeptSheet:
    """A sheet that need not be parsed.

    Attributes:
        relation: what stands after FROM: ``source_row`` and the columns c1.. as text.
        header: the cells of the header.
        rows: how many rows.
    """

    relation: str
    header: tuple[str, ...]
    rows: int


@dataclass
class SheetStore:
    """The folder of the sheets that have been read.

    Attributes:
        folder: where they are.
        digests: the digest of each file that may be asked for.
        used: names of the entries that this audit has used or made.
    """

    folder: Path
    digests: dict[Path, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def key(self, path: Path, *reading: object) -> str:
        """Of what an entry is: the file's content, and all else that decides how it is read."""
        told = json.dumps([self.digests[path], *READERS, *reading], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()[:40]

    def find(self, con: duckdb.DuckDBPyConnection, key: str) -> KeptSheet | None:
        """The sheet with a key, if it has been kept and is whole."""
        for path in sorted(self.folder.glob(f"{key}-*{_SUFFIX}")):
            if path.name == _name(key, path):
                self.used.add(path.name)
                return _read(con, path)
            path.unlink()
        return None

    def keep(self, con: duckdb.DuckDBPyConnection, key: str, table: str, header: tuple[str, ...]) -> KeptSheet:
        """Keep a table of text; it is dropped from the database and read from the entry from now on.

        Raises:
            RunError: the entry can't be written.
        """
        aside = self.folder / f".{key}.part"
        told = quote(json.dumps(list(header), ensure_ascii=False))
        con.execute(
            f"COPY {table} TO {quote(str(aside))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{header: {told}}})"
        )
        try:
            path = self.folder / _name(key, aside)
            aside.chmod(0o600)
            aside.replace(path)
        except OSError as error:
            raise RunError("scale.reuse_folder", folder=self.folder, problem=error.strerror or "") from error
        con.execute(f"DROP TABLE {table}")
        self.used.add(path.name)
        return _read(con, path)

    def tidy(self) -> None:
        """Remove the entries that this audit has not used: their files are no longer part of the registry."""
        for path in [*self.folder.glob(f"*{_SUFFIX}"), *self.folder.glob(".*.part")]:
            if path.name not in self.used:
                path.unlink(missing_ok=True)


@contextmanager
def sheet_store(folder: Path | None) -> Iterator[SheetStore | None]:
    """Open the folder for as long as one audit reads; None without a folder, or while another audit works with it.

    Raises:
        RunError: the folder can't be used, or others may read what is in it.
    """
    if folder is None:
        yield None
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            raise RunError("scale.reuse_open", folder=folder)
        lock = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise RunError("scale.reuse_folder", folder=folder, problem=error.strerror or "") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        yield None
        return
    try:
        yield SheetStore(folder)
    finally:
        os.close(lock)


def _name(key: str, path: Path) -> str:
    """The name that an entry with this content must have."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return f"{key}-{digest.hexdigest()[:40]}{_SUFFIX}"


def _read(con: duckdb.DuckDBPyConnection, path: Path) -> KeptSheet:
    relation = f"read_parquet({quote(str(path))})"
    found = con.execute(f"SELECT decode(value) FROM parquet_kv_metadata({quote(str(path))}) WHERE key = 'header'")
    header = tuple(json.loads(found.fetchall()[0][0]))
    return KeptSheet(relation, header, int(con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0]))
