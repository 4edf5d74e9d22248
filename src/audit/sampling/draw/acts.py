"""What is done with a sample after its draw: each act checks, then adds its rows in one transaction.

Households are released strictly in the order of the draw within their stratum: whatever is released is then still a
simple random sample, whoever was replaced, and however often the sample was extended (D13).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from fractions import Fraction
from importlib import metadata

from audit.database import Settings, database
from audit.errors import RunError
from audit.model.nearest import nearest
from audit.runs.publish import written_aside
from audit.runs.record import write_record
from audit.sampling.allocation import Stratum, allocate, spread_of
from audit.sampling.draw.design import Design, StratumShare
from audit.sampling.draw.in_place import let_wait, put_in_place, remove_forgotten
from audit.sampling.draw.reasons import REASONS
from audit.sampling.draw.sample import (
    Further,
    Sample,
    discarded,
    further_path,
    list_digest,
    read_sample,
    to_visit,
    write_list,
)
from audit.sampling.draw.select import EXTENSION, Listed, select
from audit.sampling.draw.ticket import SECOND_VISIT, ticket
from audit.sampling.layout import Samples
from audit.sampling.rows import Act, DrawLog, Purpose, Release, Replacement, SecondVisit
from audit.sampling.store import Store, open_store


def replace_unit(
    samples: Samples,
    sample_id: str,
    unit_id: str,
    *,
    reason_code: str,
    evidence_id: str,
    approved_by: str,
    actor: str,
    now: datetime,
    approve_reserve: bool = False,
) -> Replacement:
    """Say that a household is not verified and, if the reason asks for it, release the next reserve of its stratum.

    Args:
        samples: the folder of samples.
        sample_id: the sample.
        unit_id: the household.
        reason_code: one of ``REASONS``.
        evidence_id: what shows it.
        approved_by: who approved it.
        actor: who enters it.
        now: the time, in UTC.
        approve_reserve: release a reserve although the reason does not ask for one; it stays unresolved all the same.

    Raises:
        RunError: the household is not to be visited, was replaced already, the code is unknown, evidence or approval
            is missing, or no reserve is left.
    """
    sample = read_sample(samples, sample_id)
    reason = REASONS.get(reason_code)
    if reason is None:
        raise RunError("sampling.no_reason_code", code=reason_code, codes=", ".join(REASONS))
    if reason.evidence and not evidence_id.strip():
        raise RunError("sampling.evidence_missing", code=reason_code)
    if not approved_by.strip():
        raise RunError("sampling.approval_missing")
    with _act(samples, sample, "replace", actor, now) as (store, log, sample):
        visited = {one.unit.unit_id: one for one in to_visit(sample, store)}
        if unit_id not in visited:
            raise RunError("sampling.not_to_visit", unit=unit_id, nearest=nearest(unit_id, list(visited)) or "–")
        if visited[unit_id].reason:
            raise RunError("sampling.replaced_already", unit=unit_id)
        inn = None
        if reason.reserve or approve_reserve:
            stratum = visited[unit_id].unit.stratum
            stage = visited[unit_id].unit.stage
            (inn,) = _next(sample, store, stratum, 1)
            store.add(_release(log, inn, "replacement", stage))
        row = Replacement(
            sample.sample_id, unit_id, inn.unit_id if inn else None, reason_code, evidence_id, approved_by, log.at
        )
        store.add(row)
    return row


def extend(
    samples: Samples, sample_id: str, more: int, *, actor: str, now: datetime, settings: Settings | None = None
) -> tuple[Listed, ...]:
    """Visit more households: the next ones of each stratum, shared like the first ones.

    Returns:
        The households released.

    Raises:
        RunError: the sample is systematic, or there are not so many households left.
    """
    sample = read_sample(samples, sample_id)
    if more < 1:
        raise RunError("sampling.more_than_none", n=more)
    if sample.design.method != "ticket":
        raise RunError("sampling.extended_by_ticket", method=sample.design.method)
    with _act(samples, sample, "extend", actor, now) as (store, log, sample):
        extended = sum(one.purpose == EXTENSION for one in store.rows(Release, sample_id=sample.sample_id))
        shares = _shares_of_more(sample.design, extended, more)
        return _release_next(samples, sample, store, log, shares, "extension", settings)


def second_stage(
    samples: Samples, sample_id: str, *, actor: str, now: datetime, settings: Settings | None = None
) -> tuple[Listed, ...]:
    """Release the second stage of a sample: the next households of each stratum.

    Raises:
        RunError: the plan has no second stage, or it is released already.
    """
    sample = read_sample(samples, sample_id)
    shares = {one.stratum: one.n_second for one in sample.design.strata if one.n_second}
    if not shares:
        raise RunError("sampling.no_second_stage", sample=sample.sample_id)
    with _act(samples, sample, "second_stage", actor, now) as (store, log, sample):
        if store.rows(DrawLog, sample_id=sample.sample_id, act="second_stage"):
            raise RunError("sampling.second_stage_already", sample=sample.sample_id)
        return _release_next(samples, sample, store, log, shares, "second_stage", settings)


def second_visits(samples: Samples, sample_id: str, n: int, *, actor: str, now: datetime) -> tuple[SecondVisit, ...]:
    """Choose households that a second inspector verifies blindly: those with the smallest tickets for it.

    Args:
        samples: the folder of samples.
        sample_id: the sample.
        n: how many in all; those chosen before are among them.
        actor: who chooses.
        now: the time, in UTC.

    Returns:
        The households chosen now.

    Raises:
        RunError: there are not so many households to visit.
    """
    sample = read_sample(samples, sample_id)
    with _act(samples, sample, "second_visits", actor, now) as (store, log, sample):
        eligible = [one.unit.unit_id for one in to_visit(sample, store) if not one.reason]
        if not 0 < n <= len(eligible):
            raise RunError("sampling.too_many_second_visits", n=n, most=len(eligible))
        chosen = {one.unit_id for one in store.rows(SecondVisit, sample_id=sample.sample_id)}
        tickets = sorted((ticket(sample.design.seed, SECOND_VISIT, unit), unit) for unit in eligible)
        new = [(drawn, unit) for drawn, unit in tickets[:n] if unit not in chosen]
        rows = tuple(SecondVisit(log.draw_id, sample.sample_id, unit, drawn, log.at) for drawn, unit in new)
        store.add(*rows)
    return rows


def discard(samples: Samples, sample_id: str, *, because: str, actor: str, now: datetime) -> None:
    """Discard a sample: it stays on the disk and in the log, with the reason.

    Raises:
        RunError: no reason is given, or it is discarded already.
    """
    sample = read_sample(samples, sample_id)
    if not because.strip():
        raise RunError("sampling.discard_reason_missing")
    with _act(samples, sample, "discard", actor, now, because.strip()):
        pass


@contextmanager
def _act(
    samples: Samples, sample: Sample, act: Act, actor: str, now: datetime, discarded_reason: str | None = None
) -> Iterator[tuple[Store, DrawLog, Sample]]:
    """One act on a sample that is not discarded: its entry in the log, and whatever is added within.

    Gives the sample as it is now that no other program can extend it.
    """
    with open_store(samples) as store, store.act():
        sample = read_sample(samples, sample.sample_id)
        if gone := discarded(sample, store):
            raise RunError("sampling.discarded", sample=sample.sample_id, reason=gone.discarded_reason)
        number = 1 + len(store.rows(DrawLog, sample_id=sample.sample_id))
        log = DrawLog(
            f"{sample.sample_id}/{number}",
            sample.sample_id,
            act,
            sample.receipt.frame_sha256,
            sample.receipt.design_sha256,
            None,
            metadata.version("household-audit"),
            actor,
            now.isoformat(timespec="seconds"),
            discarded_reason,
        )
        if act not in {"extend", "second_stage"}:  # these learn only later whether they list further households
            store.add(log)
        yield store, log, sample
    put_in_place(samples)


def _release_next(
    samples: Samples,
    sample: Sample,
    store: Store,
    log: DrawLog,
    shares: Mapping[str, int],
    purpose: Purpose,
    settings: Settings | None,
) -> tuple[Listed, ...]:
    """Release the next households of each stratum; where too few are listed, more are listed first."""
    lacking = _lacking(sample, store, shares)
    further: tuple[Listed, ...] = ()
    if any(lacking.values()):
        further = _list_further(samples, sample, lacking, store, settings)
        log = replace(log, list_sha256=list_digest(further))
    units = tuple(unit for name, n in shares.items() for unit in _next(sample, store, name, n, further))
    stage = 2 if purpose == "second_stage" else 1
    store.add(log, *(_release(log, unit, purpose, stage) for unit in units))
    return units


def _next(sample: Sample, store: Store, stratum: str, n: int, further: Sequence[Listed] = ()) -> tuple[Listed, ...]:
    """The next households of a stratum in the order of the draw, not visited yet; ``further`` are listed now."""
    taken = {one.unit.unit_id for one in to_visit(sample, store)}
    listed = (*sample.listed(), *further)
    left = [one for one in listed if one.stratum == stratum and one.unit_id not in taken]
    if len(left) < n:
        raise RunError("sampling.reserves_used_up", stratum=stratum, left=len(left), wanted=n)
    return tuple(left[:n])


def _release(log: DrawLog, unit: Listed, purpose: Purpose, stage: int) -> Release:
    return Release(log.draw_id, log.sample_id, unit.unit_id, unit.stratum, unit.rank, purpose, stage, log.at)


def _shares_of_more(design: Design, extended: int, more: int) -> dict[str, int]:
    """How many more households each stratum gets: the visits are shared anew, and nobody gets fewer."""
    strata = [
        Stratum(one.stratum, one.size, one.low, one.high, *_spread_and_cost(design, one)) for one in design.strata
    ]
    planned = sum(one.n_planned + one.n_second for one in design.strata)
    before = allocate(strata, planned + extended, design.allocation)
    after = allocate(strata, planned + extended + more, design.allocation)
    return {one.name: now - then for one, then, now in zip(strata, before, after, strict=True) if now > then}


def _spread_and_cost(design: Design, one: StratumShare) -> tuple[Fraction, Fraction]:
    rate = design.expected.get(one.stratum) or design.expected.get("") or "0.5"
    return spread_of(Fraction(rate)), Fraction(design.costs.get(one.stratum, "1"))


def _lacking(sample: Sample, store: Store, shares: Mapping[str, int]) -> dict[str, int]:
    """How many households of each stratum must be listed before so many can be released."""
    taken = {one.unit.unit_id for one in to_visit(sample, store)}
    left = dict.fromkeys(shares, 0)
    for one in sample.listed():
        if one.stratum in left and one.unit_id not in taken:
            left[one.stratum] += 1
    return {name: max(0, n - left[name]) for name, n in shares.items()}


def _list_further(
    samples: Samples, sample: Sample, lacking: dict[str, int], store: Store, settings: Settings | None
) -> tuple[Listed, ...]:
    """List the next households of the draw in a file of their own, which waits for this act to be logged."""
    listed = sample.listed()
    counts = {one.stratum: sum(unit.stratum == one.stratum for unit in listed) for one in sample.design.strata}
    for one in sample.design.strata:
        if counts[one.stratum] + lacking.get(one.stratum, 0) > one.size:
            left = one.size - counts[one.stratum]
            raise RunError("sampling.stratum_used_up", stratum=one.stratum, left=left)
    new = further_units(sample, {name: counts[name] + n for name, n in lacking.items()}, counts, settings)
    target = further_path(sample.folder, len(sample.further) + 1)
    remove_forgotten(samples, store)
    with written_aside(sample.folder) as aside, database(settings or Settings()) as opened:
        lists = aside / target.name
        lists.mkdir()
        write_list(opened.con, new, lists / target.name)
        further = Further(len(sample.further) + 1, list_digest(new), len(new))
        write_record(lists / target.with_suffix(".json").name, asdict(further))
        let_wait(lists, sample.folder / str(further.number))
    return new


def further_units(
    sample: Sample, wanted: dict[str, int], listed: dict[str, int], settings: Settings | None
) -> tuple[Listed, ...]:
    """The households of a draw beyond those listed: of each stratum up to so many in all."""
    shares = tuple(
        replace(one, n_reserve=max(wanted.get(one.stratum, 0), listed[one.stratum]) - one.n_planned - one.n_second)
        for one in sample.design.strata
    )
    with database(settings or Settings()) as opened:
        units = select(opened.con, sample.frame.units, replace(sample.design, strata=shares))
    return tuple(replace(unit, role=EXTENSION) for unit in units if unit.rank > listed[unit.stratum])
