"""A notifying command: no shell, its own time, killed with its children, and its failure harms nobody."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from audit.errors import AuditError
from audit.notify.command import run_command


def script(folder: Path, code: str) -> str:
    path = folder / "tell.py"
    path.write_text(code, encoding="utf-8")
    return f"{sys.executable} {path}"


def alive(number: int) -> bool:
    """Whether a process runs; one that is dead and only waits to be fetched does not."""
    stat = Path(f"/proc/{number}/stat")
    try:
        return stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def test_it_gets_the_summary_and_variables(tmp_path: Path) -> None:
    code = (
        "import json, os, sys\n"
        "got = {'given': json.load(sys.stdin), 'state': os.environ['AUDIT_RUN_STATE'], 'arguments': sys.argv[1:]}\n"
        "open('got.json', 'w').write(json.dumps(got))\n"
    )
    command = script(tmp_path, code) + " 'two words' '$HOME' ';' '*'"
    run_command(command, b'{"a": 1}', {"AUDIT_RUN_STATE": "published"}, tmp_path, 20)
    assert json.loads((tmp_path / "got.json").read_text()) == {
        "given": {"a": 1}, "state": "published", "arguments": ["two words", "$HOME", ";", "*"],
    }  # fmt: skip


def test_one_that_reads_nothing_makes_nobody_wait(tmp_path: Path) -> None:
    run_command("true", b"x" * 10_000_000, {}, tmp_path, 20)


def test_one_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    command = "sh -c 'trap \"\" TERM; sleep 60 & echo $! > child; wait'"
    start = time.monotonic()
    with pytest.raises(AuditError) as raised:
        run_command(command, b"{}", {}, tmp_path, 1)
    assert time.monotonic() - start < 10
    assert raised.value.message("en").startswith("Notification: the command sh was stopped after 1 seconds.")
    # A kill is not awaited for grandchildren: the system needs a moment for it.
    child, end = int((tmp_path / "child").read_text()), time.monotonic() + 10
    while alive(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not alive(child)


def test_one_that_leaves_something_in_the_background_is_done(tmp_path: Path) -> None:
    start = time.monotonic()
    run_command("sh -c 'sleep 3 & exit 0'", b"{}", {}, tmp_path, 20)
    assert time.monotonic() - start < 2.5


def test_one_that_fails_is_told_without_its_arguments(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as raised:
        run_command("sh -c 'exit 7' hunter2", b"{}", {}, tmp_path, 20)
    assert raised.value.message("en").startswith("Notification: the command sh failed with code 7.")
    assert "hunter2" not in raised.value.message("en")


@pytest.mark.parametrize(
    ("command", "problem"),
    [("no-such-program --token hunter2", "No such file"), ("./tell", "Permission denied")],
)
def test_one_that_cannot_be_started(tmp_path: Path, command: str, problem: str) -> None:
    (tmp_path / "tell").write_text("#!/bin/sh\n", encoding="utf-8")
    with pytest.raises(AuditError) as raised:
        run_command(command, b"{}", {}, tmp_path, 20)
    assert raised.value.key == "notification.not_started"
    assert problem in raised.value.message("en")
    assert "hunter2" not in raised.value.message("en")
