"""A draw is the same for everybody, stays as it is when others come and go, and is what SQL and Python say alike."""

from __future__ import annotations

import hashlib

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import RunError
from audit.sampling.chance import Rate
from audit.sampling.draw.draw import Wish
from audit.sampling.draw.sample import Sample
from audit.sampling.draw.select import certainty, systematic_places
from audit.sampling.draw.ticket import HOUSEHOLD, number, number_sql, point, ticket, ticket_sql
from audit.sampling.layout import Samples
from tests.sampling.conftest import NO_RESERVE, Draw, MakeFrame, homes, write_units

IDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


def ids(sample: Sample) -> list[str]:
    return [one.unit_id for one in sample.listed() if one.role == "main"]


def test_ticket_is_the_documented_hash() -> None:
    text = b"prn1\x1f2025-01\x1fhousehold\x1f\xe6\x88\xb700001"
    assert ticket("2025-01", HOUSEHOLD, "户00001") == hashlib.sha256(text).hexdigest()
    assert number("0" * 64) == 0.5 / 2**53
    assert number("f" * 64) == 1 - 0.5 / 2**53
    assert number("8" + "0" * 63) == 0.5 + 0.5 / 2**53


@given(st.sets(IDS, min_size=1, max_size=30), IDS)
def test_sql_and_python_give_the_same_order(units: set[str], seed: str) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE u (unit_id VARCHAR)")
    con.executemany("INSERT INTO u VALUES (?)", [[unit] for unit in units])
    drawn = ticket_sql(seed, HOUSEHOLD)
    rows = con.execute(f"SELECT unit_id, {drawn}, {number_sql(drawn)} FROM u ORDER BY {drawn}, unit_id").fetchall()
    mine = sorted((ticket(seed, HOUSEHOLD, unit), unit) for unit in units)
    assert rows == [(unit, one, number(one)) for one, unit in mine]


def test_the_smallest_tickets_of_each_stratum_are_drawn(make_frame: MakeFrame, drawn: Draw) -> None:
    rows = homes(30) + homes(20, "139903102000", first=31)
    sample = drawn(make_frame(rows), Wish(n=15, seed="2025-01", strata_by=("township",)))
    assert [(one.stratum, one.n_planned, one.n_reserve) for one in sample.design.strata] == [
        ("139903101000", 9, 2),
        ("139903102000", 6, 2),
    ]
    for stratum, n in (("139903101000", 9), ("139903102000", 6)):
        inside = [row[0] for row in rows if row[1] == stratum]
        order = sorted(inside, key=lambda unit: ticket("2025-01", HOUSEHOLD, unit))
        listed = [one for one in sample.listed() if one.stratum == stratum]
        assert [one.unit_id for one in listed] == order[: n + 2]
        assert [one.role for one in listed] == ["main"] * n + ["reserve"] * 2
        assert {(one.pi_num, one.pi_den) for one in listed} == {(n, len(inside))}


def test_order_of_the_frame_and_strata_do_not_matter(make_frame: MakeFrame, drawn: Draw) -> None:
    rows = homes(25) + homes(25, severity="low", first=26)
    frame = make_frame(rows)
    assert make_frame(list(reversed(rows))) == frame
    whole = drawn(frame, Wish(n=50, seed="s", reserve=NO_RESERVE))
    divided = drawn(frame, Wish(n=50, seed="s", strata_by=("severity",), reserve=NO_RESERVE))
    for severity in ("high", "low"):
        inside = {row[0] for row in rows if row[2] == severity}
        part = [one.unit_id for one in divided.listed() if one.stratum == severity]
        assert [unit for unit in ids(whole) if unit in inside] == part


@given(st.integers(2, 39), st.text("abc", min_size=1, max_size=3))
def test_a_larger_sample_holds_the_smaller_one(n: int, seed: str) -> None:
    order = sorted((unit for unit, *_ in homes(40)), key=lambda unit: ticket(seed, HOUSEHOLD, unit))
    assert set(order[:n]) < set(order[: n + 1])


