"""One audit at a time per output folder, whoever crashes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from audit.errors import RunError
from audit.runs.lock import locked

NIGHT = datetime(2024, 12, 31, 2, 0, 5)
HOLD = (
    "import sys, time; from datetime import datetime; from pathlib import Path; from audit.runs.lock import locked\n"
    "with locked(Path(sys.argv[1]), lambda: datetime(2024, 12, 31, 2)):\n"
    "    print('held', flush=True); time.sleep(60)\n"
)


def holder(out: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(out)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as told:
        assert told.readline() == "held\n"
    return process


def test_the_second_is_told_who_holds_it_and_since_when(tmp_path: Path) -> None:
    first = holder(tmp_path)
    try:
        with pytest.raises(RunError) as caught, locked(tmp_path, lambda: NIGHT):
            pass
        told = caught.value.message("zh")
        assert str(first.pid) in told
        assert "2024-12-31T02:00:00" in told
        assert os.uname().nodename in told
    finally:
        first.kill()
        first.wait()


def test_a_crashed_holder_holds_nothing(tmp_path: Path) -> None:
    first = holder(tmp_path)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    with locked(tmp_path, lambda: NIGHT):
        assert '"since": "2024-12-31T02:00:05"' in (tmp_path / ".lock-holder.json").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock"]


def test_another_folder_is_not_held(tmp_path: Path) -> None:
    with locked(tmp_path / "a", lambda: NIGHT), locked(tmp_path / "b", lambda: NIGHT):
        assert (tmp_path / "b" / ".lock").exists()


def test_a_folder_that_cannot_be_made() -> None:
    with pytest.raises(RunError) as caught, locked(Path("/proc/reports"), lambda: NIGHT):
        pass
    assert "/proc/reports" in caught.value.message("zh")
