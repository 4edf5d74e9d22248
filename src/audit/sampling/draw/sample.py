"""A drawn sample: its design, its list, its receipt, and what was released since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.runs.parquet import write_parquet
from audit.sampling.draw.design import Design, read_design
from audit.sampling.draw.in_place import put_in_place
from audit.sampling.draw.select import EXTENSION, MAIN, Listed
from audit.sampling.frame.record import Frame, names_in, only_one, read_frame
from audit.sampling.layout import UNIT_COLUMNS, Samples
from audit.sampling.rows import DrawLog, Release, Replacement
from audit.sampling.store import Store, open_store

UNITS, DESIGN, RECEIPT = "units.parquet", "design.json", "receipt.json"


@dataclass(frozen=True)
class Receipt:
    """With what anybody can replay a draw.

    Attributes:
        sample_id, frame_id, run_id: what was drawn, from which frame of which run.
        frame_sha256, design_sha256, list_sha256: digests of the three.
        seed: from which tickets were made.
        method: how it was drawn.
        units: how many households are listed.
        tool_version: version of this program.
        drawn_by: who drew it.
        drawn_at: when, in UTC.
    """

    sample_id: str
    frame_id: str
    run_id: str
    frame_sha256: str
    design_sha256: str
    list_sha256: str
    seed: str
    method: str
    units: int
    tool_version: str
    drawn_by: str
    drawn_at: str


@dataclass(frozen=True)
class Further:
    """Households listed later, by an extension: ``further-1.json``."""

    number: int
    list_sha256: str
    units: int


@dataclass(frozen=True)
class Sample:
    """A drawn sample as its folder tells it.

    Attributes:
        folder: where it is.
        design: how it was drawn.
        receipt: its digests.
        frame: from what.
        further: lists added by extensions.
    """

    folder: Path
    design: Design
    receipt: Receipt
    frame: Frame
    further: tuple[Further, ...]

    @property
    def sample_id(self) -> str:
        """Its id."""
        return self.receipt.sample_id

    @property
    def lists(self) -> tuple[Path, ...]:
        """The Parquet files of all its lists, in their order."""
        return (self.folder / UNITS, *(further_path(self.folder, one.number) for one in self.further))

    def listed(self) -> tuple[Listed, ...]:
        """All households listed, by stratum and rank.

        Raises:
            RunError: a list is missing or damaged.
        """
        found = [unit for path in self.lists for unit in read_list(path)]
        return tuple(sorted(found, key=lambda one: (one.stratum, one.rank)))


@dataclass(frozen=True, slots=True)
class Visited:
    """A household that is to be visited.

    Attributes:
        unit: as listed; ``stage`` and ``role`` are those it has now.
        replaced_by: the reserve that is visited in its place.
        reason: why it was replaced or is not verified.
    """

    unit: Listed
    replaced_by: str | None = None
    reason: str | None = None


def read_sample(samples: Samples, sample_id: str) -> Sample:
    """Read a sample; the first digits of its id are enough if no other begins alike.

    Raises:
        RunError: there is no such sample, or several, or it is damaged.
    """
    put_in_place(samples)
    folder = samples.draw(only_one(samples.draws, sample_id, "sampling.no_sample"))
    design = read_design(folder / DESIGN)
    try:
        receipt = Receipt(**json.loads((folder / RECEIPT).read_text(encoding="utf-8")))
        further: list[Further] = []
        while (path := further_path(folder, len(further) + 1).with_suffix(".json")).is_file():
            further.append(Further(**json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError) as error:
        raise RunError("sampling.file_damaged", file=folder / RECEIPT) from error
    return Sample(folder, design, receipt, read_frame(samples, design.frame_id), tuple(further))


def all_samples(samples: Samples) -> tuple[Sample, ...]:
    """All samples of a folder, in the order in which they were drawn."""
    put_in_place(samples)
    found = [read_sample(samples, name) for name in names_in(samples.draws)]
    return tuple(sorted(found, key=lambda one: (one.receipt.drawn_at, one.sample_id)))


def further_path(folder: Path, number: int) -> Path:
    """The list that the so-many-th extension added."""
    return folder / f"further-{number}.parquet"


def to_visit(sample: Sample, store: Store) -> tuple[Visited, ...]:
    """The households to be visited now: the main ones of the first stage, and all released since, in ticket order.

    Replaced households are among them, with the reserve that stands in for them; they stay in the sample.
    """
    released = {one.unit_id: one for one in store.rows(Release, sample_id=sample.sample_id)}
    replaced = {one.out_unit: one for one in store.rows(Replacement, sample_id=sample.sample_id)}
    visited = []
    for unit in sample.listed():
        release = released.get(unit.unit_id)
        if release is None and not (unit.role == MAIN and unit.stage == 1):
            continue
        now = unit
        if release:
            role = {"replacement": unit.role, "extension": EXTENSION, "second_stage": MAIN}[release.purpose]
            now = replace(unit, role=role, stage=release.stage)
        gone = replaced.get(unit.unit_id)
        visited.append(Visited(now, gone.in_unit if gone else None, gone.reason_code if gone else None))
    return tuple(visited)


def visited_from(samples: Samples, frame_id: str) -> dict[str, tuple[Visited, ...]]:
    """The households to be visited of every sample drawn from a frame, by the sample's id; discarded ones are left out.

    Raises:
        RunError: a file is missing or damaged.
    """
    drawn = [one for one in all_samples(samples) if one.receipt.frame_id == frame_id]
    if not drawn:
        return {}
    with open_store(samples) as store:
        return {one.sample_id: to_visit(one, store) for one in drawn if discarded(one, store) is None}


def discarded(sample: Sample, store: Store) -> DrawLog | None:
    """The act that discarded a sample, if one did."""
    log = store.rows(DrawLog, sample_id=sample.sample_id, act="discard")
    return log[0] if log else None


def list_digest(units: Iterable[Listed]) -> str:
    """The SHA-256 of a list: one line per household, with all that the list says, in its order."""
    digest = hashlib.sha256()
    for unit in units:
        cells = [str(getattr(unit, name)) for name in UNIT_COLUMNS]
        digest.update(("\x1f".join(cells) + "\n").encode())
    return digest.hexdigest()


def write_list(con: duckdb.DuckDBPyConnection, units: Sequence[Listed], path: Path) -> None:
    """Write a list as Parquet, in its order."""
    con.register("listed", pa.Table.from_pylist([asdict(unit) for unit in units]))
    shown = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in UNIT_COLUMNS.items())
    write_parquet(con, f"SELECT {shown} FROM listed", path)


def read_list(path: Path) -> tuple[Listed, ...]:
    """Read a list back, in its order.

    Raises:
        RunError: the file is missing or damaged.
    """
    names = ", ".join(field.name for field in fields(Listed))
    try:
        rows = duckdb.execute(f"SELECT {names} FROM read_parquet({quote(str(path))})").fetchall()
    except duckdb.Error as error:
        raise RunError("sampling.file_damaged", file=path) from error
    return tuple(Listed(*row) for row in rows)
