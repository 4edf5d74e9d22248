"""Two phases (D22): the formula by hand, honest limits by simulation, and the whole way by command."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from audit import AuditResult
from audit.errors import AuditError, RunError, SamplingError
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.draw.sample import read_sample
from audit.sampling.draw.verify import verify
from audit.sampling.estimate.share import Domain, Method, estimate_share
from audit.sampling.estimate.survey import Floats, equal_chances, mean
from audit.sampling.layout import Samples
from audit.sampling.second_phase import PART, FirstPhase, build_second_phase, read_groups, write_list
from tests.command import Done, audit
from tests.sampling.estimate.fieldwork import NOW, drawn, recorded

ALPHA = Fraction(1, 20)


def domain(population: int, checked: list[int], visited: list[int], found: Floats) -> Domain:
    """Of so many households some are checked and put into groups, and some of each group are visited."""
    sizes = np.array(checked)
    survey = replace(equal_chances(sizes, np.repeat(np.arange(len(checked)), visited)), whole=population)
    asked = np.ones(sum(visited))
    names = tuple("abcdef"[: len(checked)])
    return Domain(survey, names, asked, found, sizes, sizes, ((1, population),), (population, population))


def sample_command(samples: Path, run: AuditResult, *arguments: str) -> Done:
    """Run ``audit sample`` on these samples."""
    return audit("sample", *arguments, "--out", str(run.folder.parent), "--samples", str(samples))


def ones(*parts: tuple[int, int]) -> Floats:
    """Of each group so many visited households with the property, and so many without."""
    return np.concatenate([np.repeat([1.0, 0.0], part) for part in parts])


def test_the_formula_by_hand() -> None:
    # 1,000 households, 200 telephoned: 120 "likely" of which 30 visited and 24 real; 80 "unlikely", 20 visited, 2 real.
    asked = domain(1000, [120, 80], [30, 20], ones((24, 6), (2, 18)))
    moments = mean(asked.survey, asked.found)
    # p = .6 * .8 + .4 * .1 = .52; s2 = .8*.2*30/29 and .1*.9*20/19;
    # v = .8 * .52 * .48 / 199 + .36 * (1/30 - 1/120) * .165517 + .16 * (1/20 - 1/80) * .0947368
    assert moments.point == pytest.approx(0.52)
    assert moments.variance == pytest.approx(0.00100342 + 0.00148966 + 0.00056842, abs=2e-8)
    share = estimate_share(asked, ALPHA)
    assert share is not None
    assert share.method is Method.PHASES
    assert share.point == pytest.approx(0.52)
    assert share.variance == pytest.approx(0.0030615, abs=2e-8)
    # Worth (sum w)^2 / sum w^2 with weights 4: 50 households; n_eff = .2496 / .0030615 = 81.5, so n* = 50:
    # Beta quantiles of 26 and 25, 27 and 24.
    assert share.limits.lower == pytest.approx(0.374, abs=1e-3)
    assert share.limits.upper == pytest.approx(0.663, abs=1e-3)


def test_visits_to_all_who_were_checked_leave_the_first_phase() -> None:
    # 100 of 400 checked, all visited, 20 real: v = .75 * .2 * .8 / 99, and no group is known without error.
    share = estimate_share(domain(400, [60, 40], [60, 40], ones((18, 42), (2, 38))), ALPHA)
    assert share is not None
    assert share.method is Method.PHASES
    assert share.variance == pytest.approx(0.75 * 0.16 / 99)
    assert share.limits.lower < 0.2 < share.limits.upper


def test_nothing_found_is_bounded_in_both_phases() -> None:
    # 20 checked in one group, 10 visited, none real. At a risk of 1/80 for each phase: 5 of 20 affected leave
    # C(15,10)/C(20,10) = .0163, 6 leave .0054: so 5. Of 40 households up to 17 may be affected with 5 among the 20:
    # P(X <= 5) = .0268 with 17 and .0124 with 18 (hypergeometric).
    share = estimate_share(domain(40, [20], [10], np.zeros(10)), ALPHA)
    assert share is not None
    assert share.method is Method.PHASES_NOTHING
    assert share.limits.lower == 0.0
    assert share.limits.upper * 40 == pytest.approx(17)


def test_the_estimated_variance_is_the_observed_one_and_limits_hold() -> None:
    """4,000 households, 19 % with a problem; 300 are telephoned, of whom 60 % with a problem say so and 10 % without."""
    random = np.random.default_rng(22)
    real = np.arange(4000) < 760
    says = random.random(4000) < np.where(real, 0.6, 0.1)
    points, variances, held = [], [], 0
    for _ in range(1000):
        checked = random.choice(4000, 300, replace=False)
        groups = [checked[says[checked]], checked[~says[checked]]]
        visited = [group[: len(group) // 2 if place == 0 else 60] for place, group in enumerate(groups)]
        found = np.concatenate([real[one] for one in visited]).astype(float)
        share = estimate_share(domain(4000, [len(one) for one in groups], [len(one) for one in visited], found), ALPHA)
        assert share is not None
        points.append(share.point)
        variances.append(share.variance)
        held += share.limits.lower <= 0.19 <= share.limits.upper
    assert np.mean(points) == pytest.approx(0.19, abs=0.005)
    assert np.mean(variances) == pytest.approx(np.var(points), rel=0.12)
    assert held >= 1000 * (0.95 - 3 * (0.05 * 0.95 / 1000) ** 0.5)


@pytest.fixture(scope="module")
def phases(sample_run: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Of 42 flagged households 24 are checked, put into two groups by their number, and 12 of these visited."""
    samples, out = tmp_path_factory.mktemp("phases"), sample_run.folder.parent
    first = drawn(samples, out, "flagged", 24)
    listed = samples / "phone.csv"
    assert write_list(Samples(samples), first, listed) == 24
    fill(listed)
    frame = build_second_phase(Samples(samples), first, listed, now=NOW)
    second = draw(Samples(samples), frame, Wish(12, seed="7", strata_by=(PART,)), actor="x", now=NOW)
    recorded(samples, out, second.sample_id, lambda unit, _rule: "confirmed" if unit[-1] in "13579" else "refuted")
    return samples, first, second.sample_id


