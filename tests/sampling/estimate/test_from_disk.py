"""From a draw over sheets, filled in and recorded, to estimates: all through files and commands, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audit.cli.main import run
from tests.sampling.field.made_up import Book
from tests.sampling.runs import Finding, Made, home, lay, lay_rehearsal

NEW, OLD = "2024-12-31-new", "2024-12-31-old"
RULES = ("INC-1", "INC-2", "INC-3", "INC-4", "INC-5", "INC-6", "INC-7", "HHD-1")
A, B, C, D, E, F = (home(number) for number in range(1, 7))
#: 8 findings of A, 2 each of B, C and D, 1 each of E and F: 16 in all.
SIZES = {A: 8, B: 2, C: 2, D: 2, E: 1, F: 1}
FINDINGS: list[Finding] = [(f"{unit[-1]}-{rule}", unit, rule) for unit, size in SIZES.items() for rule in RULES[:size]]
#: With this seed the order of the draw is A (for certain), B, E, C, D, F, by either method.
SEED = "seed 30"
TRUE, WRONG, OPEN = "属实", "不属实", "无法判断"


@dataclass
class Walk:
    """An inspector at the command line."""

    out: Path
    capsys: pytest.CaptureFixture[str]

    def told(self, *arguments: str, code: int = 0) -> str:
        assert run(["sample", *arguments, "--out", str(self.out)]) == code
        return self.capsys.readouterr().out

    def drawn(self, frame_options: tuple[str, ...], *draw_options: str) -> str:
        frame = json.loads(self.told("frame", *frame_options, "--json"))
        drawn = json.loads(self.told("draw", frame["frame_id"], *draw_options, "--by", "Li", "--json"))
        return str(drawn["sample_id"])

    def visited(self, sample: str) -> list[str]:
        return [one["unit"]["unit_id"] for one in json.loads(self.told("list", sample, "--json"))]

    def recorded(
        self, sample: str, verdicts: Mapping[str, Mapping[str, str]], folder: str = "sheets", **cells: str
    ) -> None:
        """Write sheets, fill in the verdicts by household and rule, and record them; all else is true."""
        self.told("sheets", sample, "--to", str(self.out / folder))
        (path,) = (self.out / folder).glob("*.xlsx")
        book = Book(path)
        for unit, said in verdicts.items():
            book.done(unit, TRUE)
            for rule, verdict in said.items():
                book.item(unit, rule, verdict=verdict, **({"note": "账本不在"} if verdict == OPEN else {}))
        for unit, reason in cells.items():
            book.visit(unit, visited_on="2025-03-01", inspector="王核查", result="不在核查范围", reason=reason)
        book.save()
        self.told("record", str(path), "--apply")

    def estimated(self, *samples: str) -> dict[tuple[str, str, str], Any]:
        self.told("estimate", *samples)
        folders = (self.out / "samples" / "estimates").iterdir()
        newest = max(folders, key=lambda path: path.stat().st_mtime_ns)
        record = json.loads((newest / "estimates.json").read_text(encoding="utf-8"))
        return {(one["measure"], one["kind"], one["domain"]): one for one in record["estimates"]}


@pytest.fixture
def walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Walk:
    return Walk(tmp_path / "reports", capsys)


@pytest.mark.parametrize("method", ["pareto", "sequential_poisson"])
def test_in_proportion_to_findings(walk: Walk, method: str) -> None:
    lay(walk.out, Made(NEW, list(SIZES), FINDINGS))
    sample = walk.drawn(("--run", NEW), "--n", "3", "--method", method, "--seed", SEED, "--reserve", "0.5")
    assert walk.visited(sample) == [A, B, E]
    # Of A two of eight are wrong, of B one of two; that of E is true.
    walk.recorded(sample, {A: {"INC-1": WRONG, "INC-2": WRONG}, B: {"INC-1": WRONG}, E: {}})
    found = walk.estimated(sample)
    # 3 * 8 / 16 is over 1: A is certain. Two of the others, 8 findings: chance 2 * 2/8 = 1/2 of B, 2 * 1/8 = 1/4 of E.
    # Weights 1, 2, 4: true (6 + 2 * 1 + 4 * 1) = 12 of (8 + 2 * 2 + 4 * 1) = 16 findings.
    whole = found["precision", "all", ""]
    assert whole["method"] == "D12+D17"
    assert whole["point"] == pytest.approx(0.75)
    # Residuals x - .75 m: A 0, B 1 - 1.5 = -.5, E 1 - .75 = .25; over the chance: B -1, E 1.
    # c = (1 - chance) * 2/1 as two were left to chance: B 1, E 1.5. Centre (-1 + 1.5) / 2.5 = .2.
    # Variance (1 * 1.2^2 + 1.5 * .8^2) / 16^2 = 2.4 / 256.
    assert whole["inputs"]["variance"] == pytest.approx(2.4 / 256)
    assert found["confirmed_findings", "all", ""]["point"] == pytest.approx(12)
    # Rule INC-1: A wrong, B wrong, E true with 4 of 1 + 2 + 4.
    assert found["precision", "rule", "INC-1"]["point"] == pytest.approx(4 / 7)
    assert 0 < whole["lower"] < 0.75 < whole["upper"] < 1


def test_a_reserve_makes_the_draw_larger_by_one(walk: Walk) -> None:
    lay(walk.out, Made(NEW, list(SIZES), FINDINGS))
    sample = walk.drawn(("--run", NEW), "--n", "3", "--method", "pareto", "--seed", SEED, "--reserve", "0.5")
    walk.recorded(sample, {A: {"INC-1": WRONG, "INC-2": WRONG}, B: {"INC-1": WRONG}}, **{E: "全家迁出"})
    walk.told("replace", sample, E, "--reason", "moved_away", "--evidence", "n1", "--approved-by", "Z")
    assert walk.visited(sample) == [A, B, E, C]
    walk.recorded(sample, {C: {}}, "again")
    whole = walk.estimated(sample)["precision", "all", ""]
    # Four are released: A certain; three of the others: 3 * 2/8 = 3/4 of B and C. Weights 1, 4/3, 4/3; E is out.
    # True 6 + 4/3 * 1 + 4/3 * 2 = 10 of 8 + 4/3 * 2 + 4/3 * 2 = 40/3.
    assert whole["point"] == pytest.approx(0.75)
    # Residuals: A 0, B 1 - 1.5 = -.5, C 2 - 1.5 = .5, E 0; over the chance -2/3, 2/3, 0. c = (1 - chance) * 3/2:
    # B and C 3/8, E (chance 3/8) 15/16. Centre 0. Variance 2 * 3/8 * 4/9 = 1/3, over (40/3)^2.
    assert whole["inputs"]["variance"] == pytest.approx(1 / 3 / (40 / 3) ** 2)


def test_the_others_stand_for_who_was_not_settled(walk: Walk) -> None:
    lay(walk.out, Made(NEW, list(SIZES), FINDINGS))
    sample = walk.drawn(("--run", NEW), "--n", "3", "--method", "pareto", "--seed", SEED, "--reserve", "0")
    walk.recorded(sample, {A: {"INC-1": WRONG, "INC-2": WRONG}, E: {}})
    whole = walk.estimated(sample)["precision", "all", ""]
    # Without B, A and E stand for 1 + 2 + 4 = 7 with weights 1 : 4, so 7/5 and 28/5: (6 + 4) / (8 + 4) either way.
    assert whole["point"] == pytest.approx(10 / 12)
    # Worst: both of B wrong: (6 + 4) / 16. Best: both true: (6 + 4 + 4) / 16.
    assert (whole["point_worst"], whole["point_best"]) == pytest.approx((10 / 16, 14 / 16))


def test_everybody_visited_leaves_no_error(walk: Walk) -> None:
    lay(walk.out, Made(NEW, list(SIZES), FINDINGS))
    sample = walk.drawn(("--run", NEW), "--n", "6", "--method", "pareto", "--seed", SEED, "--reserve", "0")
    walk.recorded(sample, {A: {"INC-1": WRONG}, **{unit: {} for unit in (B, C, D, E, F)}})
    whole = walk.estimated(sample)["precision", "all", ""]
    assert whole["method"] == "census"
    assert (whole["point"], whole["lower"], whole["upper"]) == pytest.approx((15 / 16, 15 / 16, 15 / 16))


#: The new rules find B's INC-2 and both of C anew, and no longer HHD-1 of D and E; A they keep.
OLD_FINDINGS: list[Finding] = [
    ("a1", A, "INC-1"), ("b1", B, "INC-1"), ("d1", D, "HHD-1"), ("e1", E, "HHD-1"), ("e2", E, "INC-3"),
]  # fmt: skip
NEW_FINDINGS: list[Finding] = [
    ("a1", A, "INC-1"), ("b1", B, "INC-1"), ("b2", B, "INC-2"), ("c1", C, "INC-1"), ("c2", C, "INC-2"),
    ("e2", E, "INC-3"),
]  # fmt: skip


def test_what_a_change_of_rules_gains_and_loses(walk: Walk) -> None:
    rules = dict.fromkeys(("INC-1", "INC-2", "INC-3", "HHD-1"), "evaluated")
    lay(walk.out, Made(OLD, list(SIZES), OLD_FINDINGS, rules=rules))
    lay(walk.out, Made(NEW, list(SIZES), NEW_FINDINGS, rules=rules))
    frame = ("--population", "disagreement", "--run", NEW, "--against", OLD)
    sample = walk.drawn(frame, "--n", "4", "--seed", "s", "--reserve", "0")
    assert sorted(walk.visited(sample)) == [B, C, D, E]
    # Gained: b2 and c1 true, c2 wrong. Lost: d1 was true, e1 wrong.
    walk.recorded(sample, {B: {}, C: {"INC-2": WRONG}, D: {}, E: {"HHD-1": WRONG}})
    found = walk.estimated(sample)
    gained, lost = found["gained_precision", "all", ""], found["lost_precision", "all", ""]
    assert (gained["things"], gained["found"], gained["point"]) == (3, 2, pytest.approx(2 / 3))
    assert (lost["things"], lost["found"], lost["point"]) == (2, 1, pytest.approx(0.5))
    # Everybody was visited: one true finding more (2 - 1), and as many wrong ones (1 - 1), without error.
    for measure, difference in (("confirmed_difference", 1), ("refuted_difference", 0)):
        one = found[measure, "all", ""]
        assert one["method"] == "D23"
        assert (one["point"], one["lower"], one["upper"]) == pytest.approx((difference,) * 3)


def test_a_rehearsal_is_judged_the_same_way(walk: Walk) -> None:
    changes = [("b2", B, "INC-2", "gained"), ("c1", C, "INC-1", "gained"), ("d1", D, "HHD-1", "lost")]
    lay_rehearsal(walk.out, "rehearsal-1", list(SIZES), changes)
    sample = walk.drawn(("--population", "disagreement", "--run", "rehearsal-1"), "--n", "3", "--seed", "s")
    # Nobody's registry says what was found: each is asked about the rules that change.
    walk.recorded(sample, {B: {}, C: {"INC-1": WRONG}, D: {}})
    found = walk.estimated(sample)
    # Gained: one of two true. Lost: the one that was true. So none more that is true, one more that is wrong.
    assert found["gained_precision", "all", ""]["point"] == pytest.approx(0.5)
    assert found["lost_precision", "all", ""]["point"] == pytest.approx(1)
    assert found["confirmed_difference", "all", ""]["point"] == pytest.approx(0)
    assert found["refuted_difference", "all", ""]["point"] == pytest.approx(1)


def test_a_sample_of_a_disagreement_bounds_the_difference(walk: Walk) -> None:
    units = [home(number) for number in range(1, 21)]
    rules = dict.fromkeys(("INC-1", "INC-2"), "evaluated")
    lay(walk.out, Made(OLD, units, [(f"o{unit}", unit, "INC-1") for unit in units[:10]], rules=rules))
    lay(walk.out, Made(NEW, units, [(f"n{unit}", unit, "INC-2") for unit in units[10:]], rules=rules))
    frame = ("--population", "disagreement", "--run", NEW, "--against", OLD)
    sample = walk.drawn(frame, "--n", "10", "--strata", "rule", "--seed", "s", "--reserve", "0")
    visited = walk.visited(sample)
    gained = [unit for unit in visited if unit in units[10:]]
    assert len(gained) == 5
    # Of 5 gained 4 are true and 1 can't be told; of 5 lost 1 was true.
    lost = [unit for unit in visited if unit not in gained]
    said = {unit: {"INC-2": OPEN if unit == gained[0] else TRUE} for unit in gained}
    said |= {unit: {"INC-1": TRUE if unit == lost[0] else WRONG} for unit in lost}
    walk.recorded(sample, said)
    found = walk.estimated(sample)
    one = found["confirmed_difference", "all", ""]
    # Settled: 10 gained all true, 10 lost one fifth true: 10 - 2. Worst: 4 of 5 gained: 8 - 2. Best: as settled.
    assert (one["point"], one["point_worst"], one["point_best"]) == pytest.approx((8, 6, 8))
    wrong = found["refuted_difference", "all", ""]
    # Wrong ones: none gained, 8 lost; in the worst case 2 gained.
    assert (wrong["point"], wrong["point_worst"]) == pytest.approx((-8, -6))
    assert one["unresolved"] == 1
    assert one["lower_worst"] < 6 < 8 < one["upper_best"] <= 10
