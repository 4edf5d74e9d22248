"""The tables of field work in a folder of samples: rows are only ever added, views give the current state."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from audit.errors import RunError

#: The database of a folder of samples.
SAMPLES_FILE = "samples.sqlite"
#: How long to wait for another who writes, in seconds.
_PATIENCE = 20

TABLES = """
CREATE TABLE IF NOT EXISTS field_question (
    sample_id TEXT NOT NULL, rule_id TEXT NOT NULL, title TEXT NOT NULL, title_en TEXT NOT NULL,
    look TEXT NOT NULL, look_en TEXT NOT NULL, stability_class TEXT NOT NULL,
    PRIMARY KEY (sample_id, rule_id));
CREATE TABLE IF NOT EXISTS field_unit (
    row_key TEXT NOT NULL PRIMARY KEY, sample_id TEXT NOT NULL, unit_id TEXT NOT NULL, role TEXT NOT NULL,
    stratum TEXT NOT NULL, flagged INTEGER NOT NULL, as_of TEXT NOT NULL, UNIQUE (sample_id, unit_id, role));
CREATE TABLE IF NOT EXISTS field_item (
    row_key TEXT NOT NULL PRIMARY KEY, sample_id TEXT NOT NULL, unit_id TEXT NOT NULL, role TEXT NOT NULL,
    place INTEGER NOT NULL, target TEXT NOT NULL, finding_id TEXT NOT NULL, rule_id TEXT NOT NULL,
    message TEXT NOT NULL, message_en TEXT NOT NULL, registry_value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS field_item_unit ON field_item (sample_id, unit_id, role);
CREATE TABLE IF NOT EXISTS import_log (
    import_id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, tool_version TEXT NOT NULL,
    files TEXT NOT NULL, corrected INTEGER NOT NULL, rows_recorded INTEGER NOT NULL, rows_refused INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS visit (
    visit_id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES import_log, row_key TEXT NOT NULL,
    sample_id TEXT NOT NULL, unit_id TEXT NOT NULL, role TEXT NOT NULL, inspector TEXT NOT NULL, blind INTEGER NOT NULL,
    visited_on TEXT NOT NULL, mode TEXT NOT NULL, result TEXT NOT NULL, reason_code TEXT NOT NULL,
    others TEXT NOT NULL, photos TEXT NOT NULL, note TEXT NOT NULL, digest TEXT NOT NULL, source TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS visit_row ON visit (row_key);
CREATE TABLE IF NOT EXISTS visit_item (
    visit_item_id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES import_log, row_key TEXT NOT NULL,
    found_value TEXT NOT NULL, verdict TEXT NOT NULL, photos TEXT NOT NULL, note TEXT NOT NULL, digest TEXT NOT NULL,
    source TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS visit_item_row ON visit_item (row_key);
CREATE VIEW IF NOT EXISTS current_visit AS
    SELECT visit.* FROM visit
    JOIN (SELECT max(visit_id) AS newest FROM visit GROUP BY row_key) ON visit_id = newest;
CREATE VIEW IF NOT EXISTS current_item AS
    SELECT visit_item.* FROM visit_item
    JOIN (SELECT max(visit_item_id) AS newest FROM visit_item GROUP BY row_key) ON visit_item_id = newest;
"""
APPEND_ONLY = ("field_question", "field_unit", "field_item", "import_log", "visit", "visit_item")


def add_field_tables(con: sqlite3.Connection) -> None:
    """Make the tables of field work where they are missing, and forbid changing or deleting a row of them."""
    con.executescript(TABLES)
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            con.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


@contextmanager
def opened_records(samples: Path) -> Iterator[sqlite3.Connection]:
    """Open the records of a folder of samples; each change is begun and ended by ``transaction``.

    Raises:
        RunError: the folder or its database can't be written.
    """
    try:
        samples.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError("field.no_records", folder=samples, problem=error.strerror or "") from error
    try:
        with closing(sqlite3.connect(samples / SAMPLES_FILE, timeout=_PATIENCE, isolation_level=None)) as con:
            con.execute("PRAGMA foreign_keys = ON")
            add_field_tables(con)
            yield con
    except sqlite3.DatabaseError as error:
        raise RunError("field.no_records", folder=samples, problem=str(error)) from error


@contextmanager
def transaction(con: sqlite3.Connection) -> Iterator[None]:
    """Keep all that is written inside, or nothing of it."""
    con.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")
