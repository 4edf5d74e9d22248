"""Sizes and limits are those of textbooks, auditors' tables and exact arithmetic, row by row."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from audit.sampling.chance import (
    DISTRIBUTIONS,
    Law,
    Size,
    law_of,
    lower_count,
    lower_rate,
    sample_for_expected,
    smallest_sample,
    two_sided_counts,
    upper_count,
    upper_rate,
)
from audit.sampling.chance.hypergeometric import Hypergeometric
from tests.sampling.reference import Reference, reference

SIZES = reference("sample_size")
COUNTS = reference("upper_bound_count", "lower_bound_count", "two_sided_bounds_count")
RATES = reference("upper_bound_rate", "two_sided_bounds_rate")
COVERED = (*SIZES, *COUNTS, *RATES)


def law(row: Reference) -> Law:
    distribution = next(one for one in DISTRIBUTIONS if one == row["distribution"])
    return law_of(distribution, row.number("N"), row.number("K"), row.fraction("tolerable_rate"))


@pytest.mark.parametrize("row", SIZES, ids=lambda row: row.id)
def test_size(row: Reference) -> None:
    k, n = row.number("k"), row.number("value")
    if row["expected_rate"]:
        assert sample_for_expected(law(row), row.fraction("expected_rate"), row.alpha) == Size(n, k)
    else:
        assert smallest_sample(law(row), k, row.alpha) == n
    assert law(row).at_most(k, n).decimal() == Decimal(row["p_at_value"])
    assert law(row).at_most(k, n - 1).decimal() == Decimal(row["p_at_prev"])


@pytest.mark.parametrize("row", COUNTS, ids=lambda row: row.id)
def test_limit_of_a_count(row: Reference) -> None:
    population, n, k = row.number("N"), row.number("n"), row.number("k")
    if row["sides"] == "2":
        lower, upper = two_sided_counts(population, n, k, row.alpha)
        assert (lower, upper) == (row.number("value"), row.number("value2"))
        tails = (above(population, lower, n, k), Hypergeometric(population, upper).at_most(k, n).decimal())
    elif row["quantity"] == "upper_bound_count":
        upper = upper_count(population, n, k, row.alpha)
        assert upper == row.number("value")
        tails = (
            Hypergeometric(population, upper).at_most(k, n).decimal(),
            Hypergeometric(population, upper + 1).at_most(k, n).decimal(),
        )
    else:
        lower = lower_count(population, n, k, row.alpha)
        assert lower == row.number("value")
        tails = above(population, lower, n, k), above(population, lower - 1, n, k)
    assert tails == (Decimal(row["p_at_value"]), Decimal(row["p_at_prev"]))


def above(population: int, deviating: int, n: int, k: int) -> Decimal:
    return Hypergeometric(population, deviating).at_most(k - 1, n).complement().decimal()


@pytest.mark.parametrize("row", RATES, ids=lambda row: row.id)
def test_limit_of_a_rate(row: Reference) -> None:
    n, k, alpha = row.number("n"), row.number("k"), row.alpha / row.number("sides")
    # The file rounds to nearest; four more places than it shows leave no doubt.
    upper = upper_rate(n, k, alpha, places=12)
    if row["sides"] == "2":
        assert nearest(lower_rate(n, k, alpha, places=12), 6) == Fraction(row["value"])
        assert nearest(upper, 6) == Fraction(row["value2"])
        return
    assert nearest(upper, 8) == Fraction(row["value"])
    if row["value2"]:  # tables of auditors round up to a tenth of a percent
        assert upper_rate(n, k, alpha, places=3) == Fraction(row["value2"].rstrip("%")) / 100


def nearest(rate: Fraction, places: int) -> Fraction:
    return Fraction(round(rate * 10**places), 10**places)
