"""Turns a wish into a design and a design into a drawn sample with a receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from importlib import metadata
from math import ceil

import duckdb

from audit.database import Settings, database
from audit.errors import RunError
from audit.model.nearest import nearest
from audit.runs.publish import written_aside
from audit.runs.record import write_record
from audit.sampling.allocation import FEWEST, Kind, Stratum, allocate, bounded, spread_of
from audit.sampling.chance import Rate
from audit.sampling.draw.design import SORTS, Design, Method, StratumShare, Wave
from audit.sampling.draw.in_place import let_wait, put_in_place, remove_forgotten
from audit.sampling.draw.sample import (
    DESIGN,
    RECEIPT,
    UNITS,
    Receipt,
    Sample,
    list_digest,
    read_sample,
    write_list,
)
from audit.sampling.draw.select import Listed, select, stratum_sizes
from audit.sampling.frame.digest import content_digest
from audit.sampling.frame.record import SECOND_PHASE_PARTS, Frame
from audit.sampling.layout import Samples
from audit.sampling.plan.plan import Plan
from audit.sampling.rows import DrawLog
from audit.sampling.store import open_store


@dataclass(frozen=True)
class Wish:
    """What an inspector asks a draw for.

    Attributes:
        n: visits, of the first stage.
        n2: visits of the second stage; 0 for none.
        reserve: reserves as a share of the visits of each stratum.
        method: how households are drawn.
        strata_by: by what the frame is divided.
        allocation: what visits of strata follow.
        minimum, maximum: fewest and most visits per stratum; by default at least 2.
        take_all, leave_out: strata that are visited wholly or not at all.
        expected: expected rate of deviations, by stratum; the empty name stands for all others (Neyman).
        costs: what a visit costs in which stratum, beside 1.
        sort_by: order of a systematic draw.
        seed: from which tickets are made.
        public: a number that became public only after the seed was committed to.
        commitment: SHA-256 of the seed, published before.
        seed_note: where the seed comes from, in words.
        wave: whether it continues another sample.
        wave_of: that sample.
        shift: where a rotated wave begins, between 0 and 1.
        plan: what the sample is to show.
    """

    n: int
    seed: str
    n2: int = 0
    reserve: Rate = field(default_factory=lambda: Rate("0.2"))
    method: Method = "ticket"
    strata_by: tuple[str, ...] = ()
    allocation: Kind = "proportional"
    minimum: int | None = None
    maximum: int | None = None
    take_all: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    expected: Mapping[str, Rate] = field(default_factory=dict)
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    sort_by: tuple[str, ...] = ()
    public: str = ""
    commitment: str = ""
    seed_note: str = ""
    wave: Wave = "first"
    wave_of: str | None = None
    shift: Rate = field(default_factory=lambda: Rate("0"))
    plan: Plan | None = None


def make_design(con: duckdb.DuckDBPyConnection, samples: Samples, frame: Frame, wish: Wish) -> Design:
    """Turn a wish into a design: strata, their visits, the seed.

    Raises:
        RunError: something asked for does not go together, a stratum is not there, or the visits can't be shared.
    """
    _check(wish)
    seed, shift = _seed(samples, frame, wish)
    by_size = wish.method in {"pareto", "sequential_poisson"}
    sizes = stratum_sizes(con, frame.units, wish.strata_by, sized=by_size)
    named = {*wish.take_all, *wish.leave_out, *wish.costs, *(name for name in wish.expected if name)}
    for name in sorted(named):
        if name not in sizes:
            raise RunError("sampling.no_stratum", stratum=name, nearest=nearest(name, list(sizes)) or "–")
    strata = [_stratum(name, size, wish) for name, size in sizes.items()]
    first = allocate(strata, wish.n, wish.allocation)
    both = allocate(strata, wish.n + wish.n2, wish.allocation) if wish.n2 else first
    shares = []
    for one, planned, together in zip(strata, first, both, strict=True):
        reserve = min(ceil(wish.reserve.value * together), one.size - together)
        shares.append(StratumShare(one.name, one.size, one.low, one.high, planned, together - planned, max(reserve, 0)))
    return Design(
        frame.frame_id,
        frame.content_sha256,
        wish.method,
        wish.strata_by,
        wish.allocation,
        tuple(shares),
        seed,
        {"note": wish.seed_note, "public": wish.public, "commitment": wish.commitment},
        wish.sort_by,
        wish.wave,
        wish.wave_of,
        shift.text,
        plan_record(wish.plan),
        wish.minimum,
        wish.maximum,
        wish.take_all,
        wish.leave_out,
        {name: format(cost, "f") for name, cost in sorted(wish.costs.items())},
        {name: rate.text for name, rate in sorted(wish.expected.items())},
    )


def _stratum(name: str, size: int, wish: Wish) -> Stratum:
    if name in wish.leave_out:
        return Stratum(name, size, 0, 0)
    rate = wish.expected.get(name) or wish.expected.get("") or Rate("0.5")
    return bounded(
        name,
        size,
        fewest=FEWEST if wish.minimum is None else wish.minimum,
        most=wish.maximum,
        take_all=name in wish.take_all,
        spread=spread_of(rate.value),
        cost=Fraction(wish.costs.get(name, Decimal(1))),
    )


def _check(wish: Wish) -> None:
    """See that what is asked for goes together."""
    for names, known in ((wish.strata_by, SECOND_PHASE_PARTS), (wish.sort_by, SORTS)):
        for name in names:
            if name not in known:
                raise RunError("sampling.no_part", part=name, parts=", ".join(known))
    if wish.method == "systematic" and (wish.reserve.value or wish.n2 or wish.shift.value):
        raise RunError("sampling.systematic_alone")
    if wish.method != "systematic" and wish.sort_by:
        raise RunError("sampling.sorted_for_systematic")
    if wish.method in {"pareto", "sequential_poisson"} and wish.n2:
        raise RunError("sampling.stages_by_ticket")
    if any(cost <= 0 for cost in wish.costs.values()):
        raise RunError("sampling.cost_wrong")
    if not wish.seed.strip() and wish.wave not in {"same", "rotate"}:
        raise RunError("sampling.no_seed")


def _seed(samples: Samples, frame: Frame, wish: Wish) -> tuple[str, Rate]:
    """The seed and where on the circle of tickets the wave begins."""
    seed = f"{wish.seed}+{wish.public}" if wish.public else wish.seed
    if wish.commitment and hashlib.sha256(wish.seed.encode()).hexdigest() != wish.commitment.lower():
        raise RunError("sampling.commitment_differs")
    if wish.wave == "first":
        return seed, wish.shift
    if not wish.wave_of:
        raise RunError("sampling.wave_of_missing", wave=wish.wave)
    earlier = read_sample(samples, wish.wave_of).design
    if wish.wave == "fresh":
        if seed == earlier.seed:
            raise RunError("sampling.seed_not_fresh")
        return seed, wish.shift
    if wish.seed and seed != earlier.seed:
        raise RunError("sampling.seed_not_same", wave=wish.wave)
    if (wish.wave == "rotate") != bool(wish.shift.value):
        raise RunError("sampling.shift_for_rotation")
    return earlier.seed, wish.shift if wish.wave == "rotate" else Rate(earlier.shift)


def plan_record(plan: Plan | None) -> dict[str, object]:
    """What a plan says, as text and whole numbers only."""
    if plan is None:
        return {}
    record: dict[str, object] = {}
    for name, value in asdict(plan).items():
        plain = value["text"] if isinstance(value, dict) else value
        record[name] = format(plain, "f") if isinstance(plain, Decimal) else plain
    return record


def draw(
    samples: Samples, frame: Frame, wish: Wish, *, actor: str, now: datetime, settings: Settings | None = None
) -> Sample:
    """Draw a sample, write it down and log it.

    Args:
        samples: the folder of samples.
        frame: the frame.
        wish: what is asked for.
        actor: who draws.
        now: the time, in UTC.
        settings: memory and scratch folder.

    Raises:
        RunError: what is asked for can't be drawn, it has been drawn already, or a file can't be read or written.
    """
    put_in_place(samples)
    with (
        written_aside(samples.draws) as aside,
        database(settings or Settings()) as opened,
        open_store(samples) as store,
    ):
        if content_digest(opened.con, frame.units)[0] != frame.content_sha256:
            raise RunError("sampling.frame_differs", frame=frame.frame_id)
        design = make_design(opened.con, samples, frame, wish)
        if samples.draw(design.sample_id).exists():
            raise RunError("sampling.drawn_already", sample=design.sample_id)
        units = select(opened.con, frame.units, design)
        receipt = _receipt(frame, design, units, actor, now)
        listed = aside / design.sample_id
        listed.mkdir()
        write_list(opened.con, units, listed / UNITS)
        write_record(listed / DESIGN, asdict(design))
        write_record(listed / RECEIPT, asdict(receipt))
        with store.act():
            remove_forgotten(samples, store)
            if store.rows(DrawLog, sample_id=design.sample_id):  # another program was quicker
                raise RunError("sampling.drawn_already", sample=design.sample_id)
            let_wait(listed, samples.draw(design.sample_id))
            store.add(_log(receipt))
    return read_sample(samples, design.sample_id)


def _receipt(frame: Frame, design: Design, units: Sequence[Listed], actor: str, now: datetime) -> Receipt:
    return Receipt(
        design.sample_id,
        frame.frame_id,
        frame.run_id,
        frame.content_sha256,
        design.sha256,
        list_digest(units),
        design.seed,
        design.method,
        len(units),
        metadata.version("household-audit"),
        actor,
        now.isoformat(timespec="seconds"),
    )


def _log(receipt: Receipt) -> DrawLog:
    """The first entry of a sample in the log."""
    return DrawLog(
        f"{receipt.sample_id}/1",
        receipt.sample_id,
        "draw",
        receipt.frame_sha256,
        receipt.design_sha256,
        receipt.list_sha256,
        receipt.tool_version,
        receipt.drawn_by,
        receipt.drawn_at,
    )