def fill(path: Path) -> None:
    """Give every household of a list the group that its number ends on."""
    header, *lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert header == ["户编号", "村代码", "组别", "说明"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [header, *([one[0], one[1], "可能" if one[0][-1] in "13579" else "不像", ""] for one in lines)]
        )


def test_the_estimate_speaks_for_all_households(phases: tuple[Path, str, str], sample_run: AuditResult) -> None:
    samples, first, second = phases
    done = sample_command(samples, sample_run, "estimate", second, "--json", "--claim", "household_precision>=10%")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    (sample,) = record["samples"]
    assert sample["first_phase"] == first
    assert sample["decision"] is None
    weights = {one["name"]: one["weight"] for one in sample["strata"]}
    sizes = {one["name"]: (one["size"], one["released"]) for one in sample["strata"]}
    assert sum(size for size, _ in sizes.values()) == 24
    # The visited stand for 42 households: of each group of n' those checked, 42/24 times n'/m.
    assert weights == {name: pytest.approx(42 / 24 * size / m) for name, (size, m) in sizes.items()}
    whole = {one["measure"]: one for one in record["estimates"] if one["kind"] == "all"}
    share = whole["household_precision"]
    # All of one group were confirmed and none of the other: the share is that of the group among those checked.
    assert share["point"] == pytest.approx(sizes["可能"][0] / 24)
    assert share["units_population"] == 42
    assert share["method"] == "D22+D17"
    assert share["lower"] < share["point"] < share["upper"]
    assert whole["confirmed_households"]["point"] == pytest.approx(42 * sizes["可能"][0] / 24)
    assert whole["confirmed_findings"]["things_population"] == 61
    assert "precision_in_cells" not in whole


