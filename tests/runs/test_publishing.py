"""A run's folder appears whole or not at all, and its name and its record depend on what went in alone.

That a night killed at any moment publishes all or nothing is tried in ``tests/faults/test_killed.py``; that the same input
gives the same bytes, in ``tests/test_database.py``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import AS_OF, BARE, SAMPLE
from tests.policy import shipped

from audit import AuditResult, run_audit
from audit.errors import RunError
from audit.runs.publish import publish, written_aside


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    return audit(tmp_path_factory.mktemp("earlier"))


def audit(out: Path, year: int = 2024) -> AuditResult:
    return run_audit(SAMPLE, as_of=AS_OF, year=year, rules=shipped(), out=out, settings=BARE)


def test_only_clock_and_seconds_differ_in_the_record(earlier: AuditResult, tmp_path: Path) -> None:
    records = []
    for run in (earlier, audit(tmp_path)):
        record = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
        records.append(
            {key: value for key, value in record.items() if key not in {"started", "finished", "seconds", "memory"}}
        )
    assert records[0] == records[1]


def test_what_changes_the_result_changes_the_name(earlier: AuditResult, tmp_path: Path) -> None:
    shutil.copytree(earlier.folder.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    other = audit(tmp_path, year=2023)
    assert earlier.summary.run_id != other.summary.run_id
    assert (tmp_path / "latest").resolve() == other.folder.resolve()
    assert (tmp_path / earlier.folder.name).is_dir()


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
