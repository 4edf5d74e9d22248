"""The records: only ever added to, all or nothing, whatever happens half-way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from audit.sampling.field.record import Act, record_files
from audit.sampling.field.records import APPEND_ONLY
from tests.conftest import ROOT
from tests.sampling.field.conftest import Field
from tests.sampling.field.made_up import FLAGGED, NOW, OTHER, record
from tests.sampling.field.test_record import outcomes, rows_in

KILLED = """
import os, sys
from datetime import datetime, UTC
from pathlib import Path
from audit.sampling.field.record import Act, record_files
reached = []
def stop(point):
    reached.append(point)
    if reached.count("row") == 3 or point == "written" and sys.argv[3] == "written":
        os.kill(os.getpid(), 9)
record_files(Path(sys.argv[1]), [Path(sys.argv[2])], Act("x", datetime(2025, 3, 31, tzinfo=UTC), apply=True, reached=stop))
"""


@pytest.mark.parametrize("point", ["row", "written"])
def test_killed_half_way_nothing_is_recorded_and_again_all_of_it(field: Field, point: str) -> None:
    book = field.east()
    book.done(FLAGGED)
    book.done(OTHER)
    path = book.save()
    before = rows_in(field)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", KILLED, field.samples, path, point], env=environment, check=False)
    assert done.returncode == -9
    assert rows_in(field) == before
    assert outcomes(field) == {}
    record(field.samples, path)
    assert len(outcomes(field)) == 2
    after = rows_in(field)
    assert (after["import_log"], after["visit"], after["visit_item"]) == (1, 2, 3)


def test_an_error_half_way_rolls_back(field: Field) -> None:
    book = field.east()
    book.done(FLAGGED)
    before = rows_in(field)

    def stop(point: str) -> None:
        if point == "row":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record_files(field.samples, [book.save()], Act("x", NOW, apply=True, reached=stop))
    assert rows_in(field) == before


def test_rows_are_never_changed_or_deleted(field: Field) -> None:
    book = field.east()
    book.done(FLAGGED)
    record(field.samples, book.save())
    with closing(sqlite3.connect(field.samples / "samples.sqlite")) as con:
        for table in APPEND_ONLY:
            (column, *_) = [row[1] for row in con.execute(f"PRAGMA table_info({table})")]
            for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
                with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                    con.execute(statement)


def test_the_log_says_who_when_and_from_what(field: Field) -> None:
    book = field.east()
    book.done(OTHER)
    record(field.samples, book.save())
    with closing(sqlite3.connect(field.samples / "samples.sqlite")) as con:
        (log,) = con.execute(
            "SELECT at, actor, corrected, rows_recorded, rows_refused, files FROM import_log"
        ).fetchall()
        (source,) = con.execute("SELECT source FROM visit").fetchone()
    assert log[:5] == ("2025-03-31T09:00:00+00:00", "李录入", 0, 2, 0)
    assert field.path.name in log[5]
    assert source == f"{field.path.name} [走访登记] 4"


def test_damaged_records_are_told(field: Field) -> None:
    (field.samples / "samples.sqlite").write_bytes(b"not a database at all, but long enough to be read" * 50)
    with pytest.raises(Exception, match="不能写"):
        record(field.samples, field.path)
