"""Large draws sort only who can be reached; they list whom the definition lists, worked out in plain Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.sampling.draw.design import WHOLE, Design, Method, StratumShare
from audit.sampling.draw.select import Listed, select, systematic_start
from audit.sampling.draw.statements import cutoff, farthest
from audit.sampling.draw.ticket import HOUSEHOLD, number, ticket

#: A household of a frame: id, township, village, size.
Home = tuple[str, str, str, int]
#: Enough for a stratum to be drawn without sorting it all, also when it is one of two.
HOMES = 900
TOWNSHIPS = ("139903101000", "139903102000")


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("definition") / "frame.parquet"


def homes(seed: int) -> list[Home]:
    """Households with sizes from 0 to 7, and a few so large that they are drawn for certain."""
    chance = random.Random(seed)
    return [
        (f"户{place:05d}", TOWNSHIPS[place % 2], f"村{chance.randrange(9)}", 400 if place < 3 else chance.randrange(8))
        for place in range(HOMES)
    ]


def write(con: duckdb.DuckDBPyConnection, rows: Sequence[Home], path: Path) -> None:
    columns = zip(("unit_id", "township", "village", "size"), zip(*rows, strict=True), strict=True)
    con.register("homes", pa.table({name: list(cells) for name, cells in columns}))
    con.execute(
        "COPY (SELECT unit_id, township, village, CAST(size AS INTEGER) AS n_findings, CAST(size AS DECIMAL(18, 4)) AS size_measure "
        f"FROM homes ORDER BY unit_id) TO '{path}' (FORMAT parquet)"
    )


def design_of(
    rows: Sequence[Home], method: Method, n: int, seed: str, *, divided: bool, shift: str = "0", by: Sequence[str] = ()
) -> Design:
    """So many households and 5 in reserve of each stratum."""
    sized = [row for row in rows if row[3] or method in {"ticket", "systematic"}]
    names = TOWNSHIPS if divided else (WHOLE,)
    sizes = [sum(row[1] == name or not divided for row in sized) for name in names]
    more = 0 if method == "systematic" else 5
    shares = tuple(StratumShare(name, size, 0, size, n, 0, more) for name, size in zip(names, sizes, strict=True))
    parts = ("township",) if divided else ()
    return Design("f", "aa", method, parts, "proportional", shares, seed, {}, tuple(by), shift=shift)


def drawn(rows: Sequence[Home], units: Path, design: Design) -> dict[str, list[Listed]]:
    with duckdb.connect() as con:
        write(con, rows, units)
        listed = select(con, units, design)
    return {share.stratum: [one for one in listed if one.stratum == share.stratum] for share in design.strata}


def inside(rows: Sequence[Home], share: StratumShare) -> list[Home]:
    return [row for row in rows if share.stratum in {row[1], WHOLE}]


def by_size(rows: Sequence[Home], share: StratumShare, design: Design) -> list[tuple[str, float]]:
    """D12 word for word: set aside who is certain until nobody is; the others follow. With the chance of each."""
    left, n = {unit: size for unit, _, _, size in rows if size}, share.n_planned
    certain: list[str] = []
    while more := [unit for unit, size in left.items() if n * size >= sum(left.values())]:
        certain += more
        n -= len(more)
        for unit in more:
            del left[unit]
    total, turned = sum(left.values()), float(design.shift)

    def order(unit: str) -> tuple[float, str]:
        drawn = ticket(design.seed, HOUSEHOLD, unit)
        u, chance = number(drawn), n * left[unit] / total
        u = u - turned + (1 if u < turned else 0)
        return (u / chance if design.method == "sequential_poisson" else u / (1 - u) / (chance / (1 - chance))), drawn

    others = [(unit, n * left[unit] / total) for unit in sorted(left, key=order)]
    first = [(unit, 1.0) for unit in sorted(certain, key=lambda unit: ticket(design.seed, HOUSEHOLD, unit))]
    return [*first, *others][: share.listed]


METHODS_BY_SIZE: tuple[Method, ...] = ("pareto", "sequential_poisson")


@given(
    st.integers(0, 2**32), st.sampled_from(METHODS_BY_SIZE), st.integers(4, 30), st.sampled_from(("0", "0.25", "0.97")),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_by_size(units: Path, seed: int, method: Method, n: int, shift: str, divided: bool) -> None:
    rows = homes(seed)
    design = design_of(rows, method, n, str(seed), divided=divided, shift=shift)
    found = drawn(rows, units, design)
    for share in design.strata:
        wanted = by_size(inside(rows, share), share, design)
        listed = found[share.stratum]
        assert [one.unit_id for one in listed] == [unit for unit, _ in wanted]
        assert [one.pi_num / one.pi_den for one in listed] == [chance for _, chance in wanted]


@given(st.integers(0, 2**32), st.integers(4, 30), st.sampled_from(("0", "0.25", "0.97")), st.booleans())
@settings(max_examples=15, deadline=None)
def test_by_ticket(units: Path, seed: int, n: int, shift: str, divided: bool) -> None:
    rows = homes(seed)
    design = design_of(rows, "ticket", n, str(seed), divided=divided, shift=shift)
    found = drawn(rows, units, design)
    for share in design.strata:
        tickets = {row[0]: ticket(design.seed, HOUSEHOLD, row[0]) for row in inside(rows, share)}
        circle = sorted(tickets, key=lambda unit: ((number(tickets[unit]) - float(shift)) % 1, tickets[unit]))
        assert [one.unit_id for one in found[share.stratum]] == circle[: share.listed]


SORTED_BY: tuple[tuple[str, ...], ...] = ((), ("village",), ("size_measure", "village"))


@given(st.integers(0, 2**32), st.integers(1, 60), st.sampled_from(SORTED_BY), st.booleans())
@settings(max_examples=15, deadline=None)
def test_systematic(units: Path, seed: int, n: int, by: tuple[str, ...], divided: bool) -> None:
    rows = homes(seed)
    design = design_of(rows, "systematic", n, str(seed), divided=divided, by=by)
    found = drawn(rows, units, design)
    column = {"village": 2, "size_measure": 3}
    for share in design.strata:
        line = sorted(inside(rows, share), key=lambda row: (*(row[column[name]] for name in by), row[0]))
        start = systematic_start(design, share)
        places = [(start + j * share.size) // n for j in range(n)]
        assert [one.unit_id for one in found[share.stratum]] == [line[place][0] for place in places]
        tickets = [ticket(design.seed, HOUSEHOLD, one.unit_id) for one in found[share.stratum]]
        assert [one.ticket for one in found[share.stratum]] == tickets


def test_an_end_that_chance_does_not_keep_to_is_left_aside(units: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = homes(1)
    design = design_of(rows, "pareto", 10, "s", divided=False)
    asked: list[float | None] = []

    def too_near(*_of: object) -> float:
        asked.append(1e-6)
        return 1e-6

    monkeypatch.setattr("audit.sampling.draw.select.farthest", too_near)
    (share,) = design.strata
    listed = drawn(rows, units, design)[WHOLE]
    assert asked == [1e-6]
    assert [one.unit_id for one in listed] == [unit for unit, _ in by_size(rows, share, design)]


def test_ends() -> None:
    # 120 listed of 100,000: 120 + 8 * 10 + 64 = 264 are sorted, the tickets below 264/100,000 from where it begins.
    share = StratumShare("all", 100_000, 0, 100_000, 100, 0, 20)
    assert cutoff(share, "0") == f"0{264 * 16**64 // 100_000:064x}"
    assert cutoff(share, "0.5") == f"0{50_264 * 16**64 // 100_000:064x}"
    assert cutoff(share, "0.999") == f"1{164 * 16**64 // 100_000:064x}"
    assert cutoff(StratumShare("all", 500, 0, 500, 100, 0, 20), "0") is None
    # 100 of 100,000 alike: of quotients below 1 there are 100, below 2 there are 200, below 4 there are 400.
    assert farthest([(1, 100_000)], (2, 100, 100_000), 120, "sequential_poisson") == 4
    # u/(1-u) < t c/(1-c) with c = 1/1000: u < t/(999 + t), 100,000 t/(999 + t) is 399 for t = 4 and 200 for t = 2.
    assert farthest([(1, 100_000)], (2, 100, 100_000), 120, "pareto") == 4
    assert farthest([(1, 500)], (2, 100, 500), 120, "pareto") is None
    assert farthest([(1, 500)], (2, 0, 500), 0, "pareto") == 0
