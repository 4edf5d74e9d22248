"""Which formula holds for a share, worked by hand on small samples."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from audit.sampling.chance import two_sided_counts
from audit.sampling.estimate.share import Domain, Method, estimate_share
from audit.sampling.estimate.survey import Survey, equal_chances, unequal_chances

ALPHA = Fraction(1, 20)


def domain(
    survey: Survey, asked: Sequence[float], found: Sequence[float], units: list[int], things: list[int] | None = None
) -> Domain:
    counted = units if things is None else things
    most = max(int(max(asked)), 1)
    return Domain(
        survey,
        tuple("abcdef"[: len(survey.sizes)]),
        np.array(asked),
        np.array(found),
        np.array(units),
        np.array(counted),
        ((most, sum(units)),),
    )


def test_one_stratum_has_exact_limits() -> None:
    # Row S097 of the reference: 2 of 100 of 300, two-sided 95 %: 2 to 18 households.
    survey = equal_chances(np.array([300]), np.zeros(100, dtype=np.int64))
    made = estimate_share(domain(survey, [1] * 100, [1] * 2 + [0] * 98, [300]), ALPHA)
    assert made is not None
    assert made.method is Method.EXACT
    assert made.point == pytest.approx(0.02)
    assert (made.limits.lower * 300, made.limits.upper * 300) == pytest.approx((2, 18))


def test_a_rule_with_one_finding_a_household_is_exact_among_its_own_households() -> None:
    # Of 300 households 61 have a finding of the rule; 60 of these are visited: row S100, 50 to 51 are true.
    survey = equal_chances(np.array([300]), np.zeros(100, dtype=np.int64))
    made = estimate_share(domain(survey, [1] * 60 + [0] * 40, [1] * 50 + [0] * 50, [61]), ALPHA)
    assert made is not None
    assert (made.limits.lower * 61, made.limits.upper * 61) == pytest.approx((50, 51))


def test_strata_without_any_use_the_hardest_split() -> None:
    # Row S145 at 95 % one-sided, so 90 % two-sided: at most 51 of 1,840.
    survey = equal_chances(np.array([900, 600, 300, 40]), np.repeat(np.arange(4), [50, 34, 17, 8]))
    made = estimate_share(domain(survey, [1] * 109, [0] * 109, [900, 600, 300, 40]), Fraction(1, 10))
    assert made is not None
    assert made.method is Method.NOTHING
    assert made.limits.lower == 0
    assert made.limits.upper * 1840 == pytest.approx(51)


def test_what_was_visited_whole_is_known() -> None:
    # Stratum a: 4 of 4 visited, 1 found. Stratum b: 10 of 100 visited, 3 found: 3 + hypergeometric limits of b.
    survey = equal_chances(np.array([4, 100]), np.repeat([0, 1], [4, 10]))
    made = estimate_share(domain(survey, [1] * 14, [1, 0, 0, 0] + [1] * 3 + [0] * 7, [4, 100]), ALPHA)
    lower, upper = two_sided_counts(100, 10, 3, ALPHA)
    assert made is not None
    assert made.point == pytest.approx(31 / 104)
    assert (made.limits.lower, made.limits.upper) == pytest.approx(((1 + lower) / 104, (1 + upper) / 104))


def test_a_census_has_no_error() -> None:
    survey = equal_chances(np.array([3]), np.zeros(3, dtype=np.int64))
    made = estimate_share(domain(survey, [1, 1, 1], [1, 1, 0], [3]), ALPHA)
    assert made is not None
    assert made.method is Method.CENSUS
    assert made.limits.lower == made.limits.upper == pytest.approx(2 / 3)


def test_households_with_many_findings_count_with_all_of_them() -> None:
    # 20 of 100 households visited, all 40 findings of them true; each household has 2, so 200 findings.
    # With no wrong household among 20 of 100 at most 14 are wrong (2.5 %): C(86, 20) / C(100, 20) = .0331 > .025,
    # C(85, 20) / C(100, 20) = .0254 > .025, C(84, 20) / C(100, 20) = .0194; so 15 households with 30 findings.
    survey = equal_chances(np.array([100]), np.zeros(20, dtype=np.int64))
    made = estimate_share(domain(survey, [2] * 20, [2] * 20, [100], [200]), ALPHA)
    assert made is not None
    assert made.method is Method.NOTHING
    assert made.limits.lower == pytest.approx(1 - 30 / 200)


def test_nobody_in_question_visited_says_nothing() -> None:
    survey = equal_chances(np.array([10]), np.zeros(2, dtype=np.int64))
    assert estimate_share(domain(survey, [0, 0], [0, 0], [3]), ALPHA) is None


def test_unequal_chances_weigh_by_them() -> None:
    # Chances .5, .25, .25, .2: weights 2, 4, 4, 5; true are the first and the last: 7 of 15.
    survey = unequal_chances(np.array([15]), np.zeros(4, dtype=np.int64), np.array([0.5, 0.25, 0.25, 0.2]))
    made = estimate_share(domain(survey, [1] * 4, [1, 0, 0, 1], [15]), ALPHA)
    assert made is not None
    assert made.method is Method.UNEQUAL
    assert made.point == pytest.approx(7 / 15)
    # e = 8/15, -7/15, -7/15, 8/15; e/pi = 1.0667, -1.8667, -1.8667, 2.6667; c = 4/3 * (.5, .75, .75, .8);
    # B = sum c e/pi / sum c = (.5333 - 1.4 - 1.4 + 2.1333) / 2.8 = -.0476;
    # sum c (e/pi - B)^2 = 4/3 (.5 * 1.2417 + .75 * 3.3091 * 2 + .8 * 7.3671) = 15.3036; over the 15 squared.
    assert made.variance == pytest.approx(15.304 / 225, rel=2e-3)
