"""The time left, from what there is to do and how long it took so far."""

from __future__ import annotations

import pytest

from audit.remaining import Part, Remaining, parts_of
from tests.conftest import SAMPLE

PARTS = (
    Part("contract", "households", 10),
    Part("contract", "persons", 30),
    Part("rates", "", 40),
    Part("pages", "", 20),
)


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def following(time: Time, running: float = 0.0) -> Remaining:
    remaining = Remaining(time)
    remaining.expect(PARTS, lambda: running)
    return remaining


def test_what_is_done_tells_what_is_left(time: Time) -> None:
    remaining = following(time)
    remaining("contract", "households")
    assert remaining.seconds_left() is None
    time.now = 20
    remaining("contract", "persons")
    assert remaining.share() == pytest.approx(0.1)
    assert remaining.seconds_left() == pytest.approx(180)
    time.now = 60
    remaining("rates", "")
    assert remaining.share() == pytest.approx(0.4)
    assert remaining.seconds_left() == pytest.approx(90)


def test_a_long_statement_tells_how_far_it_is(time: Time) -> None:
    remaining = following(time, running=50.0)
    remaining("contract", "persons")
    time.now = 50
    assert remaining.share() == pytest.approx(0.25)
    assert remaining.seconds_left() == pytest.approx(150)


def test_pages_count_themselves(time: Time) -> None:
    remaining = following(time)
    remaining("pages", "3/4")
    assert remaining.share() == pytest.approx(0.95)


def test_nothing_runs_backwards(time: Time) -> None:
    done = [90.0]
    remaining = Remaining(time)
    remaining.expect(PARTS, lambda: done[0])
    remaining("contract", "persons")
    assert remaining.share() == pytest.approx(0.37)
    done[0] = 5.0  # the next statement of the same part
    assert remaining.share() == pytest.approx(0.37)
    remaining("contract", "households")
    assert remaining.share() == pytest.approx(0.37)


def test_a_table_that_nobody_expected_changes_nothing(time: Time) -> None:
    remaining = following(time)
    remaining("contract", "persons")
    remaining("contract", "visits")
    assert remaining.share() == pytest.approx(0.1)


def test_the_time_left_in_words(time: Time) -> None:
    remaining = following(time)
    assert remaining.left("en") == ""
    remaining("rates", "")
    time.now = 50
    assert remaining.left("en") == "About 2 min left."
    time.now = 4
    assert remaining.left("en") == "Less than a minute left."


def test_the_work_follows_from_the_rows() -> None:
    from audit.accepted import opened_registry
    from audit.database import Settings

    told: list[Part] = []
    settings = Settings(on_work=lambda parts, _running: told.extend(parts))
    with opened_registry(SAMPLE, None, settings) as opened:
        assert tuple(told) == parts_of(opened.registry)
    costs = {(part.step, part.what): part.cost for part in told}
    households = sum(feed.source.rows_read for feed in opened.registry.feeds if feed.table == "households")
    assert costs["contract", "households"] == pytest.approx(2.8 * households)
    assert costs["rates", ""] == pytest.approx(14 * households)
    assert [part.step for part in told] == sorted(
        (part.step for part in told), key=list(dict.fromkeys(p.step for p in told)).index
    )


def test_what_is_not_taken_leaves_nothing_to_wait_for(time: Time) -> None:
    remaining = Remaining(time, ("contract", "rates"))
    remaining.expect(PARTS, lambda: 0.0)
    remaining("rates", "")
    time.now = 50
    # 40 of 80 are done in 50 seconds; the pages, 20 more, are not made.
    assert remaining.seconds_left() == pytest.approx(50)
