"""An audit within a memory limit: the same bytes with any, a message where it does not suffice."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from audit import run_audit
from audit.database import Settings, database
from audit.errors import RunError
from audit.generate import generate_registry
from tests.conftest import AS_OF
from tests.policy import shipped

HASHES = "SELECT sum(strlen(x)) FROM (SELECT sha256(CAST(i AS VARCHAR)) AS x FROM range({n}) t(i) ORDER BY x)"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    generate_registry(200, 11, folder, as_of=AS_OF)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_memory_threads_and_tables_on_disk_change_no_byte(
    tmp_path: Path, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_audit(registry, rules=shipped(), as_of=AS_OF, out=tmp_path / "whole")
    wanted = bytes_of(whole.folder)
    assert {"findings.parquet", "rates.parquet", "index.html"} <= set(wanted)
    assert len(wanted["findings.parquet"]) > 10_000
    one = run_audit(
        registry, rules=shipped(), as_of=AS_OF, out=tmp_path / "one", settings=Settings(memory="800MB", threads=1)
    )
    assert (one.summary.run_id, bytes_of(one.folder)) == (whole.summary.run_id, wanted)
    # As if each cell took a million bytes: now the tables are kept in a file.
    monkeypatch.setattr("audit.database._CELL", 1_000_000)
    three = run_audit(
        registry, rules=shipped(), as_of=AS_OF, out=tmp_path / "three", settings=Settings(memory="25%", threads=3)
    )
    assert (three.summary.run_id, bytes_of(three.folder)) == (whole.summary.run_id, wanted)


# Of 1 GB the database gets (1,000 - 250) * 0.85 = 637.5 MB, room for 25,500,000 cells of 25 bytes; a part has twice that.
@pytest.mark.parametrize(
    ("copied", "cells", "kept", "parts"),
    [
        (25_500_000, 25_500_000, "memory", 1),
        (25_500_001, 25_500_001, "tables", 1),
        (2 * 25_500_000, 2 * 25_500_000, "tables", 1),
        (2 * 25_500_000 + 1, 2 * 25_500_000 + 1, "tables", 2),
        (19 * 25_500_000, 19 * 25_500_000, "tables", 10),
        # What lies in place takes no room, but the facts made from it do.
        (0, 2 * 25_500_000 + 1, "memory", 2),
    ],
)
def test_tables_that_do_not_fit_into_memory_are_kept_on_disk(
    tmp_path: Path, copied: int, cells: int, kept: str, parts: int
) -> None:
    with database(Settings(memory="1GB", scratch=tmp_path)) as opened:
        opened.con.execute("CREATE TABLE raw_0 AS SELECT 1 AS one")
        assert opened.expect(copied, cells) == parts
        opened.con.execute("CREATE TABLE households AS FROM raw_0")
        found = opened.con.execute("SELECT database_name FROM duckdb_tables() WHERE table_name = 'households'")
        assert found.fetchall() == [(kept,)]
        assert opened.con.execute("FROM households").fetchall() == [(1,)]
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_goes_to_the_scratch_folder(tmp_path: Path) -> None:
    with database(Settings(memory="400MB", threads=1, scratch=tmp_path)) as opened:
        assert opened.con.execute(HASHES.format(n=2_500_000)).fetchall() == [(160_000_000,)]
        spilled = opened.con.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
        assert spilled.startswith(str(tmp_path))


def test_too_little_memory_says_what_to_raise_and_where_the_rest_is(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error, database(Settings(memory="400MB", scratch=tmp_path)) as opened:
        opened.con.execute("SELECT list(sha256(CAST(i AS VARCHAR))) FROM range(5000000) t(i)").fetchall()
    told = error.value.message("en")
    assert "400MB" in told
    assert "--memory" in told
    assert str(tmp_path) in told
    assert list(tmp_path.iterdir()) == []


def test_a_full_scratch_folder_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error, database(Settings(memory="400MB", scratch=tmp_path)) as opened:
        opened.con.execute("SET max_temp_directory_size = '1MB'")
        opened.con.execute(HASHES.format(n=6_000_000)).fetchall()
    told = error.value.message("en")
    assert str(tmp_path) in told
    assert "--scratch" in told


def test_a_full_disk_under_the_reports_is_not_blamed_on_the_scratch_folder(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error, database(Settings(scratch=tmp_path)):
        raise duckdb.IOException('Could not write file "/reports/x.parquet": No space left on device')
    assert "/reports/x.parquet" in error.value.message("en")
    assert str(tmp_path) not in error.value.message("en")


def test_another_failure_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(duckdb.IOException, match="torn"), database(Settings(scratch=tmp_path)):
        raise duckdb.IOException("torn")


def test_want_of_memory_does_not_break_a_rule(tmp_path: Path, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> str:
        return "SELECT list(sha256(CAST(i AS VARCHAR))) FROM range(20000000) t(i)"

    monkeypatch.setattr("audit.engine.run._outcomes", fails)
    with pytest.raises(RunError) as error:
        run_audit(registry, rules=shipped(), as_of=AS_OF, out=tmp_path / "out", settings=Settings(memory="500MB"))
    assert "--memory" in error.value.message("en")
