"""Allocations that were worked out elsewhere come out the same; where the source rounds wrongly, ours adds up."""

from __future__ import annotations

from fractions import Fraction

from audit.sampling.allocation import Stratum, allocate, bounded
from tests.sampling.reference import reference

NEYMAN = reference("allocation_neyman_bounded")
PROPORTIONAL = reference("allocation_proportional_bounded")
COVERED = (*NEYMAN, *PROPORTIONAL)
#: Minimums that the sources were asked for.
MINIMUM = {"S126": 5, "S127": 2}


def test_neyman_with_bounds_of_wright_2017() -> None:
    (row,) = NEYMAN
    sizes, total = row["N"].split(","), row.number("n")
    assert (sizes, total) == (["47;61;41"], 10)
    strata = [
        Stratum("1", 47, 1, 5, Fraction(100)),
        Stratum("2", 61, 2, 6, Fraction(36)),
        Stratum("3", 41, 3, 4, Fraction(16)),
    ]
    shares = allocate(strata, total, "neyman")
    assert shares == row.numbers("value")
    variance = sum(
        one.size**2 * (1 - Fraction(share, one.size)) * one.spread / share
        for one, share in zip(strata, shares, strict=True)
    )
    assert f"{float(variance):.4f}" == row["value2"]


def test_proportional_adds_up_and_honours_minimums() -> None:
    for row in PROPORTIONAL:
        strata = [bounded(str(at), size, fewest=MINIMUM[row.id]) for at, size in enumerate(row.numbers("N"))]
        assert allocate(strata, row.number("n")) == row.numbers("value"), row.id
