"""Where the line of runs ends, what it is mended from, and which runs are kept. Runs are written by hand."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from audit.errors import RunError
from audit.runs.line import compared_with, mend_line, prune, read_line
from audit.runs.publish import latest_name, point_latest
from audit.runs.record import read_record
from audit.runs.release import release

NOON = datetime(2025, 1, 9, 12)


def write(
    out: Path, name: str, after: str | None, *, state: str = "published", day: int = 1, finished: int = 0
) -> None:
    (out / name).mkdir(parents=True)
    record = {
        "run_id": name, "as_of": f"2025-01-{day:02}", "finished": f"2025-01-{day:02}T02:00:{finished:02}",
        "state": state, "previous": after, "after": after, "request": f"request of {name}", "shown": {"lang": "zh"},
        "findings": {"high": 1, "medium": 0, "low": 2}, "presence": {"new": 3}, "absent": {"fixed": 1},
        "rules": [{"rule_id": "INC-4", "status": "broken"}, {"rule_id": "INC-5", "status": "evaluated"}],
    }  # fmt: skip
    (out / name / "run.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Three published nights A, B, C, of which the last is the latest."""
    write(tmp_path, "A", None, day=1)
    write(tmp_path, "B", "A", day=2)
    write(tmp_path, "C", "B", day=3)
    point_latest(tmp_path, "C")
    return tmp_path


def test_a_run_as_its_folder_tells_it(out: Path) -> None:
    run = read_record(out / "B")
    assert (run.as_of, run.state, run.previous, run.broken) == (date(2025, 1, 2), "published", "A", ("INC-4",))
    assert (run.findings, run.presence, run.absent) == ({"high": 1, "medium": 0, "low": 2}, {"new": 3}, {"fixed": 1})


def test_what_is_no_run_is_left_alone(out: Path) -> None:
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "old").mkdir()
    (out / "old" / "run.json").write_text('{"run_id": "old"}', encoding="utf-8")
    assert sorted(read_line(out).runs) == ["A", "B", "C"]
    with pytest.raises(RunError, match="old"):
        read_record(out / "old")


def test_the_line_runs_back_from_the_latest(out: Path) -> None:
    write(out, "D", "C", state="held", day=4)
    assert [run.run_id for run in mend_line(out).back_from_latest()] == ["C", "B", "A"]


def test_a_crash_before_latest_moved_is_made_good(out: Path) -> None:
    write(out, "D", "C", day=4)
    assert mend_line(out).latest == read_record(out / "D")
    assert latest_name(out) == "D"


def test_a_lost_latest_is_found_again(out: Path) -> None:
    (out / "latest").unlink()
    assert mend_line(out).latest == read_record(out / "C")
    assert latest_name(out) == "C"


def test_looks_back_and_held_runs_never_become_the_latest(out: Path) -> None:
    write(out, "D", "C", state="held", day=4)
    write(out, "E", "C", state="look_back", day=1)
    assert mend_line(out).latest == read_record(out / "C")


def test_with_what_a_night_is_compared(out: Path) -> None:
    line = read_line(out)
    assert compared_with(line, date(2025, 1, 9), None) == line.runs["C"]
    assert compared_with(line, date(2025, 1, 2), None) == line.runs["B"]
    assert compared_with(line, date(2024, 1, 1), None) is None
    assert compared_with(line, date(2025, 1, 9), "A") == line.runs["A"]
    assert compared_with(line, date(2025, 1, 9), "none") is None
    with pytest.raises(RunError, match="A, B, C"):
        compared_with(line, date(2025, 1, 9), "Z")


def test_old_runs_go_and_what_was_finished_before_them(out: Path) -> None:
    write(out, "B-held", "A", state="held", day=2, finished=1)
    write(out, "D-held", "C", state="held", day=4)
    assert prune(read_line(out), None) == ()
    assert sorted(prune(read_line(out), 1)) == ["A", "B", "B-held"]
    assert sorted(path.name for path in out.iterdir()) == ["C", "D-held", "latest"]


def test_the_latest_never_goes(out: Path) -> None:
    """Also if by the clock it was finished before all others."""
    point_latest(out, "A")
    line = read_line(out)
    assert "A" not in prune(line, 1)
    assert (out / "A").is_dir()
    assert prune(read_line(out), 0) == ()


def test_a_released_run_becomes_the_latest(out: Path) -> None:
    write(out, "D", "C", state="held", day=4)
    run = release(out, "D", because=" 已核实 ", by="王", now=lambda: NOON)
    assert (run.state, latest_name(out)) == ("published", "D")
    assert run.release is not None
    assert (run.release.because, run.release.by, run.release.at) == ("已核实", "王", "2025-01-09T12:00:00")
    with pytest.raises(RunError, match="D"):
        release(out, "D", because="again", by="王", now=lambda: NOON)


def test_what_cannot_be_released(out: Path) -> None:
    write(out, "D", "B", state="held", day=2)
    for run_id, because, told in (("D", "checked", "C"), ("Z", "checked", "Z"), ("A", "checked", "A"), ("D", " ", "D")):
        with pytest.raises(RunError) as caught:
            release(out, run_id, because=because, by="王", now=lambda: NOON)
        assert told in caught.value.message("zh")
    assert latest_name(out) == "C"
