"""Keeps what happened to samples in one SQLite file: rows are added, never changed, one transaction an act."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, fields
from typing import Any, ClassVar, Protocol, TypeVar

from audit.errors import RunError
from audit.sampling.layout import Samples

#: One script per version; a script once shipped is never changed, a new table is a new script.
SCHEMA: tuple[str, ...] = (
    """
    CREATE TABLE draw_log (
        draw_id TEXT PRIMARY KEY, sample_id TEXT NOT NULL, act TEXT NOT NULL, frame_sha256 TEXT NOT NULL,
        design_sha256 TEXT NOT NULL, list_sha256 TEXT, tool_version TEXT NOT NULL, actor TEXT NOT NULL,
        at TEXT NOT NULL, discarded_reason TEXT
    ) STRICT;
    CREATE TABLE release (
        draw_id TEXT NOT NULL REFERENCES draw_log, sample_id TEXT NOT NULL, unit_id TEXT NOT NULL,
        stratum TEXT NOT NULL, rank INTEGER NOT NULL, purpose TEXT NOT NULL, stage INTEGER NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (sample_id, unit_id), UNIQUE (sample_id, stratum, rank)
    ) STRICT;
    CREATE TABLE replacement (
        sample_id TEXT NOT NULL, out_unit TEXT NOT NULL, in_unit TEXT, reason_code TEXT NOT NULL,
        evidence_id TEXT NOT NULL, approved_by TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (sample_id, out_unit), UNIQUE (sample_id, in_unit)
    ) STRICT;
    CREATE TABLE second_visit (
        draw_id TEXT NOT NULL REFERENCES draw_log, sample_id TEXT NOT NULL, unit_id TEXT NOT NULL,
        ticket TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (sample_id, unit_id)
    ) STRICT;
    """,
)
#: Seconds to wait for another program that writes.
_PATIENCE = 30


class Row(Protocol):
    """A frozen dataclass whose fields are the columns of a table."""

    table: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


Kind = TypeVar("Kind", bound=Row)


class Store:
    """An open database of samples; made by ``open_store``."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self._con = con

    @contextmanager
    def act(self) -> Iterator[None]:
        """One act: all its rows are added, or none. No other program writes meanwhile."""
        self._con.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._con.execute("ROLLBACK")
            raise
        self._con.execute("COMMIT")

    def add(self, *rows: Row) -> None:
        """Add rows within an act."""
        for row in rows:
            names = ", ".join(field.name for field in fields(row))
            marks = ", ".join("?" for _ in fields(row))
            self._con.execute(f"INSERT INTO {row.table} ({names}) VALUES ({marks})", astuple(row))

    def rows(self, kind: type[Kind], **equal: object) -> tuple[Kind, ...]:
        """All rows of one table in the order in which they were added.

        Args:
            kind: the row's dataclass.
            equal: columns with the value they must have: ``sample_id="..."``.
        """
        names = ", ".join(field.name for field in fields(kind))
        where = " AND ".join(f"{name} = ?" for name in equal) or "true"
        sql = f"SELECT {names} FROM {kind.table} WHERE {where} ORDER BY rowid"
        return tuple(kind(*found) for found in self._con.execute(sql, tuple(equal.values())))


@contextmanager
def open_store(samples: Samples) -> Iterator[Store]:
    """Open the database of a folder of samples; it is made if it is not there yet.

    Raises:
        RunError: it can't be opened, is damaged, was made by a newer version, or another program keeps it busy.
    """
    try:
        samples.root.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(samples.database, timeout=_PATIENCE, isolation_level=None)) as con:
            con.execute("PRAGMA foreign_keys = ON")
            store = Store(con)
            _bring_up_to_date(con, store, samples)
            yield store
    except (sqlite3.OperationalError, sqlite3.DatabaseError, OSError) as error:
        if isinstance(error, sqlite3.IntegrityError):
            raise  # the acts ask before they add: this is a defect of the program
        raise RunError("sampling.store_unusable", file=samples.database, problem=error) from error


def _bring_up_to_date(con: sqlite3.Connection, store: Store, samples: Samples) -> None:
    """Make the tables that a version lacks; what is there is never touched."""
    if _version(con) > len(SCHEMA):
        raise RunError("sampling.store_newer", file=samples.database)
    if _version(con) == len(SCHEMA):
        return
    with store.act():
        for script in SCHEMA[_version(con) :]:  # asked again: another program may have been quicker
            for statement in script.split(";"):
                con.execute(statement)
        for (table,) in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for change in ("UPDATE", "DELETE"):
                con.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'rows are added, never changed'); END"
                )
        con.execute(f"PRAGMA user_version = {len(SCHEMA)}")


def _version(con: sqlite3.Connection) -> int:
    (version,) = con.execute("PRAGMA user_version").fetchone()
    return int(version)
