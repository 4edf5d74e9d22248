"""Estimates against published figures: rows of ``reference.csv``, R survey's saved output, tables worked by hand."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from audit.sampling.chance import two_sided_counts
from audit.sampling.estimate.agreement import Rated, agreement, cohen_kappa, gwet_ac1, krippendorff_alpha
from audit.sampling.estimate.limits import Limits, most_when_nothing_found, recall
from audit.sampling.estimate.survey import equal_chances, mean, ratio, total, total_variance
from tests.sampling.reference import reference

COVERED = reference(
    "stratified_total_se",
    "cohen_kappa",
    "krippendorff_alpha_nominal",
    "recall_mover_interval",
    "stratified_zero_upper_count",
)
REFERENCE = {row.id: row for row in COVERED}


def test_the_total_of_r_survey() -> None:
    row = REFERENCE["S129"]
    sizes, sampled = row.numbers("N"), row.numbers("n")
    means, squares = (416.78, 1320.7, 832.48), (27576.8804, 450339.9286, 156307.2751)  # from the row's note
    values: list[float] = []
    for count, centre, square in zip(sampled, means, squares, strict=True):
        away = sqrt(square * (count - 1) / count)
        values += [centre - away, centre + away] * (count // 2)
    survey = equal_chances(np.array(sizes), np.repeat(np.arange(3), sampled))
    seen = np.array(values)
    assert total(survey, seen) == pytest.approx(float(row["value"]), abs=0.02)
    assert sqrt(total_variance(survey, seen)) == pytest.approx(float(row["value2"]), rel=1e-6)
    # 3,687,178 pupils in 6,194 schools are 595.28 a school; 114,642 / 6,194 = 18.509.
    moments = mean(survey, seen)
    assert moments.point == pytest.approx(595.28, abs=0.005)
    assert sqrt(moments.variance) == pytest.approx(18.509, abs=0.001)


@pytest.mark.parametrize("name", ["S136", "S138"])
def test_recall(name: str) -> None:
    row = REFERENCE[name]
    (flagged, unflagged), (seen, checked), (confirmed, missed) = (row.numbers(one) for one in ("N", "n", "k"))
    alpha = row.alpha
    found_limits = two_sided_counts(flagged, seen, confirmed, alpha)
    missed_limits = two_sided_counts(unflagged, checked, missed, alpha)
    estimate = recall(
        flagged * confirmed / seen, Limits(*found_limits), unflagged * missed / checked, Limits(*missed_limits)
    )
    lower, upper = (float(one) for one in row["value2"].split(";"))
    assert estimate is not None
    assert estimate.point == pytest.approx(float(row["value"]), abs=5e-7)
    assert (estimate.limits.lower, estimate.limits.upper) == pytest.approx((lower, upper), abs=5e-7)


def test_recall_without_problems_is_not_defined() -> None:
    assert recall(0, Limits(0, 3), 0, Limits(0, 5)) is None


@pytest.mark.parametrize("name", ["S144", "S145"])
def test_nothing_found_in_any_stratum(name: str) -> None:
    row = REFERENCE[name]
    most = most_when_nothing_found(row.numbers("N"), row.numbers("n"), row.alpha)
    assert most == int(row["value"])


def test_kappa_of_a_published_table() -> None:
    rated = [
        Rated(str(place), pair)
        for place, pair in enumerate(
            [("a", "a")] * 20 + [("a", "b")] * 20 + [("b", "a")] * 10 + [("b", "b")] * 50  # the row's note
        )
    ]
    assert cohen_kappa(rated) == pytest.approx(float(REFERENCE["S130"]["value"]), abs=5e-7)


def test_alpha_of_a_published_table() -> None:
    # Three coders, fifteen units, as in the test of fast-krippendorff (Krippendorff's own example).
    first = ["*", "*", "*", "*", "*", "3", "4", "1", "2", "1", "1", "3", "3", "*", "3"]
    second = ["1", "*", "2", "1", "3", "3", "4", "3", "*", "*", "*", "*", "*", "*", "*"]
    third = ["*", "*", "2", "1", "3", "4", "4", "*", "2", "1", "1", "3", "3", "*", "4"]
    rated = [
        Rated(str(unit), tuple(None if one == "*" else one for one in verdicts))
        for unit, verdicts in enumerate(zip(first, second, third, strict=True))
    ]
    assert krippendorff_alpha(rated) == pytest.approx(float(REFERENCE["S132"]["value"]), abs=5e-7)


def test_rare_refutations_ruin_kappa_and_not_ac1() -> None:
    # 90 / 4 / 4 / 2: raw 92/100; kappa: p_e = .94^2 + .06^2 = .8872, (.92 - .8872) / .1128 = .2908;
    # AC1: p_e = 2 * .94 * .06 = .1128, (.92 - .1128) / .8872 = .9098.
    pairs = [("c", "c")] * 90 + [("c", "r")] * 4 + [("r", "c")] * 4 + [("r", "r")] * 2
    found = agreement([Rated(str(place), pair) for place, pair in enumerate(pairs)], 0.05)
    assert found.table == {("c", "c"): 90, ("c", "r"): 4, ("r", "c"): 4, ("r", "r"): 2}
    assert found.raw.point == pytest.approx(0.92)
    assert found.kappa.point == pytest.approx(0.2908, abs=5e-5)
    assert found.ac1.point == pytest.approx(0.9098, abs=5e-5)
    # D_o: 8 pairs apart, each counted from both ends: 16; D_e: 2 * 188 * 12 = 4512; 1 - 199 * 16 / 4512.
    assert found.alpha.point == pytest.approx(1 - 199 * 16 / 4512)
    # The jackknife of a mean is the textbook standard error: s^2/n = .92 * .08 / 99; t(99) at .975 is 1.9842.
    assert found.raw.limits is not None
    assert found.raw.limits.lower == pytest.approx(0.92 - 1.9842 * sqrt(0.92 * 0.08 / 99), abs=5e-5)


def test_agreement_knows_what_it_cannot_say() -> None:
    same = agreement([Rated(str(place), ("c", "c")) for place in range(20)], 0.05)
    assert same.kappa.point is None
    assert same.alpha.point is None
    assert same.ac1.point == 1.0
    # Twenty of twenty: the two-sided exact limit is 0.025^(1/20) = .8316.
    assert same.raw.limits is not None
    assert same.raw.limits.lower == pytest.approx(0.8316, abs=5e-5)
    assert agreement([Rated("1", ("c", None)), Rated("2", ("r", "r"))], 0.05).rated == 1
    assert gwet_ac1([]) is None


def test_the_findings_of_one_household_are_one_cluster() -> None:
    # Two strata of 10 and 20 households, 2 and 2 visited; findings 1, 3 and 2, 2; confirmed 1, 0 and 2, 1.
    survey = equal_chances(np.array([10, 20]), np.array([0, 0, 1, 1]))
    asked, found = np.array([1.0, 3, 2, 2]), np.array([1.0, 0, 2, 1])
    moments = ratio(survey, found, asked, 100)
    # p = (5*1 + 10*3) / (5*4 + 10*4) = 35/60; e = x - p m = .41667, -1.75, .83333, -.16667
    # s2 = 2.34722 and .5; v = (100 * .8 * 2.34722 / 2 + 400 * .9 * .5 / 2) / 100^2
    assert moments.point == pytest.approx(35 / 60)
    assert moments.variance == pytest.approx((93.8889 + 90.0) / 10_000, abs=1e-7)