def test_the_phone_is_no_verdict_and_the_frame_says_so(phases: tuple[Path, str, str]) -> None:
    samples, first, _ = phases
    frame = build_second_phase(Samples(samples), first, samples / "phone.csv", now=NOW)
    told = FirstPhase.of(frame)
    assert told is not None
    assert (told.sample_id, told.population, told.checked, sorted(told.groups)) == (first, 42, 24, ["不像", "可能"])


def test_mistakes_of_a_list_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "phone.csv"
    path.write_text("household_id,group\nH1,可能\nH1,不像\nH9,可能\nH2,\n", encoding="utf-8")
    with pytest.raises(SamplingError) as error:
        read_groups(path, ["H1", "H2", "H3"])
    told = error.value.message("zh")
    assert "phone.csv 第 3 行：户 H1 写了两次" in told
    assert "phone.csv 第 4 行：户“H9”不在这个样本里" in told
    assert "phone.csv 第 5 行：户 H2 没有填组别" in told
    assert "phone.csv：有 1 户没有写（H3 等）" in told


def test_a_household_named_like_a_formula_is_known_by_its_guarded_name(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("户编号,村代码,组别,说明\n'=1+1,1,可能,\nH2,1,不像,\n", encoding="utf-8")
    assert read_groups(path, ["=1+1", "H2"]) == {"=1+1": "可能", "H2": "不像"}


def test_what_can_be_no_first_phase(phases: tuple[Path, str, str], sample_run: AuditResult, tmp_path: Path) -> None:
    samples, first, second = phases
    with pytest.raises(RunError) as error:
        write_list(Samples(samples), second, tmp_path / "a.csv")
    assert error.value.key == "sampling.phone_needs_simple"
    with pytest.raises(AuditError, match="已有的文件不会覆盖"):
        write_list(Samples(samples), first, samples / "phone.csv")


def test_a_group_that_nobody_visits_leaves_nothing_to_say(
    phases: tuple[Path, str, str], sample_run: AuditResult
) -> None:
    samples, first, _ = phases
    frame = build_second_phase(Samples(samples), first, samples / "phone.csv", now=NOW)
    wish = Wish(5, seed="8", strata_by=(PART,), leave_out=("不像",))
    second = draw(Samples(samples), frame, wish, actor="x", now=NOW)
    done = sample_command(samples, sample_run, "estimate", second.sample_id)
    assert done.returncode == 2
    assert "这些组没有安排入户" in done.stderr and "不像" in done.stderr


def test_by_command(phases: tuple[Path, str, str], sample_run: AuditResult, tmp_path: Path) -> None:
    samples, first, _ = phases
    listed = tmp_path / "phone.csv"
    done = sample_command(samples, sample_run, "phone", first, "--list", str(listed))
    assert done.returncode == 0 and "没打通的也要有自己的组别" in done.stdout
    fill(listed)
    done = sample_command(samples, sample_run, "phone", first, str(listed))
    assert done.returncode == 0
    assert "--strata phone_group --n 入户数" in done.stdout and "可能" in done.stdout
    done = sample_command(samples, sample_run, "phone", first)
    assert done.returncode == 2 and "请写一项" in done.stderr


def test_a_second_phase_is_replayed_from_its_run_and_not_compared(
    phases: tuple[Path, str, str], sample_run: AuditResult
) -> None:
    samples, _, second = phases
    found = verify(Samples(samples), second, sample_run.folder.parent)
    assert found[0].what == "rebuilt" and all(one.same for one in found)
    frame = read_sample(Samples(samples), second).frame.frame_id
    done = sample_command(samples, sample_run, "compare", frame, frame)
    assert done.returncode == 2 and "电话或档案核查过的户" in done.stderr
