"""What an earlier tryout saw of the same files is not looked at again, and nothing comes out otherwise for that."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from audit.cli.main import run
from audit.contract import accept
from audit.contract.in_place import Known
from audit.generate import generate_registry
from audit.intake import open_registry
from audit.tried import recall
from audit.tryout import Tryout, try_rules
from tests.conftest import AS_OF, BARE
from tests.policy import few

#: Of households and persons, of households and incomes.
SIZE, INCOME = few("HHD-1"), few("INC-9")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry of Parquet files in which nothing is refused."""
    folder = tmp_path_factory.mktemp("clean")
    generate_registry(100, 5, folder, as_of=AS_OF)
    return folder


@pytest.fixture
def registry(clean: Path, tmp_path: Path) -> Path:
    """A copy of its own, to be changed."""
    return Path(shutil.copytree(clean, tmp_path / "registry"))


def change(registry: Path, table: str, select: str) -> None:
    """Write a table of a registry anew; ``{file}`` in the SELECT is the file as it was."""
    path = registry / f"{table}.parquet"
    old = path.rename(path.with_suffix(".old"))
    duckdb.execute(f"COPY ({select.format(file=old)}) TO '{path}' (FORMAT parquet)")
    old.unlink()


def bytes_of(tried: Tryout) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in tried.folder.iterdir()}


def quarantined(tried: Tryout) -> list[tuple[object, ...]]:
    columns = ('"table"', "source_row", '"column"', "reason")
    return tried.relation("quarantine").select(*columns).order("ALL").fetchall()


def forbid(monkeypatch: pytest.MonkeyPatch, *tables: str) -> None:
    """Fail if the keys of these tables are looked through."""
    look = accept._all_different

    def guarded(con: duckdb.DuckDBPyConnection, key: str, rows: str) -> bool:
        assert not any(rows.startswith(table) for table in tables), rows
        return look(con, key, rows)

    monkeypatch.setattr(accept, "_all_different", guarded)


def test_the_second_tryout_looks_at_nothing_again_and_gives_the_same_bytes(
    tmp_path: Path, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = try_rules(clean, as_of=AS_OF, rules=SIZE, out=tmp_path)
    once = bytes_of(first)
    assert first.recalled == ()
    forbid(monkeypatch, "households", "persons")
    monkeypatch.setattr("audit.contract.in_place._relation", lambda feed: 1 / 0)  # where cells would be read from
    with pytest.raises(ZeroDivisionError):
        try_rules(clean, as_of=AS_OF, rules=SIZE, out=tmp_path / "elsewhere")
    monkeypatch.undo()
    forbid(monkeypatch, "households", "persons")
    second = try_rules(clean, as_of=AS_OF, rules=SIZE, out=tmp_path)
    assert second.recalled == ("households", "persons")
    assert bytes_of(second) == once


def test_a_table_that_was_not_read_before_is_looked_at(
    tmp_path: Path, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_rules(clean, as_of=AS_OF, rules=SIZE, out=tmp_path / "out")
    forbid(monkeypatch, "households")
    tried = try_rules(clean, as_of=AS_OF, rules=INCOME, out=tmp_path / "out")
    assert tried.recalled == ("households",)
    monkeypatch.undo()
    alone = try_rules(clean, as_of=AS_OF, rules=INCOME, out=tmp_path / "alone")
    assert bytes_of(tried) == bytes_of(alone)


def test_a_cell_that_nobody_looked_at_yet_is_not_taken_for_its_own_value(tmp_path: Path, registry: Path) -> None:
    # The phone of the first household has blanks around it; only HHD-3 reads phones.
    phone = "CASE WHEN household_id = min(household_id) OVER () THEN ' ' || phone || ' ' ELSE phone END AS phone"
    change(registry, "households", f"SELECT * REPLACE ({phone}) FROM read_parquet('{{file}}') ORDER BY household_id")
    try_rules(registry, as_of=AS_OF, rules=SIZE, out=tmp_path / "out")
    after = try_rules(registry, as_of=AS_OF, rules=few("HHD-3"), out=tmp_path / "out")
    alone = try_rules(registry, as_of=AS_OF, rules=few("HHD-3"), out=tmp_path / "alone")
    assert after.recalled == ()
    assert bytes_of(after) == bytes_of(alone)


def test_a_file_that_changed_is_looked_at(tmp_path: Path, registry: Path) -> None:
    try_rules(registry, as_of=AS_OF, rules=SIZE, out=tmp_path / "out")
    rows = duckdb.read_parquet(str(registry / "households.parquet")).shape[0]
    change(registry, "households", "FROM read_parquet('{file}') UNION ALL (FROM read_parquet('{file}') LIMIT 1)")
    tried = try_rules(registry, as_of=AS_OF, rules=SIZE, out=tmp_path / "out")
    assert quarantined(tried) == [("households", rows + 1, "household_id", "duplicate_key")]
    # What persons are refused for stands in households too.
    assert tried.recalled == ()


def test_rows_refused_before_are_refused_again(tmp_path: Path, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = "CASE WHEN file_row_number = 2 THEN 'H999999' ELSE household_id END AS household_id"
    rows = f"SELECT * EXCLUDE (file_row_number) REPLACE ({lost}) FROM read_parquet('{{file}}', file_row_number = true)"
    change(registry, "persons", rows)
    first = try_rules(registry, as_of=AS_OF, rules=SIZE, out=tmp_path / "out")
    once = bytes_of(first)
    forbid(monkeypatch, "households")
    second = try_rules(registry, as_of=AS_OF, rules=SIZE, out=tmp_path / "out")
    assert second.recalled == ("households",)
    assert quarantined(second) == [("persons", 3, "household_id", "household_unknown")]
    assert bytes_of(second) == once


def _spoil(record: dict[str, object], **changed: object) -> str:
    return json.dumps({**record, **changed})


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda record: "{",
        lambda record: "[]",
        lambda record: _spoil(record, versions={"audit": "0", "duckdb": "0"}),
        lambda record: _spoil(record, map="0" * 64),
        lambda record: _spoil(record, inputs=[]),
        lambda record: _spoil(record, in_place=None),
        lambda record: _spoil(record, read=7),
    ],
)
def test_what_tells_nothing_certain_is_not_relied_on(
    tmp_path: Path, clean: Path, spoilt: Callable[[dict[str, object]], str]
) -> None:
    tried = try_rules(clean, as_of=AS_OF, rules=SIZE, out=tmp_path)
    with duckdb.connect() as con:
        registry = open_registry(con, clean)
        known = recall(tmp_path, registry)
        assert (set(known.own), set(known.whole)) == ({"households", "persons"}, {"households", "persons"})
        told = tried.folder / "tryout.json"
        told.write_text(spoilt(json.loads(told.read_text(encoding="utf-8"))), encoding="utf-8")
        assert recall(tmp_path, registry) == Known({}, set())
    assert try_rules(clean, as_of=AS_OF, rules=SIZE, out=tmp_path, settings=BARE).recalled == ()


def test_people_are_told(tmp_path: Path, clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["try", str(clean), "--rule", "HHD-1", "--as-of", "2024-12-31", "--out", str(tmp_path)]
    assert run(asked) == 0
    assert "不再重复核对" not in capsys.readouterr().out
    assert run(asked) == 0
    assert "文件与此前试用时完全相同，不再重复核对的表：households, persons" in capsys.readouterr().out
    assert run([*asked, "--lang", "en"]) == 0
    told = "Not looked at again, as these files are those of an earlier tryout: households, persons"
    assert told in " ".join(capsys.readouterr().out.split())
