"""Replays a draw and says what is as it was: anybody with the frame and the receipt can do it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audit.database import Settings, database
from audit.errors import RunError
from audit.sampling.draw.acts import further_units
from audit.sampling.draw.sample import UNITS, Sample, further_path, list_digest, read_list, read_sample, to_visit
from audit.sampling.draw.select import Listed, select
from audit.sampling.frame.digest import content_digest
from audit.sampling.frame.rebuild import rebuilt_digest
from audit.sampling.layout import Samples
from audit.sampling.rows import DrawLog
from audit.sampling.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that was computed again.

    Attributes:
        what: rebuilt, frame, design, list, replayed, further, log, order.
        expected: what the receipt says.
        found: what comes out now; None if it could not be computed.
        because: why it could not, or why nothing right came out.
    """

    what: str
    expected: str
    found: str | None
    because: RunError | None = None

    @property
    def same(self) -> bool | None:
        """Whether it is as it was; None if nobody can tell any more."""
        return None if self.found is None else self.expected == self.found


def verify(
    samples: Samples, sample_id: str, out: Path | None = None, settings: Settings | None = None
) -> tuple[Compared, ...]:
    """Compute all digests of a sample again, draw it again, and see that reserves were released in order.

    Args:
        samples: the folder of samples.
        sample_id: the sample; the first digits are enough.
        out: the output folder with the runs, so that the frame is built again too; None to take the frame as it is.
        settings: memory and scratch folder.

    Raises:
        RunError: there is no such sample, or a file is missing or damaged.
    """
    sample = read_sample(samples, sample_id)
    with open_store(samples) as store:
        rebuilt = (_rebuilt(sample, out, settings),) if out else ()
        return (*rebuilt, *_compare(sample, store, settings))


def _rebuilt(sample: Sample, out: Path, settings: Settings | None) -> Compared:
    """The frame built again from its run; a run that is not kept any more says nothing, for or against."""
    expected = sample.receipt.frame_sha256
    try:
        return Compared("rebuilt", expected, rebuilt_digest(sample.frame, out, settings))
    except RunError as error:
        if error.key != "sampling.no_run":
            return Compared("rebuilt", expected, "-", error)
        gone = Path(str(error.values["folder"]))
        return Compared("rebuilt", expected, None, RunError("sampling.run_gone", run=gone.name, folder=out))


def _compare(sample: Sample, store: Store, settings: Settings | None) -> Iterator[Compared]:
    receipt, design = sample.receipt, sample.design
    with database(settings or Settings()) as opened:
        frame, _ = content_digest(opened.con, sample.frame.units)
        yield Compared("frame", receipt.frame_sha256, frame)
        yield Compared("design", receipt.design_sha256, design.sha256)
        listed = read_list(sample.folder / UNITS)
        yield Compared("list", receipt.list_sha256, list_digest(listed))
        yield Compared(
            "replayed", receipt.list_sha256, _replayed(partial(select, opened.con, sample.frame.units, design))
        )
    yield from _further(sample, settings)
    logged = store.rows(DrawLog, sample_id=sample.sample_id, act="draw")
    yield Compared("log", receipt.list_sha256, str(logged[0].list_sha256) if logged else "-")
    yield Compared("order", "", ", ".join(_out_of_order(sample, store)))


def _replayed(drawn: partial[tuple[Listed, ...]]) -> str:
    """The digest of a list drawn again; empty if the frame no longer yields it."""
    try:
        return list_digest(drawn())
    except RunError:
        return "-"


def _further(sample: Sample, settings: Settings | None) -> Iterator[Compared]:
    """Lists that extensions added."""
    counts = {one.stratum: one.listed for one in sample.design.strata}
    for one in sample.further:
        units = read_list(further_path(sample.folder, one.number))
        wanted = dict(counts)
        for unit in units:
            wanted[unit.stratum] = max(wanted[unit.stratum], unit.rank)
        yield Compared("further", one.list_sha256, list_digest(units))
        yield Compared(
            "replayed",
            one.list_sha256,
            _replayed(partial(further_units, sample, wanted, counts, settings)),
        )
        counts = wanted


def _out_of_order(sample: Sample, store: Store) -> Iterator[str]:
    """Strata in which somebody is visited although one before is not."""
    visited = {one.unit.unit_id for one in to_visit(sample, store)}
    passed: set[str] = set()
    told: set[str] = set()
    for unit in sample.listed():
        if unit.unit_id not in visited:
            passed.add(unit.stratum)
        elif unit.stratum in passed and unit.stratum not in told:
            told.add(unit.stratum)
            yield unit.stratum
