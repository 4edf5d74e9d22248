"""``audit sample`` from plan to explanation, as an inspector types it; mistakes are told in a sentence."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from tests.conftest import ROOT

from audit import AuditResult
from audit.cli.main import COMMANDS as TOP
from audit.cli.main import run
from audit.cli.sample import COMMANDS
from audit.language import LANGUAGES

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def places(sample_run: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    samples = tmp_path_factory.mktemp("samples")
    return ["--out", str(sample_run.folder.parent), "--samples", str(samples), "--lang", "en"]


def told(capsys: Capture, *arguments: str, code: int = 0) -> str:
    assert run(["sample", *arguments]) == code
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return out if code != 2 else err


def test_from_frame_to_explanation(capsys: Capture, places: list[str]) -> None:
    frame = json.loads(told(capsys, "frame", "--json", *places))
    assert frame["n_units"] == 42
    frame_id = frame["frame_id"]
    planned = told(capsys, "plan", "--frame", frame_id, "--tolerable", "20%", *places)
    assert "of 42 households" in planned
    drawn = json.loads(
        told(capsys, "draw", frame_id, "--n", "12", "--strata", "township", "--seed", "2025-01", "--by", "Li", "--json",
             *places)
    )  # fmt: skip
    sample = drawn["sample_id"]
    assert (drawn["seed"], drawn["drawn_by"], drawn["frame_sha256"]) == ("2025-01", "Li", frame["content_sha256"])
    assert sample in told(capsys, "list", *places)
    visited = json.loads(told(capsys, "list", sample, "--json", *places))
    assert len(visited) == 12
    first = visited[0]["unit"]["unit_id"]
    assert "is in the sample" in told(capsys, "explain", sample, first, *places)
    assert "not in the frame" in told(capsys, "explain", sample, "nobody", *places)
    assert "released" in told(
        capsys, "replace", sample, first, "--reason", "merged", "--evidence", "n1", "--approved-by", "Z", *places
    )
    assert "merged into another" in told(capsys, "list", sample, *places)
    assert "2 more households" in told(capsys, "extend", sample, "--n", "2", *places)
    assert "3 households" in told(capsys, "second-visits", sample, "--n", "3", *places)
    assert "All is the same" in told(capsys, "verify", sample, *places)
    assert all(one["same"] for one in json.loads(told(capsys, "verify", sample, "--json", *places)))
    assert "no second stage" in told(capsys, "second-stage", sample, *places, code=2)
    assert "stays in the log" in told(capsys, "discard", sample, "--because", "a try", *places)
    assert "discarded: a try" in told(capsys, "list", *places)


def test_the_walk_of_readme(capsys: Capture, sample_run: AuditResult, tmp_path: Path) -> None:
    walk = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- walk -->")[2].partition("<!-- /walk -->")[0]
    commands = [shlex.split(line)[1:] for line in walk.splitlines() if line.startswith("audit ")]
    assert [one[1] for one in commands] == [
        "data/sample", "frame", "plan", "draw", "list", "replace", "extend", "second-visits", "verify", "explain",
    ]  # fmt: skip
    places = ["--out", str(sample_run.folder.parent), "--samples", str(tmp_path)]
    ids: dict[str, str] = {}
    for command in commands[1:]:  # the run itself is made for all tests
        out = told(capsys, *(ids.get(word, word) for word in command[1:]), *places)
        if command[1] == "frame":
            ids["FRAME"] = next((tmp_path / "frames").iterdir()).name
        if command[1] == "draw":
            ids["SAMPLE"] = next((tmp_path / "draws").iterdir()).name
            visited = json.loads(told(capsys, "list", ids["SAMPLE"], "--json", *places))
            ids["HOUSEHOLD"] = visited[0]["unit"]["unit_id"]
        assert out


def test_a_two_stage_plan_is_drawn(capsys: Capture, places: list[str]) -> None:
    frame = json.loads(told(capsys, "frame", "--population", "unflagged", "--json", *places))
    options = ("--aim", "two_stage", "--tolerable", "10%", "--seed", "s", "--json")
    drawn = json.loads(told(capsys, "draw", frame["frame_id"], *options, *places))
    sample = drawn["sample_id"]
    before = len(json.loads(told(capsys, "list", sample, "--json", *places)))
    told(capsys, "second-stage", sample, *places)
    assert len(json.loads(told(capsys, "list", sample, "--json", *places))) == 2 * before


def test_a_tampered_list_ends_with_1(capsys: Capture, places: list[str]) -> None:
    frame = json.loads(told(capsys, "frame", "--rule", "INC-3", "--json", *places))
    drawn = json.loads(told(capsys, "draw", frame["frame_id"], "--n", "3", "--seed", "s", "--json", *places))
    design = Path(places[3]) / "draws" / drawn["sample_id"] / "design.json"
    design.write_text(design.read_text(encoding="utf-8").replace('"seed": "s"', '"seed": "t"'), encoding="utf-8")
    assert "DIFFERS" in told(capsys, "verify", drawn["sample_id"], *places, code=1)


def test_prices_of_recall(capsys: Capture) -> None:
    out = told(capsys, "plan", "--population", "9600", "--real-flagged", "320", "--json")
    prices = json.loads(out)["recall_prices"]
    assert {one["recall"]: one["visits"] for one in prices}["0.9"] == 766
    assert "766" in told(capsys, "plan", "--population", "9600", "--real-flagged", "320", "--lang", "zh")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("plan", "--tolerable", "5%"), "--population"),
        (("plan", "--population", "100"), "--tolerable"),
        (("plan", "--population", "100", "--tolerable", "5 percent"), "5 percent"),
        (("plan", "--population", "100", "--tolerable", "5%", "--expected", "6%"), "6%"),
        (("plan", "--population", "100", "--aim", "margin"), "--margin"),
        (("frame", "--run", "nowhere"), "nowhere"),
        (("frame", "--rule", "INC-44"), "INC-4"),
        (("draw", "abc", "--n", "5", "--seed", "s"), "abc"),
        (("verify", "abc"), "abc"),
        (("explain", "abc", "x"), "abc"),
        (("list", "abc"), "abc"),
    ],
)
def test_mistakes(capsys: Capture, places: list[str], arguments: tuple[str, ...], names: str) -> None:
    assert names in told(capsys, *arguments, *places, code=2)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--seed", "s"), "--n"),
        (("--n", "5"), "--seed"),
        (("--n", "50", "--seed", "s"), "42"),
        (("--n", "5", "--seed", "s", "--strata", "twnship"), "township"),
        (("--n", "5", "--seed", "s", "--cost", "near"), "--cost near"),
        (("--n", "5", "--seed", "s", "--cost", "all=far"), "all=far"),
        (("--n", "5", "--seed", "s", "--take-all", "al"), "all"),
        (("--n", "12", "--seed", "s", "--strata", "village", "--min", "4"), "--min"),
    ],
)
def test_mistakes_of_a_draw(capsys: Capture, places: list[str], options: tuple[str, ...], names: str) -> None:
    frame = json.loads(told(capsys, "frame", "--json", *places))
    assert names in told(capsys, "draw", frame["frame_id"], *options, *places, code=2)


def test_help_of_every_command(capsys: Capture) -> None:
    assert "sample" in TOP
    for lang in LANGUAGES:
        for command in COMMANDS:
            out = told(capsys, command, "--help", "--lang", lang)
            assert "audit sample" in out
        assert all(command in told(capsys, "--help", "--lang", lang) for command in COMMANDS)
