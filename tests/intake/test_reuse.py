"""The text of an unchanged sheet is not parsed again; of a changed one, or from a torn entry, it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from tests.conftest import BARE, Write

from audit import AuditResult
from audit.errors import InputError, RunError
from audit.intake import opened
from audit.intake.load import load_rows
from audit.intake.sheets import Row, Sheet
from audit.intake.steady import check_unchanged, see_files

HOMES = [
    {"户编号": f"H{i}", "村代码": "139901101201", "户类型": "脱贫户", "脱贫年度": "2020", "人数": 2} for i in range(5)
]
INCOMES = [{"户编号": f"H{i}", "年度": 2024, "纯收入": 1000 + i} for i in range(5)]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were parsed, in their order."""
    files: list[str] = []

    class Watched(Sheet):
        def rows(self) -> Iterator[Row]:
            files.append(self.file)
            return super().rows()

    monkeypatch.setattr(opened, "Sheet", Watched)
    return files


@pytest.fixture
def night(tmp_path: Path, audited: Callable[..., AuditResult]) -> Callable[[Path], bytes]:
    """One audit with a folder for reuse; gives the findings."""
    nights = iter(range(100))

    def one(data: Path) -> bytes:
        settings = replace(BARE, reuse=tmp_path / "kept", scratch=tmp_path)
        run = audited(data, settings=settings, out=tmp_path / f"night-{next(nights)}")
        return (run.folder / "findings.parquet").read_bytes()

    return one


def entries(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "kept").glob("*.parquet"))


def test_an_unchanged_file_is_not_parsed_again(
    tmp_path: Path, write_registry: Write, night: Callable[[Path], bytes], parsed: list[str],
    audited: Callable[..., AuditResult],
) -> None:  # fmt: skip
    data = write_registry(households=HOMES, incomes=INCOMES)
    plain = audited(data, out=tmp_path / "plain").folder
    parsed.clear()
    first = night(data)
    assert parsed == ["households.csv", "incomes.csv"]
    assert first == (plain / "findings.parquet").read_bytes()
    assert night(data) == first
    assert parsed == ["households.csv", "incomes.csv"]


def test_a_changed_file_is_parsed_again_and_its_old_text_is_removed(
    tmp_path: Path, write_registry: Write, night: Callable[[Path], bytes], parsed: list[str]
) -> None:
    data = write_registry(households=HOMES, incomes=INCOMES)
    first = night(data)
    before = entries(tmp_path)
    parsed.clear()
    write_registry(incomes=[{**row, "纯收入": 9000} for row in INCOMES])
    assert night(data) != first
    assert parsed == ["incomes.csv"]
    after = entries(tmp_path)
    assert len(after) == 2
    assert len(set(before) & set(after)) == 1


def test_the_text_of_a_file_that_is_gone_is_removed(
    tmp_path: Path, write_registry: Write, night: Callable[[Path], bytes]
) -> None:
    data = write_registry(households=HOMES, incomes=INCOMES)
    night(data)
    (data / "incomes.csv").unlink()
    night(data)
    assert len(entries(tmp_path)) == 1


@pytest.mark.parametrize("spoil", [b"", b"PAR1 torn", None])
def test_an_entry_that_was_torn_or_altered_is_read_anew(
    tmp_path: Path, write_registry: Write, night: Callable[[Path], bytes], parsed: list[str], spoil: bytes | None
) -> None:
    data = write_registry(households=HOMES, incomes=INCOMES)
    first = night(data)
    parsed.clear()
    for entry in entries(tmp_path):
        entry.write_bytes(entry.read_bytes()[:-20] + b"x" * 20 if spoil is None else spoil)
    (tmp_path / "kept" / ".half-written.part").write_bytes(b"half")
    assert night(data) == first
    assert parsed == ["households.csv", "incomes.csv"]
    assert len(entries(tmp_path)) == 2
    assert not list((tmp_path / "kept").glob(".*.part"))


def test_another_header_row_is_another_reading(
    tmp_path: Path, write_registry: Write, night: Callable[[Path], bytes], parsed: list[str]
) -> None:
    data = write_registry(households=HOMES)
    night(data)
    parsed.clear()
    (data / "source-map.yaml").write_text(
        "sources:\n  - file: households.csv\n    header_row: 1\n    feeds:\n      - table: households\n",
        encoding="utf-8",
    )
    night(data)
    assert parsed == ["households.csv"]


def test_a_folder_that_others_may_read_is_refused(
    tmp_path: Path, write_registry: Write, night: Callable[[Path], bytes]
) -> None:
    (tmp_path / "kept").mkdir(mode=0o755)
    with pytest.raises(RunError) as error:
        night(write_registry(households=HOMES))
    assert "chmod 700" in error.value.message("en")


def test_the_folder_is_made_private(tmp_path: Path, write_registry: Write, night: Callable[[Path], bytes]) -> None:
    night(write_registry(households=HOMES))
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    assert all(entry.stat().st_mode & 0o777 == 0o600 for entry in entries(tmp_path))


def test_a_file_that_changes_while_it_is_read_is_refused(
    write_registry: Write, audited: Callable[..., AuditResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_registry(households=HOMES, incomes=INCOMES)
    genuine = load_rows

    def grows(
        con: duckdb.DuckDBPyConnection, table: str, places: Sequence[int], rows: Iterator[Row], width: int
    ) -> tuple[int, int]:
        with (data / "households.csv").open("a", encoding="utf-8") as file:
            file.write("H9,139901101201,脱贫户,2020,2\n")
        return genuine(con, table, places, rows, width)

    monkeypatch.setattr(opened, "load_rows", grows)
    with pytest.raises(InputError) as error:
        audited(data)
    assert "households.csv" in error.value.message("en")
    assert "changed while it was read" in error.value.message("en")


def test_a_file_that_was_only_touched_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("one", encoding="utf-8")
    seen = see_files([path])
    path.write_text("one", encoding="utf-8")
    check_unchanged(seen)
    path.write_text("two", encoding="utf-8")
    with pytest.raises(InputError):
        check_unchanged(seen)
    path.unlink()
    with pytest.raises(InputError):
        check_unchanged(seen)
