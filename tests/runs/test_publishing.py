"""A run's folder appears whole or not at all, and the same input gives the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import AS_OF, BARE, SAMPLE

from audit import AuditResult, Settings, run_audit
from audit.errors import RunError
from audit.generate import generate_registry
from audit.runs.publish import publish, written_aside


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    generate_registry(200, 7, tmp_path / "registry", as_of=AS_OF)
    runs = [
        run_audit(tmp_path / "registry", as_of=AS_OF, out=tmp_path / name, settings=Settings(threads=threads))
        for name, threads in (("a", 1), ("b", 2))
    ]
    assert len({run.summary.run_id for run in runs}) == 1
    first, second = [bytes_of(run.folder) for run in runs]
    assert {"findings.parquet", "rates.parquet", "index.html"} <= set(first)
    assert second == first


def test_only_clock_and_seconds_differ_in_the_record(tmp_path: Path) -> None:
    records = []
    for name in ("a", "b"):
        run = run_audit(SAMPLE, as_of=AS_OF, out=tmp_path / name, settings=BARE)
        record = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
        records.append(
            {key: value for key, value in record.items() if key not in {"started", "finished", "seconds", "memory"}}
        )
    assert records[0] == records[1]


def test_what_changes_the_result_changes_the_name(tmp_path: Path) -> None:
    one = run_audit(SAMPLE, as_of=AS_OF, out=tmp_path, settings=BARE)
    other = run_audit(SAMPLE, as_of=AS_OF, year=2023, out=tmp_path, settings=BARE)
    assert one.summary.run_id != other.summary.run_id
    assert (tmp_path / "latest").resolve() == other.folder.resolve()
    assert one.folder.is_dir()


def test_nothing_is_left_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="half-way"), written_aside(tmp_path) as folder:
        (folder / "findings.parquet").write_bytes(b"half")
        raise ValueError("half-way")
    assert list(tmp_path.iterdir()) == []


def test_left_overs_of_a_killed_audit_are_removed(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left_over = tmp_path / f".unfinished-{dead.pid}"
    left_over.mkdir()
    (left_over / "findings.parquet").write_bytes(b"half")
    with written_aside(tmp_path) as folder:
        (folder / "run.json").write_text("{}", encoding="utf-8")
        publish(folder, tmp_path, "2024-12-31-abc")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2024-12-31-abc", "latest"]


def test_an_output_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way", encoding="utf-8")
    with pytest.raises(RunError) as caught:
        run_audit(SAMPLE, as_of=AS_OF, out=tmp_path / "reports")
    assert "reports" in caught.value.message("zh")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    return run_audit(SAMPLE, as_of=AS_OF, year=2023, out=tmp_path_factory.mktemp("before"))


@pytest.mark.parametrize("seconds", [0.6, 1.2, 1.8, 2.2, 2.6])
def test_a_killed_audit_publishes_nothing_or_all(before: AuditResult, tmp_path: Path, seconds: float) -> None:
    shutil.copytree(before.folder.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    command = [sys.executable, "-m", "audit", "run", str(SAMPLE), "--as-of", "2024-12-31", "--out", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    whole = {
        "findings.parquet",
        "rates.parquet",
        "cooccurrence.parquet",
        "households.parquet",
        "quarantine.parquet",
        "cell_faults.parquet",
        "absent.parquet",
        "run.json",
        "index.html",
    }
    for folder in tmp_path.glob("2024-*"):
        assert whole <= {path.name for path in folder.iterdir()}
    assert (tmp_path / "latest" / "run.json").is_file()
    assert (tmp_path / before.folder.name).is_dir()
    after = run_audit(SAMPLE, as_of=AS_OF, out=tmp_path, settings=BARE)
    assert (tmp_path / "latest").resolve() == after.folder.resolve()
    assert list(tmp_path.glob(".unfinished-*")) == []
