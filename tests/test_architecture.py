"""The house rules that a program can check: lint, types, imports one way, sizes, and a wheel that works alone."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False, encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy", "src", "data/make_sample.py", "tests/documents.py", "tests/install_browser.py", "tests/benchmarks"),
    ],
    ids=" ".join,
)
def test_checked(command: tuple[str, ...]) -> None:
    done = run(sys.executable, "-m", *command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_go_one_way() -> None:
    done = run(str(Path(sys.executable).parent / "lint-imports"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_are_short_and_have_names_of_the_field() -> None:
    for path in sorted((ROOT / "src").rglob("*.py")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
        assert path.stem not in {"utils", "helpers", "common", "misc", "util", "helper"} or "tables" in path.parts


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|file://|--index-url|--find-links", text)
        entries = [line for line in text.splitlines() if re.match(r"[a-zA-Z0-9]", line)]
        assert len(entries) > 10
        assert text.count("--hash=sha256:") >= len(entries)
        assert all("==" in line for line in entries)


def test_the_wheel_works_outside_the_repository(tmp_path: Path) -> None:
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"))
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    # The libraries of this environment, but the audit itself from the wheel alone.
    venv.create(tmp_path / "venv", with_pip=False)
    (site,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    own = run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel))
    assert own.returncode == 0, own.stderr
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    program = (
        f"import sys; sys.path.append({libraries!r}); import audit; assert {str(site)!r} in audit.__file__; "
        "from audit.cli.main import run; "
        f"sys.exit(run(['run', {str(ROOT / 'data' / 'sample')!r}, '--as-of', '2024-12-31', '--out', 'reports']))"
    )
    done = run(str(tmp_path / "venv" / "bin" / "python"), "-I", "-c", program, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "reports" / "latest" / "index.html").is_file()
