"""A sample as it was drawn: which households are to be visited, and from which run they were drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.sampling.draw import sample as drawn
from audit.sampling.frame.record import Frame, Population
from audit.sampling.layout import Samples
from audit.sampling.rows import SecondVisit
from audit.sampling.store import open_store


@dataclass(frozen=True)
class Unit:
    """A household that is to be visited.

    Attributes:
        unit_id: the household.
        stratum: its stratum.
        village: 12-digit code.
        flagged: whether it has findings that count for this frame.
        rules: the rules of these findings.
    """

    unit_id: str
    stratum: str
    village: str
    flagged: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """A sample with all households that were released for a visit.

    Attributes:
        sample_id: its name.
        population: who could be drawn.
        run_id: the run from which the frame was built.
        as_of: the day of that run.
        units: in the order of villages, then household numbers.
        second: the households that a second inspector visits, without knowing what the first found.
    """

    sample_id: str
    population: Population
    run_id: str
    as_of: date
    units: tuple[Unit, ...]
    second: frozenset[str]


def read_sample(samples: Path, sample_id: str) -> Sample:
    """Read a sample: its main households, and the reserves released so far.

    Raises:
        RunError: there is no such sample, or it was discarded, or its files are damaged.
    """
    folder = Samples(samples)
    found = drawn.read_sample(folder, sample_id)
    with open_store(folder) as store:
        if gone := drawn.discarded(found, store):
            raise RunError("field.discarded", sample=found.sample_id, because=gone.discarded_reason or "–")
        visited = [one.unit for one in drawn.to_visit(found, store)]
        second = frozenset(one.unit_id for one in store.rows(SecondVisit, sample_id=found.sample_id))
    rules = _rules(found.frame, (unit.unit_id for unit in visited))
    units = (
        Unit(one.unit_id, one.stratum, one.village or "", one.n_findings > 0, rules.get(one.unit_id, ()))
        for one in visited
    )
    ordered = tuple(sorted(units, key=lambda one: (one.village, one.unit_id)))
    frame = found.frame
    return Sample(found.sample_id, frame.population, frame.run_id, frame.as_of, ordered, second)


def _rules(frame: Frame, units: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The rules that flag some households of a frame."""
    try:
        with duckdb.connect() as con:
            rows = con.execute(
                f"SELECT unit_id, rules FROM read_parquet({quote(str(frame.units))}) "
                "SEMI JOIN (SELECT unnest(?::VARCHAR[]) AS wanted) ON unit_id = wanted",
                [sorted(units)],
            ).fetchall()
    except duckdb.Error as error:
        raise RunError("sampling.file_damaged", file=frame.units) from error
    return {unit: tuple(sorted(rules)) for unit, rules in rows}
