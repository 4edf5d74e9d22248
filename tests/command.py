"""Runs the command ``audit`` in a process of its own, as a person would, without importing all of it each time.

A server process imports the libraries once and forks for each command: a process with its own folder, environment,
output and exit code, as if it had been started anew. That starting anew works is tried by ``tests/cli/test_cli.py``.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What takes longest to import; only modules that start no thread of their own.
PRELOADED = [
    "audit.cli.main",
    "audit.cli.run",
    "audit.night",
    "audit.rehearsal",
    "audit.gate.expect",
    "tests.command",
    "tests.preloaded",
    "tests.sampling.crash",
]


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int | None
    stdout: str
    stderr: str


def audit(*arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> Done:
    """Run ``audit`` with these arguments, and with more environment than the tests' own.

    A process that was killed has the number of the signal, below zero, for an exit code.
    """
    return _done(_command, arguments, cwd, {**os.environ, **(env or {})})


def python(code: str, cwd: Path = ROOT) -> Done:
    """Run a piece of Python."""
    return _done(_python, code, cwd, dict(os.environ))


def _done(be: Callable[..., None], what: object, cwd: Path, env: Mapping[str, str]) -> Done:
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        code = apart(be, what, str(cwd), env, str(out), str(err))
        return Done(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def apart(function: Callable[..., None], *arguments: object) -> int | None:
    """Call a function of a module in a process of its own; gives the exit code."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=function, args=arguments)
    process.start()
    process.join()
    return process.exitcode


def _command(arguments: tuple[str, ...], cwd: str, env: Mapping[str, str], out: str, err: str) -> None:
    """Be the command: in the child."""
    from audit.cli.main import main

    _be_started(cwd, env, out, err)
    sys.argv = ["audit", *arguments]
    main()


def _python(code: str, cwd: str, env: Mapping[str, str], out: str, err: str) -> None:
    """Be a program of its own: in the child."""
    _be_started(cwd, env, out, err)
    exec(compile(code, "<code>", "exec"), {"__name__": "__main__"})
    sys.stdout.flush()


def _be_started(cwd: str, env: Mapping[str, str], out: str, err: str) -> None:
    """Have a folder, an environment and an output of one's own."""
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, stream.fileno())
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
