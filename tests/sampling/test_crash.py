"""Wherever a draw or an extension is cut off: it is there whole or not at all, and the next command works."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audit.errors import RunError
from audit.sampling.draw.acts import extend
from audit.sampling.draw.draw import draw
from audit.sampling.draw.sample import Sample, all_samples, read_sample, to_visit
from audit.sampling.draw.verify import verify
from audit.sampling.frame import Frame
from audit.sampling.layout import Samples
from audit.sampling.rows import DrawLog, Release
from audit.sampling.store import open_store
from tests.command import apart
from tests.sampling import crash
from tests.sampling.conftest import NOW, Draw, MakeFrame, homes
from tests.sampling.test_acts import order


def each_step(tmp_path: Path, samples: Samples, act: Callable[[str, str, str], None], name: str) -> Iterator[Samples]:
    """The folder of samples as an act leaves it that ends at any of its steps; at those between which nothing on the
    disk changes it leaves the same, so they are looked at once."""
    work, kept = shutil.copytree(samples.root, tmp_path / "work"), tmp_path / "kept"
    assert apart(act, str(work), name, str(kept)) == 0
    folders = sorted(kept.iterdir())
    assert len(folders) > 10
    assert int(folders[-1].name) > 100
    yield from map(Samples, folders)


def nothing_left_over(samples: Samples) -> None:
    assert list(samples.draws.rglob(".*")) == []


def in_order(samples: Samples, sample: Sample) -> None:
    assert all(one.same for one in verify(samples, sample.sample_id))


def test_a_draw(tmp_path: Path, samples: Samples, make_frame: MakeFrame) -> None:
    frame: Frame = make_frame(homes(50))
    was_drawn = []
    for left in each_step(tmp_path, samples, crash.draw_kept, frame.frame_id):
        found = all_samples(left)
        with open_store(left) as store:
            logged = store.rows(DrawLog)
        assert len(found) == len(logged)
        was_drawn.append(bool(found))
        if found:
            in_order(left, found[0])
            with pytest.raises(RunError, match=found[0].sample_id):
                draw(left, frame, crash.wish(), actor="again", now=NOW)
        else:
            in_order(left, draw(left, frame, crash.wish(), actor="again", now=NOW))
        (sample,) = all_samples(left)
        assert [one.unit_id for one in sample.listed()] == order(50)[:12]
        nothing_left_over(left)
    # It is drawn from one moment on, and that is neither the first nor the last.
    assert was_drawn == sorted(was_drawn)
    assert set(was_drawn) == {False, True}


def test_an_extension(tmp_path: Path, samples: Samples, make_frame: MakeFrame, drawn: Draw) -> None:
    sample = drawn(make_frame(homes(50)), crash.wish())
    was_extended = []
    for left in each_step(tmp_path, samples, crash.extend_kept, sample.sample_id):
        found = read_sample(left, sample.sample_id)
        in_order(left, found)
        with open_store(left) as store:
            released = store.rows(Release)
            assert len(store.rows(DrawLog)) == 1 + bool(released)
            visited = [one.unit.unit_id for one in to_visit(found, store)]
        assert (len(released), len(found.further)) in {(0, 0), (5, 1)}
        assert visited == order(50)[: 10 + len(released)]
        was_extended.append(bool(released))
        more = extend(left, sample.sample_id, 6, actor="again", now=NOW)
        assert [one.unit_id for one in more] == order(50)[10 + len(released) : 16 + len(released)]
        in_order(left, found)
        nothing_left_over(left)
    assert was_extended == sorted(was_extended)
    assert set(was_extended) == {False, True}
