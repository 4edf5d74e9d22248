"""A design: everything that a draw depends on beside the frame, in one record with one digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, get_args

from audit.errors import RunError
from audit.sampling.allocation import KINDS, Kind

#: Ticket: simple random sampling in each stratum. Systematic: every so many-th of the sorted frame. Pareto and
#: sequential Poisson: with a chance in proportion to the measure of size.
Method = Literal["ticket", "systematic", "pareto", "sequential_poisson"]
METHODS: tuple[Method, ...] = get_args(Method)
#: A first wave, or another one: the same households, fresh ones, or some of both.
Wave = Literal["first", "same", "fresh", "rotate"]
WAVES: tuple[Wave, ...] = get_args(Wave)
#: How the households of a stratum may be sorted for a systematic draw; the id comes last in any case.
SORTS = ("village", "township", "size_measure", "n_findings")
#: The stratum of a frame that is not divided.
WHOLE = "all"


@dataclass(frozen=True, slots=True)
class StratumShare:
    """What one stratum gets.

    Attributes:
        stratum: its name: the values by which it is divided, joined by `` | ``.
        size: N_h, its households.
        low, high: the fewest and the most visits that were asked for.
        n_planned: visits of the first stage.
        n_second: visits of the second stage.
        n_reserve: households listed in reserve.
    """

    stratum: str
    size: int
    low: int
    high: int
    n_planned: int
    n_second: int
    n_reserve: int

    @property
    def listed(self) -> int:
        """Households listed at the draw."""
        return self.n_planned + self.n_second + self.n_reserve


@dataclass(frozen=True)
class Design:
    """A design; its digest is taken of all of it.

    Attributes:
        frame_id, frame_sha256: the frame.
        method: how households are drawn.
        strata_by: by what the frame is divided.
        allocation: what visits of strata follow.
        strata: the strata in the order of their names.
        seed: from which tickets are made.
        seed_provenance: where the seed comes from, so that nobody can have picked it for its draw.
        sort_by: order of a systematic draw.
        wave: whether it continues another sample.
        wave_of: the sample it continues.
        shift: where on the circle of tickets a rotated wave begins, as decimal text.
        plan: the plan it carries out: aim, distribution, rates as decimal text, counts.
        minimum, maximum: the fewest and the most visits per stratum that were asked for.
        take_all, leave_out: strata that are visited wholly or not at all.
        costs: what a visit costs in which stratum, as decimal text.
        expected: expected rates of deviations by stratum, as decimal text; the empty name stands for all others.
        unit_type: what is drawn.
    """

    frame_id: str
    frame_sha256: str
    method: Method
    strata_by: tuple[str, ...]
    allocation: Kind
    strata: tuple[StratumShare, ...]
    seed: str
    seed_provenance: Mapping[str, str]
    sort_by: tuple[str, ...] = ()
    wave: Wave = "first"
    wave_of: str | None = None
    shift: str = "0"
    plan: Mapping[str, object] = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None
    take_all: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    costs: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)
    unit_type: str = "household"

    @property
    def sha256(self) -> str:
        """The digest of the design."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=True).encode()).hexdigest()

    @property
    def sample_id(self) -> str:
        """The id of the sample: the same frame and design give the same sample."""
        return self.sha256[:12]

    def share(self, stratum: str) -> StratumShare:
        """What one stratum gets."""
        return next(one for one in self.strata if one.stratum == stratum)


def read_design(path: Path) -> Design:
    """Read a design back.

    Raises:
        RunError: the file is missing or damaged.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        return Design(
            frame_id=str(written["frame_id"]),
            frame_sha256=str(written["frame_sha256"]),
            method=next(one for one in METHODS if one == written["method"]),
            strata_by=tuple(written["strata_by"]),
            allocation=next(one for one in KINDS if one == written["allocation"]),
            strata=tuple(StratumShare(**one) for one in written["strata"]),
            seed=str(written["seed"]),
            seed_provenance=dict(written["seed_provenance"]),
            sort_by=tuple(written["sort_by"]),
            wave=next(one for one in WAVES if one == written["wave"]),
            wave_of=written["wave_of"],
            shift=str(written["shift"]),
            plan=dict(written["plan"]),
            minimum=written["minimum"],
            maximum=written["maximum"],
            take_all=tuple(written["take_all"]),
            leave_out=tuple(written["leave_out"]),
            costs=dict(written["costs"]),
            expected=dict(written["expected"]),
            unit_type=str(written["unit_type"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise RunError("sampling.file_damaged", file=path) from error
