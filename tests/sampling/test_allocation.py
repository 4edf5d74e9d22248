"""The allocation is the best there is, tried against every other one; what can't be done says what could."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import RunError
from audit.sampling.allocation import KINDS, Kind, Stratum, allocate, bounded, spread_of


@st.composite
def strata_and_visits(draw: st.DrawFn) -> tuple[list[Stratum], int]:
    strata = []
    for at in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 12))
        low = draw(st.integers(1, size))
        rate = Fraction(draw(st.integers(0, 20)), 20)
        cost = Fraction(draw(st.integers(1, 4)))
        strata.append(Stratum(str(at), size, low, draw(st.integers(low, size)), spread_of(rate), cost))
    return strata, draw(st.integers(sum(one.low for one in strata), sum(one.high for one in strata)))


def objective(strata: list[Stratum], shares: tuple[int, ...], kind: Kind) -> Fraction:
    size = {"power": 1}.get(kind, 2)
    return sum(
        (
            Fraction(one.size**size) * (one.spread if kind == "neyman" else 1) / one.cost / share
            for one, share in zip(strata, shares, strict=True)
        ),
        Fraction(0),
    )


@given(strata_and_visits(), st.sampled_from(KINDS))
def test_no_other_allocation_is_better(asked: tuple[list[Stratum], int], kind: Kind) -> None:
    strata, n = asked
    shares = allocate(strata, n, kind)
    others = (other for other in product(*(range(one.low, one.high + 1) for one in strata)) if sum(other) == n)
    assert sum(shares) == n
    assert objective(strata, shares, kind) == min(objective(strata, other, kind) for other in others)


@given(strata_and_visits(), st.sampled_from(KINDS))
def test_one_visit_more_takes_none_away(asked: tuple[list[Stratum], int], kind: Kind) -> None:
    strata, n = asked
    if n == sum(one.high for one in strata):
        return
    before, after = allocate(strata, n, kind), allocate(strata, n + 1, kind)
    assert sum(abs(one - other) for one, other in zip(before, after, strict=True)) == 1
    assert all(one <= other for one, other in zip(before, after, strict=True))


def test_many_visits_are_the_same_as_one_after_the_other() -> None:
    strata = [bounded(str(size), size, spread=spread_of(Fraction(size % 7, 10))) for size in (40, 311, 1200, 5000)]
    shares = [one.low for one in strata]
    for _ in range(2000 - sum(shares)):
        gains = [
            Fraction(one.size**2) * one.spread / (share * (share + 1)) if share < one.high else Fraction(-1)
            for one, share in zip(strata, shares, strict=True)
        ]
        shares[gains.index(max(gains))] += 1
    assert allocate(strata, 2000, "neyman") == tuple(shares)


def test_a_million_visits_to_two_thousand_villages_are_quick() -> None:
    strata = [bounded(str(at), 1000 + at % 977) for at in range(2000)]
    begun = time.process_time()
    shares = allocate(strata, 1_000_000)
    assert sum(shares) == 1_000_000
    assert time.process_time() - begun < 10


def test_take_all_minimum_maximum_and_cost() -> None:
    strata = [
        bounded("new", 5, take_all=True, most=3),
        bounded("near", 500),
        bounded("far", 500, cost=Fraction(4)),
        bounded("capped", 500, most=6),
        bounded("tiny", 1),
    ]
    # 100 less 5, 6 and 1 are 88; where a visit costs four times as much, half as many are made.
    assert allocate(strata, 100) == (5, 59, 29, 6, 1)


@pytest.mark.parametrize(("n", "named"), [(5, "smallest"), (90, "largest")])
def test_what_can_not_be_shared_names_what_could(n: int, named: str) -> None:
    strata = [bounded("a", 30, fewest=4), bounded("b", 50, fewest=4)]
    with pytest.raises(RunError) as caught:
        allocate(strata, n)
    assert caught.value.values[named] == {"smallest": 8, "largest": 80}[named]
    assert str(caught.value.values[named]) in caught.value.message("en")
