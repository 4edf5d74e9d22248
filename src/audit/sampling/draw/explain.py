"""Says why a household is in a sample or not: its place in the order of the draw, and where the sample ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import duckdb

from audit.contract.normalise import quote
from audit.database import Settings, database
from audit.errors import RunError
from audit.sampling.draw.sample import Sample, Visited, read_sample, to_visit
from audit.sampling.draw.statements import key_sql, units_sql
from audit.sampling.layout import Samples
from audit.sampling.store import open_store

#: To be visited; listed in reserve; drawn later than the sample reaches; in a stratum without visits; not in the frame.
Standing = Literal["visited", "reserve", "beyond", "not_covered", "not_in_frame"]


@dataclass(frozen=True, slots=True)
class Explained:
    """Where a household stands.

    Attributes:
        unit_id: the household.
        standing: in or out, and how.
        stratum: its stratum; None if it is not in the frame.
        ticket: its ticket.
        rank: its place in the order of the draw; None if only the chosen have one.
        size: households of the stratum.
        visited: how many of them are visited.
        cutoff: the ticket of the last one visited; None if the order is not that of tickets.
        visit: how it is visited, if it is.
    """

    unit_id: str
    standing: Standing
    stratum: str | None = None
    ticket: str | None = None
    rank: int | None = None
    size: int | None = None
    visited: int | None = None
    cutoff: str | None = None
    visit: Visited | None = None


def explain_unit(samples: Samples, sample_id: str, unit_id: str, settings: Settings | None = None) -> Explained:
    """Say why a household is in a sample or not.

    Raises:
        RunError: there is no such sample, or a file is missing or damaged.
    """
    sample = read_sample(samples, sample_id)
    with open_store(samples) as store:
        visited = to_visit(sample, store)
    found = _find(sample, unit_id, settings)
    if found is None:
        return Explained(unit_id, "not_in_frame")
    stratum, ticket, rank = found
    share = next((one for one in sample.design.strata if one.stratum == stratum), None)
    here = [one for one in visited if one.unit.stratum == stratum]
    last = max(here, key=lambda one: one.unit.rank, default=None)
    listed = {one.unit_id: one for one in sample.listed() if one.stratum == stratum}
    mine = next((one for one in here if one.unit.unit_id == unit_id), None)
    standing: Standing = "visited" if mine else "reserve" if unit_id in listed else "beyond"
    if not here and standing == "beyond":
        standing = "not_covered"
    by_ticket = sample.design.method == "ticket"
    known = listed[unit_id].rank if unit_id in listed else None
    return Explained(
        unit_id,
        standing,
        stratum,
        ticket,
        rank if by_ticket else known,
        share.size if share else None,
        len(here),
        last.unit.ticket if last and by_ticket else None,
        mine,
    )


def _find(sample: Sample, unit_id: str, settings: Settings | None) -> tuple[str, str, int] | None:
    """The stratum, ticket and place of a household among all of its stratum."""
    units = f"(SELECT *, {key_sql(sample.design)} AS key FROM ({units_sql(sample.frame.units, sample.design)}))"
    with database(settings or Settings()) as opened:
        try:
            own = opened.con.execute(
                f"SELECT stratum, ticket, key FROM {units} WHERE unit_id = {quote(unit_id)}"
            ).fetchall()
            if not own:
                return None
            stratum, ticket, key = own[0]
            before = opened.con.execute(
                f"SELECT count(*) FROM {units} WHERE stratum = {quote(stratum)} "
                f"AND (key, unit_id) < ({quote(key)}, {quote(unit_id)})"
            ).fetchall()
        except duckdb.Error as error:
            raise RunError("sampling.file_damaged", file=sample.frame.units) from error
    return str(stratum), str(ticket), int(before[0][0]) + 1
