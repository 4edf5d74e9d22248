"""What is done with a sample keeps it a random sample, is logged, and can be replayed; tampering shows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pytest

from audit.errors import RunError
from audit.sampling.chance import Rate
from audit.sampling.draw.acts import discard, extend, replace_unit, second_stage, second_visits
from audit.sampling.draw.draw import Wish
from audit.sampling.draw.explain import explain_unit
from audit.sampling.draw.sample import Sample, read_sample, to_visit
from audit.sampling.draw.ticket import HOUSEHOLD, SECOND_VISIT, ticket
from audit.sampling.draw.verify import verify
from audit.sampling.layout import Samples
from audit.sampling.rows import DrawLog, Release, Replacement
from audit.sampling.store import Store, open_store
from tests.sampling.conftest import NOW, Draw, MakeFrame, homes


def order(n: int, seed: str = "s") -> list[str]:
    return sorted((row[0] for row in homes(n)), key=lambda unit: ticket(seed, HOUSEHOLD, unit))


def visited(samples: Samples, sample: Sample) -> list[str]:
    with open_store(samples) as store:
        return [one.unit.unit_id for one in to_visit(read_sample(samples, sample.sample_id), store)]


def put_in_place(samples: Samples, sample: Sample, unit: str, code: str, **more: bool) -> Replacement:
    return replace_unit(
        samples, sample.sample_id, unit, reason_code=code, evidence_id="记录1", approved_by="张主任", actor="a", now=NOW,
        approve_reserve=more.get("approve_reserve", False),
    )  # fmt: skip


def same(samples: Samples, sample: Sample) -> dict[str, bool | None]:
    return {one.what: one.same for one in verify(samples, sample.sample_id)}


def test_reserves_come_in_the_order_of_tickets(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    units = order(50)
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    assert put_in_place(samples, sample, units[4], "moved_away").in_unit == units[10]
    assert put_in_place(samples, sample, units[10], "deceased").in_unit == units[11]
    # Nobody at home: an easier household in its place would bend the result.
    assert put_in_place(samples, sample, units[5], "absent").in_unit is None
    with pytest.raises(RunError) as caught:
        put_in_place(samples, sample, units[0], "moved_away")
    assert (caught.value.key, caught.value.values["left"]) == ("sampling.reserves_used_up", 0)
    assert visited(samples, sample) == units[:12]
    assert all(same(samples, sample).values())


def test_an_approved_reserve(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    assert put_in_place(samples, sample, order(50)[0], "refused", approve_reserve=True).in_unit == order(50)[10]


@pytest.mark.parametrize(
    ("unit", "code", "evidence", "approved", "key"),
    [
        (0, "moved", "1", "z", "sampling.no_reason_code"),
        (0, "moved_away", " ", "z", "sampling.evidence_missing"),
        (0, "moved_away", "1", "", "sampling.approval_missing"),
        (10, "moved_away", "1", "z", "sampling.not_to_visit"),
    ],
)
def test_replacements_that_are_refused(
    samples: Samples, make_frame: MakeFrame, drawn: Draw, unit: int, code: str, evidence: str, approved: str, key: str
) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    with pytest.raises(RunError) as caught:
        replace_unit(
            samples, sample.sample_id, order(50)[unit], reason_code=code, evidence_id=evidence, approved_by=approved,
            actor="a", now=NOW,
        )  # fmt: skip
    assert caught.value.key == key
    with open_store(samples) as store:  # what is refused leaves nothing
        assert len(store.rows(DrawLog)) == 1
        assert store.rows(Release) == ()


def test_replaced_once_only(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    put_in_place(samples, sample, order(50)[0], "duplicate")
    with pytest.raises(RunError) as caught:
        put_in_place(samples, sample, order(50)[0], "duplicate")
    assert caught.value.key == "sampling.replaced_already"


def test_extending_takes_reserves_first_and_lists_more(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    units = order(50)
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    put_in_place(samples, sample, units[0], "moved_away")
    assert [one.unit_id for one in extend(samples, sample.sample_id, 5, actor="a", now=NOW)] == units[11:16]
    assert [one.unit_id for one in extend(samples, sample.sample_id, 1, actor="a", now=NOW)] == units[16:17]
    assert visited(samples, sample) == units[:17]
    assert len(read_sample(samples, sample.sample_id).further) == 2
    compared = verify(samples, sample.sample_id)
    assert all(one.same for one in compared)
    assert [one.what for one in compared].count("further") == 2
    with pytest.raises(RunError):
        extend(samples, sample.sample_id, 41, actor="a", now=NOW)


def test_two_extensions_at_once_come_one_after_the_other(
    samples: Samples, make_frame: MakeFrame, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))

    def another_is_quicker(of: Samples) -> AbstractContextManager[Store]:
        monkeypatch.undo()
        extend(samples, sample.sample_id, 5, actor="b", now=NOW)
        return open_store(of)

    monkeypatch.setattr("audit.sampling.draw.acts.open_store", another_is_quicker)
    mine = extend(samples, sample.sample_id, 6, actor="a", now=NOW)
    assert [one.unit_id for one in mine] == order(50)[15:21]
    assert visited(samples, sample) == order(50)[:21]
    assert len(read_sample(samples, sample.sample_id).further) == 2
    assert all(same(samples, sample).values())


def test_extending_shares_like_a_larger_draw(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    frame = make_frame(homes(60) + homes(40, "139903102000", first=61))
    sample = drawn(frame, Wish(n=10, seed="s", strata_by=("township",)))
    extend(samples, sample.sample_id, 7, actor="a", now=NOW)
    larger = drawn(frame, Wish(n=17, seed="s", strata_by=("township",)))
    assert set(visited(samples, sample)) == {one.unit_id for one in larger.listed() if one.role == "main"}


def test_the_second_stage_is_next_in_the_same_order(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    units = order(50)
    sample = drawn(make_frame(homes(50)), Wish(n=10, n2=5, seed="s"))
    assert visited(samples, sample) == units[:10]
    put_in_place(samples, sample, units[2], "moved_away")
    released = second_stage(samples, sample.sample_id, actor="a", now=NOW)
    assert [one.unit_id for one in released] == units[11:16]
    with open_store(samples) as store:
        stages = [one.unit.stage for one in to_visit(sample, store)]
    assert stages == [1] * 11 + [2] * 5
    with pytest.raises(RunError) as caught:
        second_stage(samples, sample.sample_id, actor="a", now=NOW)
    assert caught.value.key == "sampling.second_stage_already"
    assert all(same(samples, sample).values())


def test_replacements_may_use_up_what_was_listed_for_the_second_stage(
    samples: Samples, make_frame: MakeFrame, drawn: Draw
) -> None:
    units = order(50)
    sample = drawn(make_frame(homes(50)), Wish(n=4, n2=2, seed="s", reserve=Rate("0")))
    for unit in units[:2]:
        put_in_place(samples, sample, unit, "moved_away")
    assert [one.unit_id for one in second_stage(samples, sample.sample_id, actor="a", now=NOW)] == units[6:8]
    assert all(same(samples, sample).values())


def test_no_second_stage(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    with pytest.raises(RunError) as caught:
        second_stage(samples, sample.sample_id, actor="a", now=NOW)
    assert caught.value.key == "sampling.no_second_stage"


def test_second_visits_have_tickets_of_their_own(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    units = order(50)[:10]
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    again = sorted(units, key=lambda unit: ticket("s", SECOND_VISIT, unit))
    first = second_visits(samples, sample.sample_id, 3, actor="a", now=NOW)
    more = second_visits(samples, sample.sample_id, 5, actor="a", now=NOW)
    assert [one.unit_id for one in (*first, *more)] == again[:5]
    with pytest.raises(RunError, match="10"):
        second_visits(samples, sample.sample_id, 11, actor="a", now=NOW)


def test_a_discarded_sample_stays_in_the_log(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    with pytest.raises(RunError):
        discard(samples, sample.sample_id, because=" ", actor="a", now=NOW)
    discard(samples, sample.sample_id, because="抽样框用错", actor="李", now=NOW)
    with open_store(samples) as store:
        log = store.rows(DrawLog, sample_id=sample.sample_id)
    assert [(one.draw_id, one.act, one.actor, one.discarded_reason) for one in log] == [
        (f"{sample.sample_id}/1", "draw", "tester", None),
        (f"{sample.sample_id}/2", "discard", "李", "抽样框用错"),
    ]
    for act in (
        lambda: extend(samples, sample.sample_id, 1, actor="a", now=NOW),
        lambda: discard(samples, sample.sample_id, because="x", actor="a", now=NOW),
    ):
        with pytest.raises(RunError) as caught:
            act()
        assert caught.value.key == "sampling.discarded"
    assert all(same(samples, sample).values())


def edit_list(sample: Sample) -> None:
    path = sample.folder / "units.parquet"
    duckdb.execute(f"COPY (SELECT * REPLACE ('户00001' AS unit_id) FROM '{path}') TO '{path}.new' (FORMAT parquet)")
    Path(f"{path}.new").replace(path)


def edit_frame(sample: Sample) -> None:
    path = sample.frame.units
    duckdb.execute(f"COPY (FROM '{path}' WHERE unit_id <> '{order(50)[0]}') TO '{path}.new' (FORMAT parquet)")
    Path(f"{path}.new").replace(path)


def edit_seed(sample: Sample) -> None:
    path = sample.folder / "design.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**written, "seed": "better"}), encoding="utf-8")


def skip_a_reserve(sample: Sample) -> None:
    reserve = [one for one in sample.listed() if one.role == "reserve"][1]
    con = sqlite3.connect(sample.folder.parent.parent / "samples.sqlite")
    row = (f"{sample.sample_id}/1", sample.sample_id, reserve.unit_id, "all", reserve.rank, "replacement", 1, "t")
    con.execute("INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    con.commit()
    con.close()


@pytest.mark.parametrize(
    ("tamper", "differs"),
    [
        (edit_list, {"list"}),
        (edit_frame, {"frame", "replayed"}),
        (edit_seed, {"design", "replayed"}),
        (skip_a_reserve, {"order"}),
    ],
)
def test_tampering_shows(
    samples: Samples, make_frame: MakeFrame, drawn: Draw, tamper: Callable[[Sample], None], differs: set[str]
) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    assert all(same(samples, sample).values())
    tamper(sample)
    assert {what for what, right in same(samples, sample).items() if not right} == differs


def test_why_a_household_is_in_or_out(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    units = order(50)
    rows = homes(50) + homes(10, "139903102000", first=51)
    wish = Wish(n=10, seed="s", strata_by=("township",), leave_out=("139903102000",), reserve=Rate("0.2"))
    sample = drawn(make_frame(rows), wish)
    put_in_place(samples, sample, units[0], "moved_away")
    told = {unit: explain_unit(samples, sample.sample_id, unit) for unit in (units[9], units[10], units[11], units[12])}
    assert [(one.standing, one.rank) for one in told.values()] == [
        ("visited", 10),
        ("visited", 11),
        ("reserve", 12),
        ("beyond", 13),
    ]
    assert {(one.size, one.visited, one.cutoff) for one in told.values()} == {
        (50, 11, ticket("s", HOUSEHOLD, units[10]))
    }
    first = explain_unit(samples, sample.sample_id, units[0])
    assert first.visit is not None
    assert (first.visit.reason, first.visit.replaced_by) == ("moved_away", units[10])
    assert explain_unit(samples, sample.sample_id, "户00051").standing == "not_covered"
    assert explain_unit(samples, sample.sample_id, "户00061").standing == "not_in_frame"


def test_rows_are_added_and_never_changed(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    con = sqlite3.connect(samples.database)
    for statement in ("DELETE FROM draw_log", "UPDATE draw_log SET actor = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            con.execute(statement)
    con.close()


def test_a_record_of_a_newer_version(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    con = sqlite3.connect(samples.database)
    con.execute("PRAGMA user_version = 99")
    con.close()
    with pytest.raises(RunError) as caught:
        verify(samples, sample.sample_id)
    assert caught.value.key == "sampling.store_newer"
    samples.database.write_bytes(b"no database at all, but long enough to be looked at")
    with pytest.raises(RunError) as caught:
        verify(samples, sample.sample_id)
    assert caught.value.key == "sampling.store_unusable"


def test_names_may_be_short_but_not_ambiguous(samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    sample = drawn(make_frame(homes(50)), Wish(n=10, seed="s"))
    assert read_sample(samples, sample.sample_id[:4]) == sample
    for wrong in ("", "zzzz"):
        with pytest.raises(RunError) as caught:
            read_sample(samples, wrong)
        assert caught.value.key == "sampling.no_sample"
