"""Runs the command that a site has chosen for its notifications."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from audit.errors import AuditError


def run_command(command: str, given: bytes, variables: Mapping[str, str], folder: Path, timeout: float) -> None:
    """Run a command without a shell; it and its children are killed when its time is over.

    Args:
        command: program and arguments, quoted as in a shell.
        given: what it reads from standard input.
        variables: what is added to its environment.
        folder: where it is run.
        timeout: how many seconds it has.

    Raises:
        AuditError: it can't be started, fails, or takes too long.
    """
    arguments = shlex.split(command)
    program = Path(arguments[0]).name
    try:
        process = _start(arguments, given, {**os.environ, **variables}, folder)
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise AuditError("notification.not_started", program=program, problem=problem) from error
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise AuditError("notification.too_slow", program=program, seconds=f"{timeout:g}") from error
    finally:
        if process.returncode is None:
            # It began a process group of its own: its children go with it.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code:
        raise AuditError("notification.command_failed", program=program, code=code)


def _start(arguments: list[str], given: bytes, environment: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """Start a command that reads from a file and whose words go nowhere: no pipe, so nobody waits for anybody."""
    with tempfile.TemporaryFile() as summary:
        summary.write(given)
        summary.seek(0)
        return subprocess.Popen(
            arguments,
            stdin=summary,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
