"""What the disk can do to a night: full, read-only, files that vanish or are damaged. Each ends in a sentence."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.command import apart
from tests.conftest import AS_OF, BARE
from tests.faults.narrow import narrow_night
from tests.faults.registry import small_registry
from tests.policy import shipped

from audit import AuditResult, run_audit
from audit.accepted import Progress
from audit.errors import AuditError, InputError, RunError


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_registry(300, 5, tmp_path_factory.mktemp("data") / "registry", as_of=AS_OF)


@pytest.fixture(scope="module")
def audited_once(data: Path, tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    return run_audit(data, rules=shipped(), as_of=AS_OF, out=tmp_path_factory.mktemp("once"), settings=BARE)


def next_night(
    first: AuditResult,
    data: Path,
    *,
    previous: str | None = None,
    progress: Progress = lambda _step, _what: None,
) -> AuditResult:
    """Audit a registry into the folder of the first night, a day later."""
    return run_audit(
        data,
        as_of=AS_OF + timedelta(days=1),
        year=2024,
        rules=shipped(),
        out=first.folder.parent,
        previous=previous,
        settings=BARE,
        progress=progress,
    )


@pytest.fixture
def first(audited_once: AuditResult, tmp_path: Path) -> AuditResult:
    """The first night, in an output folder of the test's own."""
    out = shutil.copytree(audited_once.folder.parent, tmp_path / "reports", symlinks=True)
    return replace(audited_once, folder=out / audited_once.folder.name)


def nothing_changed(first: AuditResult, before: dict[str, bytes]) -> None:
    out = first.folder.parent
    assert (out / "latest").resolve() == first.folder.resolve()
    assert {path.name for path in out.iterdir()} == {".lock", "latest", first.folder.name}
    assert content(first.folder) == before


def content(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("size", [100, 2_000, 20_000, 60_000])
def test_no_room_for_a_file(first: AuditResult, data: Path, size: int) -> None:
    """Files may not grow beyond a size: the first that would ends the night, whichever it is."""
    before = content(first.folder)
    assert apart(narrow_night, size, str(data), AS_OF + timedelta(days=1), str(first.folder.parent)) == 0
    nothing_changed(first, before)


def test_the_disk_is_full_when_it_is_flushed(first: AuditResult, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(first.folder)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(RunError) as caught:
            next_night(first, data)
    assert "No space left" in caught.value.message("zh")
    nothing_changed(first, before)
    after = next_night(first, data)
    assert after.run.previous == first.run.run_id


def test_an_output_folder_that_cannot_be_written(data: Path) -> None:
    with pytest.raises(RunError) as caught:
        run_audit(data, rules=shipped(), as_of=AS_OF, out=Path("/proc/reports"))
    assert "/proc/reports" in caught.value.message("zh")


def test_an_input_file_that_vanishes(first: AuditResult, data: Path, tmp_path: Path) -> None:
    before = content(first.folder)
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)

    def vanish(step: str, what: str) -> None:
        if step == "contract" and not what:
            (copy / "incomes.parquet").unlink()

    with pytest.raises(AuditError) as caught:
        next_night(first, copy, progress=vanish)
    assert "incomes.parquet" in caught.value.message("zh")
    nothing_changed(first, before)


def test_an_input_file_that_grows_while_it_is_read(first: AuditResult, tmp_path: Path) -> None:
    before = content(first.folder)
    copy = tmp_path / "copy"
    small_registry(300, 5, copy, as_of=AS_OF, form="csv")
    path = copy / "incomes.csv"

    def grow(step: str, what: str) -> None:
        if step == "contract" and not what:
            with path.open("a", encoding="utf-8") as file:
                file.write(path.read_text(encoding="utf-8").splitlines()[-1] + "\n")

    with pytest.raises(InputError) as caught:
        next_night(first, copy, progress=grow)
    assert "incomes.csv" in caught.value.message("zh")
    nothing_changed(first, before)


def damage(path: Path) -> None:
    """Turn bits in the middle of the data pages; the footer stays whole."""
    written = bytearray(path.read_bytes())
    footer = int.from_bytes(written[-8:-4], "little") + 8
    for place in range(4, len(written) - footer, 7):
        written[place] ^= 0xFF
    path.write_bytes(bytes(written))


def test_a_damaged_page_of_an_input_file(first: AuditResult, data: Path, tmp_path: Path) -> None:
    before = content(first.folder)
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    damage(copy / "persons.parquet")
    with pytest.raises(InputError) as caught:
        next_night(first, copy)
    assert "persons.parquet" in caught.value.message("zh")
    nothing_changed(first, before)


@pytest.mark.parametrize("name", ["history.parquet", "trend.parquet"])
def test_a_damaged_page_of_the_last_run(first: AuditResult, data: Path, name: str) -> None:
    damage(first.folder / name)
    before = content(first.folder)
    with pytest.raises(RunError) as caught:
        next_night(first, data)
    assert name in caught.value.message("zh")
    assert "--previous" in caught.value.message("zh")
    nothing_changed(first, before)
    anew = next_night(first, data, previous="none")
    assert (first.folder.parent / "latest").resolve() == anew.folder.resolve()


def test_a_clock_set_back_is_told(first: AuditResult, data: Path) -> None:
    back = run_audit(data, rules=shipped(), as_of=AS_OF - timedelta(days=400), out=first.folder.parent, settings=BARE)
    assert back.run.state == "look_back"
    assert back.look_back_from is not None
    assert back.look_back_from.run_id == first.run.run_id
    assert (first.folder.parent / "latest").resolve() == first.folder.resolve()
