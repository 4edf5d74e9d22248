"""From one frame to the next: who stayed, moved, left or entered, and why; and whom of a sample that concerns."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from audit.cli.main import run
from audit.errors import RunError
from audit.sampling.draw.acts import discard
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.frame import Frame, build_frame
from audit.sampling.frame.build import Definition
from audit.sampling.frame.compare import Change, compared, counted, moved, of_units
from audit.sampling.layout import Samples
from tests.sampling.conftest import NO_RESERVE, NOW
from tests.sampling.runs import VILLAGE, Finding, Made, home, lay

FIRST, SECOND = "2024-12-31-first", "2024-12-31-second"
FAR = "139903102002"
#: Household 1 keeps its finding, 2 gets a rarer one, 3 is put right, 4 is deregistered, 5 is in no registry any more,
#: 6 keeps a finding of another rule alone, 7 is newly flagged, 8 was not registered, 9 is new in the registry, 10 had a
#: finding of a rule that is not evaluated any more; 11 lies elsewhere.
BEFORE: list[Finding] = [
    ("a1", home(1), "INC-1"), ("a2", home(2), "INC-1"), ("a3", home(3), "INC-1"), ("a4", home(4), "INC-1"),
    ("a5", home(5), "INC-1"), ("a6", home(6), "INC-1"), ("b6", home(6), "HHD-1"), ("c10", home(10), "PW-5"),
    ("a11", home(11, FAR), "INC-1"),
]  # fmt: skip
AFTER: list[Finding] = [
    ("a1", home(1), "INC-1"), ("a2", home(2), "INC-1"), ("d2", home(2), "INC-4"), ("b6", home(6), "HHD-1"),
    ("a7", home(7), "INC-1"), ("a8", home(8), "INC-1"), ("a9", home(9), "INC-1"), ("a11", home(11, FAR), "INC-1"),
]  # fmt: skip
RULES = ("INC-1", "INC-4", "PW-5")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    evaluated = dict.fromkeys((*RULES, "HHD-1"), "evaluated")
    there = [home(number) for number in (1, 2, 3, 6, 7, 10)] + [home(11, FAR)]
    before = Made(FIRST, [*there, home(4), home(5)], BEFORE, [home(8)], evaluated)
    after = Made(SECOND, [*there, home(8), home(9)], AFTER, [home(4)], {**evaluated, "PW-5": "not_evaluated"})
    lay(tmp_path / "reports", before)
    lay(tmp_path / "reports", after)
    return tmp_path / "reports"


def frames(samples: Samples, out: Path, definition: Definition, later: Definition | None = None) -> tuple[Frame, Frame]:
    asked = ((FIRST, definition), (SECOND, later or definition))
    one, other = (build_frame(samples, out, each, now=NOW, run=run_id) for run_id, each in asked)
    return one, other


def changes(one: Frame, other: Frame, out: Path) -> dict[str, tuple[str, ...]]:
    """What became of every household, by the number that its id ends with."""
    units = [home(number) for number in range(1, 11)] + [home(11, FAR)]
    with compared(one, other, out) as con:
        found: tuple[Change, ...] = of_units(con, units)
    return {one.unit_id[-2:].lstrip("0"): (one.change, one.reason, *one.moved) for one in found}


def test_reasons_of_flagged_households(samples: Samples, out: Path) -> None:
    one, other = frames(samples, out, Definition("flagged", rules=RULES))
    assert changes(one, other, out) == {
        "1": ("stayed", ""),
        "2": ("moved", "", "rule"),
        "3": ("left", "no_longer_flagged"),
        "4": ("left", "deregistered"),
        "5": ("left", "not_in_registry"),
        "6": ("left", "other_rules"),
        "7": ("entered", "newly_flagged"),
        "8": ("entered", "deregistered"),
        "9": ("entered", "not_in_registry"),
        "10": ("left", "not_evaluated"),
        "11": ("stayed", ""),
    }
    with compared(one, other, out) as con:
        assert {(each.change, each.reason): each.units for each in counted(con)}[("stayed", "")] == 2
        assert sum(each.units for each in counted(con)) == 11
        assert moved(con) == {"rule": 1}


def test_reasons_the_other_way_round(samples: Samples, out: Path) -> None:
    later, earlier = frames(samples, out, Definition("flagged", rules=RULES))
    found = changes(earlier, later, out)
    assert {unit: found[unit] for unit in ("3", "6", "7", "10")} == {
        "3": ("entered", "newly_flagged"),
        "6": ("entered", "other_rules"),
        "7": ("left", "no_longer_flagged"),
        "10": ("entered", "not_evaluated"),
    }


def test_reasons_of_unflagged_households(samples: Samples, out: Path) -> None:
    one, other = frames(samples, out, Definition("unflagged"))
    # Household 10 is unflagged only because its rule was not evaluated; 3 was put right; 7 was unflagged before.
    assert changes(one, other, out) == {
        "3": ("entered", "no_longer_flagged"),
        "7": ("left", "newly_flagged"),
        "10": ("entered", "not_evaluated"),
    }


def test_areas_that_differ(samples: Samples, out: Path) -> None:
    narrow = Definition("flagged", areas=(VILLAGE,))
    one, other = frames(samples, out, Definition("flagged"), narrow)
    assert changes(one, other, out)["11"] == ("left", "outside_areas")
    assert changes(other, one, out)["11"] == ("entered", "outside_areas")


def test_without_the_run_its_reasons_are_not_known(samples: Samples, out: Path) -> None:
    one, other = frames(samples, out, Definition("flagged"))
    shutil.rmtree(out / SECOND)
    found = changes(one, other, out)
    assert (found["3"], found["7"]) == (("left", "unknown"), ("entered", "newly_flagged"))


def test_without_the_keys_of_the_registry(samples: Samples, out: Path) -> None:
    one, other = frames(samples, out, Definition("flagged"))
    (out / SECOND / "keys.parquet").unlink()
    assert {changes(one, other, out)[unit] for unit in ("4", "5")} == {("left", "not_registered")}


def test_disagreements(samples: Samples, out: Path) -> None:
    one = build_frame(samples, out, Definition("disagreement"), now=NOW, run=SECOND, against=FIRST)
    narrow = Definition("disagreement", rules=("INC-4",))
    other = build_frame(samples, out, narrow, now=NOW, run=SECOND, against=FIRST)
    found = changes(one, other, out)
    assert (found["2"], found["7"]) == (("stayed", ""), ("left", "rules_left_out"))
    lay(out, Made("2024-12-31-third", [home(1), home(2), home(7)], [*BEFORE, ("a7", home(7), "INC-1")]))
    third = build_frame(samples, out, Definition("disagreement"), now=NOW, run="2024-12-31-third", against=FIRST)
    assert changes(one, third, out)["2"] == ("left", "agree")
    assert changes(third, one, out)["2"] == ("entered", "disagree")


def test_two_populations(samples: Samples, out: Path) -> None:
    one, other = frames(samples, out, Definition("flagged"), Definition("unflagged"))
    with pytest.raises(RunError) as caught, compared(one, other, out):
        pass
    assert caught.value.key == "sampling.two_populations"


def test_the_command(samples: Samples, out: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one, other = frames(samples, out, Definition("flagged", rules=RULES))
    wish = Wish(n=one.n_units, seed="s", reserve=NO_RESERVE)
    sample = draw(samples, one, wish, actor="tester", now=NOW)
    thrown = draw(samples, one, Wish(n=2, seed="t", reserve=NO_RESERVE), actor="tester", now=NOW)
    discard(samples, thrown.sample_id, because="a try", actor="tester", now=NOW)
    place = ["--out", str(out), "--samples", str(samples.root)]
    command = ["sample", "compare", one.frame_id, other.frame_id, *place]
    table, sheet = tmp_path / "changes.parquet", tmp_path / "changes.csv"
    assert run([*command, "--to", str(table), "--lang", "en"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "left deregistered" not in told
    assert "left no longer registered 1" in told
    assert "stayed, in another stratum 1" in told
    # Eight were flagged by these rules: 3, 4, 5, 6 and 10 have left, 2 has another rule.
    assert f"Sample {sample.sample_id}: of 8 households to visit, 5 are not in the later frame, 1 differ" in told
    assert f"{home(3)} left no longer flagged" in told
    assert thrown.sample_id not in told
    assert run([*command, "--to", str(sheet)]) == 0
    assert "离开" in capsys.readouterr().out
    rows = duckdb.execute(f"SELECT unit_id, change, reason, moved, rule_before, rule_after, samples FROM '{table}'")
    found = {row[0]: row[1:] for row in rows.fetchall()}
    assert found[home(2)] == ("moved", "", "rule", "INC-1", "INC-4", sample.sample_id)
    assert found[home(7)] == ("entered", "newly_flagged", "", None, "INC-1", "")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        written = {row["unit_id"]: row for row in csv.DictReader(file)}
    assert written.keys() == found.keys()
    assert (written[home(3)]["change"], written[home(3)]["reason"]) == ("left", "no_longer_flagged")
    assert run([*command, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    (of_sample,) = content["samples"]
    assert (of_sample["visits"], len(of_sample["changes"])) == (8, 6)
    assert run([*command[:2], "nothing", *command[3:]]) == 2
    assert "nothing" in capsys.readouterr().err


def test_a_cell_that_a_spreadsheet_would_compute(samples: Samples, out: Path, tmp_path: Path) -> None:
    village = {home(1)[:12]: "=1+1", FAR: "远"}
    one, other = frames(samples, out, Definition("flagged"), Definition("flagged", distances=village))
    sheet = tmp_path / "changes.csv"
    place = ["--out", str(out), "--samples", str(samples.root)]
    assert run(["sample", "compare", one.frame_id, other.frame_id, "--to", str(sheet), *place]) == 0
    assert "'=1+1" in sheet.read_text(encoding="utf-8-sig")
    assert ",=1+1" not in sheet.read_text(encoding="utf-8-sig")
