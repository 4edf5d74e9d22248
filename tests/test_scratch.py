"""The scratch folder: private, gone afterwards, and gone also after an audit that was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audit.errors import RunError
from audit.scratch import PREFIX, scratch_folder, scratch_parent

#: Makes a scratch folder, says so, and is then killed without warning.
KILLED = """
import os, signal, sys
from pathlib import Path
from audit.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "persons").write_text("personal")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_folder_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        assert folder.parent == tmp_path
        assert folder.name.startswith(PREFIX)
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(tmp_path.iterdir()) == []


def test_it_is_gone_also_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="half-way"), scratch_folder(tmp_path):
        raise ValueError("half-way")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_audit_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert done.returncode == -9
    (left,) = tmp_path.iterdir()
    assert (left / "persons").read_text() == "personal"
    with scratch_folder(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]


def test_the_folder_of_an_audit_that_runs_is_left_alone(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as first:
        (first / "kept").write_text("rows")
        with scratch_folder(tmp_path) as second:
            assert second != first
        assert (first / "kept").read_text() == "rows"


def test_folders_that_are_none_of_the_audits_are_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f"{PREFIX}of-somebody"
    other.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "lock").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "elsewhere")
    with scratch_folder(tmp_path):
        assert other.is_dir()
        assert (tmp_path / "elsewhere" / "lock").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error, scratch_folder(tmp_path / "nowhere"):
        pass
    assert str(tmp_path / "nowhere") in error.value.message("en")


def test_the_systems_folder_for_large_files_is_taken_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    assert scratch_parent(None) == Path("/var/tmp")
    assert scratch_parent(Path("/data")) == Path("/data")
    monkeypatch.setenv("TMPDIR", "/roomy")
    monkeypatch.setattr("tempfile.tempdir", "/roomy")
    assert scratch_parent(None) == Path("/roomy")
