"""The log: one line an event, text or JSON, fields that were agreed on and nothing else."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.errors import AuditError, InputError, RulebookError, RunError
from audit.log import RunLog, run_log

NOON = datetime(2024, 12, 31, 12, 0, tzinfo=UTC)


def logged(*, as_json: bool = False, level: str = "info") -> tuple[io.StringIO, RunLog]:
    out = io.StringIO()
    return out, RunLog(out, lambda: NOON, level, as_json)


def test_text() -> None:
    out, log = logged()
    log("published", run_id="r1", seconds=2.5, counts={"high": 1, "low": 0})
    log("step", "warning", step="a b", year=None, folder='x"y')
    assert out.getvalue() == (
        "2024-12-31T12:00:00.000+00:00 INFO    published run_id=r1 seconds=2.5 counts=high:1,low:0\n"
        '2024-12-31T12:00:00.000+00:00 WARNING step step="a b" folder="x\\"y"\n'
    )


def test_json() -> None:
    out, log = logged(as_json=True)
    log("started", as_of="2024-12-31", version="1")
    assert json.loads(out.getvalue()) == {
        "time": "2024-12-31T12:00:00.000+00:00", "level": "info", "event": "started", "as_of": "2024-12-31",
        "version": "1",
    }  # fmt: skip


@pytest.mark.parametrize("as_json", [True, False])
def test_a_name_cannot_look_like_another_line(as_json: bool) -> None:
    out, log = logged(as_json=as_json)
    # A line end, Unicode's line ends, a terminal's escape, and a byte that is no text.
    log("failed", "error", file="a\nb\u2028c\x85d\x1b[2Je\udcff.csv")
    assert len(out.getvalue().splitlines()) == 1
    assert out.getvalue()[:-1].isprintable()
    assert "b\\u2028c\\u0085d\\u001b[2Je\\udcff.csv" in out.getvalue()


def test_the_level() -> None:
    out, log = logged(level="warning")
    log("step", step="rules")
    log("held", "warning")
    assert [line.split()[2] for line in out.getvalue().splitlines()] == ["held"]


def test_a_field_that_was_not_agreed_on_is_refused() -> None:
    _, log = logged()
    with pytest.raises(ValueError, match="no field of the log: name"):
        log("step", name="张三")


def test_a_failure_tells_key_and_place_but_no_values() -> None:
    out, log = logged()
    log.failed(InputError("intake.no_header", file="a.csv", sheet="人员", table="persons", seen="张三"), "intake")
    assert out.getvalue().endswith(
        "ERROR   failed step=intake error=intake.no_header file=a.csv sheet=人员 table=persons\n"
    )


def test_mistakes_are_logged_one_by_one_up_to_a_number() -> None:
    out, log = logged()
    log.failed(RulebookError("rulebook.mistakes", [AuditError("x.y", file="f", line=n, row="张三") for n in range(30)]))
    lines = out.getvalue().splitlines()
    assert len(lines) == 21
    assert lines[0].endswith("failed error=rulebook.mistakes mistakes=30")
    assert lines[20].endswith("failed error=x.y file=f line=19")


def test_lines_are_added_to_the_file_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "audit.log"
    for _ in range(2):
        with run_log(path, lambda: NOON) as log:
            log("started")
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with run_log("-", lambda: NOON) as log:
        log("started")
    assert capsys.readouterr().err.endswith("started\n")
    with run_log(None, lambda: NOON) as log:
        log("started")
    assert capsys.readouterr().err == ""


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunError, match="无法写入"), run_log(tmp_path / "file" / "audit.log", lambda: NOON):
        pass


def test_a_full_disk_is_told_once_and_the_audit_goes_on(tmp_path: Path) -> None:
    warned: list[OSError] = []
    with run_log("/dev/full", lambda: NOON, warn=warned.append) as log:
        log("started")
        log("step", step="rules")
    assert [one.strerror for one in warned] == ["No space left on device"]