def test_samples_are_nested(make_frame: MakeFrame, drawn: Draw) -> None:
    frame = make_frame(homes(60) + homes(40, "139903102000", first=61))
    before: set[str] = set()
    for n in (10, 11, 20, 60):
        now = set(ids(drawn(frame, Wish(n=n, seed="s", strata_by=("township",)))))
        assert before < now
        before = now


def test_newcomers_and_leavers_change_only_what_they_must(make_frame: MakeFrame, drawn: Draw) -> None:
    rows = homes(100)
    first = ids(drawn(make_frame(rows), Wish(n=20, seed="s")))
    grown = ids(drawn(make_frame(homes(101)), Wish(n=20, seed="s")))
    newcomer = homes(101)[-1][0]
    last = max(ticket("s", HOUSEHOLD, unit) for unit in first)
    assert set(grown) - set(first) <= {newcomer}
    assert (newcomer in grown) == (ticket("s", HOUSEHOLD, newcomer) < last)
    without = [row for row in rows if row[0] != first[3]]
    reserve = drawn(make_frame(rows), Wish(n=21, seed="s"))
    assert set(ids(drawn(make_frame(without), Wish(n=20, seed="s")))) == set(ids(reserve)) - {first[3]}


def test_a_large_stratum_is_drawn_with_a_cutoff_and_comes_out_the_same(make_frame: MakeFrame, drawn: Draw) -> None:
    rows = homes(2000)
    sample = drawn(make_frame(rows), Wish(n=10, seed="s"))
    order = sorted((row[0] for row in rows), key=lambda unit: ticket("s", HOUSEHOLD, unit))
    assert [one.unit_id for one in sample.listed()] == order[:12]


def test_waves(make_frame: MakeFrame, drawn: Draw) -> None:
    frame, grown = make_frame(homes(100)), make_frame(homes(102))
    first = drawn(frame, Wish(n=20, seed="s"))
    same = drawn(grown, Wish(n=20, seed="", wave="same", wave_of=first.sample_id))
    assert len(set(ids(first)) & set(ids(same))) >= 18
    rotated = drawn(grown, Wish(n=20, seed="", wave="rotate", wave_of=first.sample_id, shift=Rate("0.1")))
    units = [row[0] for row in homes(102)]
    circle = sorted(units, key=lambda unit: (number(ticket("s", HOUSEHOLD, unit)) - 0.1) % 1)
    assert [one.unit_id for one in rotated.listed() if one.role == "main"] == circle[:20]
    fresh = drawn(frame, Wish(n=20, seed="t", wave="fresh", wave_of=first.sample_id))
    assert set(ids(fresh)) != set(ids(first))
    for wish, key in (
        (Wish(n=20, seed="s", wave="fresh", wave_of=first.sample_id), "sampling.seed_not_fresh"),
        (Wish(n=20, seed="t", wave="same", wave_of=first.sample_id), "sampling.seed_not_same"),
        (Wish(n=20, seed="", wave="rotate", wave_of=first.sample_id), "sampling.shift_for_rotation"),
        (Wish(n=20, seed="t", wave="fresh"), "sampling.wave_of_missing"),
    ):
        with pytest.raises(RunError) as caught:
            drawn(frame, wish)
        assert caught.value.key == key


@pytest.mark.parametrize("size", [77, 154, 13])
def test_systematic_gives_each_place_the_chance_n_of_all(size: int) -> None:
    for n in range(1, size + 1, 3):
        counted = [0] * size
        for start in range(size):
            places = systematic_places(size, n, start)
            assert len(set(places)) == n
            for place in places:
                counted[place] += 1
        assert counted == [n] * size


def test_systematic_draw(make_frame: MakeFrame, drawn: Draw) -> None:
    rows = homes(77)
    frame = make_frame(rows)
    wish = Wish(n=10, seed="s", method="systematic", reserve=NO_RESERVE, sort_by=("village",))
    sample = drawn(frame, wish)
    start = int(ticket("s", "frame", f"{frame.frame_id}/all"), 16) % 77
    assert ids(sample) == [rows[(start + 77 * j) // 10][0] for j in range(10)]


def test_size_decides_for_certain() -> None:
    # 5 of sizes 50, 20, 10, 10, 5, 5: 5*50 >= 100; then 4*20 >= 50; then 3*10 >= 30: both of 10; then 1*5 < 10.
    assert certainty([(50, 1), (20, 1), (10, 2), (5, 2)], 5) == (10, 1, 10)
    assert certainty([(3, 10)], 4) == (4, 4, 30)


@pytest.mark.parametrize("method", ["pareto", "sequential_poisson"])
def test_drawn_by_size(make_frame: MakeFrame, drawn: Draw, method: str) -> None:
    rows = [("大户", "139903101000", "high", 60), *homes(40)]
    chosen = next(one for one in ("pareto", "sequential_poisson") if one == method)
    wish = Wish(n=8, seed="s", method="pareto" if chosen == "pareto" else "sequential_poisson")
    sample = drawn(make_frame(rows), wish)
    listed = sample.listed()
    assert (listed[0].unit_id, listed[0].pi_num, listed[0].pi_den) == ("大户", 1, 1)
    sizes = {row[0]: row[3] for row in homes(40)}
    total = sum(sizes.values())

    def order(unit: str) -> float:
        u, chance = number(ticket("s", HOUSEHOLD, unit)), 7 * sizes[unit] / total
        return u / chance if method == "sequential_poisson" else (u / (1 - u)) / (chance / (1 - chance))

    assert [one.unit_id for one in listed[1:]] == sorted(sizes, key=order)[:9]
    assert all(one.pi_num / one.pi_den == 7 * sizes[one.unit_id] / total for one in listed[1:])


def test_a_point_of_the_circle_is_a_ticket() -> None:
    assert point(Rate("0.5").value) == "8" + "0" * 63


def test_the_seed_was_committed_to(make_frame: MakeFrame, drawn: Draw) -> None:
    frame = make_frame(homes(30))
    digest = hashlib.sha256(b"secret").hexdigest()
    sample = drawn(frame, Wish(n=5, seed="secret", commitment=digest, public="8841", seed_note="县公证处"))
    assert sample.design.seed == "secret+8841"
    assert sample.design.seed_provenance == {"note": "县公证处", "public": "8841", "commitment": digest}
    with pytest.raises(RunError) as caught:
        drawn(frame, Wish(n=5, seed="other", commitment=digest))
    assert caught.value.key == "sampling.commitment_differs"


@pytest.mark.parametrize(
    ("wish", "key"),
    [
        (Wish(n=5, seed=" "), "sampling.no_seed"),
        (Wish(n=5, seed="s", strata_by=("twnship",)), "sampling.no_part"),
        (Wish(n=5, seed="s", method="systematic"), "sampling.systematic_alone"),
        (Wish(n=5, seed="s", sort_by=("village",)), "sampling.sorted_for_systematic"),
        (Wish(n=5, n2=5, seed="s", method="pareto"), "sampling.stages_by_ticket"),
        (Wish(n=31, seed="s"), "sampling.maximums_leave_less"),
        (Wish(n=5, seed="s", take_all=("139903101000",)), "sampling.no_stratum"),
        (Wish(n=1, seed="s"), "sampling.minimums_need_more"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_does_not_go_together(make_frame: MakeFrame, drawn: Draw, wish: Wish, key: str) -> None:
    with pytest.raises(RunError) as caught:
        drawn(make_frame(homes(30)), wish)
    assert caught.value.key == key


def test_nobody_is_drawn_from_a_frame_that_was_changed(make_frame: MakeFrame, drawn: Draw, samples: Samples) -> None:
    frame = make_frame(homes(30))
    write_units(frame.units, homes(31))
    with pytest.raises(RunError) as caught:
        drawn(frame, Wish(n=5, seed="s"))
    assert caught.value.key == "sampling.frame_differs"
    assert list(samples.draws.iterdir()) == []


def test_the_same_design_is_not_drawn_twice(make_frame: MakeFrame, drawn: Draw, samples: Samples) -> None:
    frame = make_frame(homes(30))
    first = drawn(frame, Wish(n=5, seed="s"))
    with pytest.raises(RunError, match=first.sample_id):
        drawn(frame, Wish(n=5, seed="s"))
    assert [path.name for path in samples.draws.iterdir()] == [first.sample_id]
