"""A sample as it was drawn: which households are to be visited, and from which run they were drawn."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.model.nearest import nearest
from audit.sampling.field.records import SAMPLES_FILE


@dataclass(frozen=True)
class Unit:
    """A household that is to be visited.

    Attributes:
        unit_id: the household.
        stratum: its stratum.
        township: 12-digit code.
        village: 12-digit code.
        flagged: whether the audit has findings about it in this frame.
        rules: the rules of these findings.
    """

    unit_id: str
    stratum: str
    township: str
    village: str
    flagged: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """A sample with all households that were released for a visit.

    Attributes:
        sample_id: its name.
        frame_id: the frame it was drawn from.
        run_id: the run from which the frame was built.
        as_of: the day of that run.
        units: in the order of villages, then household numbers.
        second: the households that a second inspector visits, without knowing what the first found.
    """

    sample_id: str
    frame_id: str
    run_id: str
    as_of: date
    units: tuple[Unit, ...]
    second: frozenset[str]


def read_sample(samples: Path, sample_id: str) -> Sample:
    """Read a sample: its main households, and the reserves released so far.

    Raises:
        RunError: there is no such sample, or it was discarded, or its files are damaged.
    """
    folder = samples / "draws" / sample_id
    if not (folder / "design.json").is_file():
        known = sorted(path.name for path in (samples / "draws").glob("*") if path.is_dir())
        raise RunError("field.no_sample", sample=sample_id, folder=samples, nearest=nearest(sample_id, known))
    try:
        frame_id = str(json.loads((folder / "design.json").read_text(encoding="utf-8"))["frame_id"])
        frame = samples / "frames" / frame_id
        record = json.loads((frame / "frame.json").read_text(encoding="utf-8"))
        released, second = _released(samples, sample_id)
        units = _units(folder, frame, released)
        return Sample(
            sample_id, frame_id, str(record["run_id"]), date.fromisoformat(record["as_of"]), units, frozenset(second)
        )
    except (OSError, ValueError, KeyError, TypeError, duckdb.Error, sqlite3.DatabaseError) as error:
        raise RunError("field.damaged_sample", sample=sample_id, folder=folder) from error


def _released(samples: Path, sample_id: str) -> tuple[list[str], list[str]]:
    with closing(sqlite3.connect((samples / SAMPLES_FILE).resolve().as_uri() + "?mode=ro", uri=True)) as con:
        discarded = con.execute(
            "SELECT discarded_reason FROM draw_log WHERE sample_id = ? AND act = 'discard'", [sample_id]
        ).fetchone()
        if discarded:
            raise RunError("field.discarded", sample=sample_id, because=discarded[0])
        released = con.execute("SELECT unit_id FROM release WHERE sample_id = ?", [sample_id]).fetchall()
        second = con.execute("SELECT unit_id FROM second_visit WHERE sample_id = ?", [sample_id]).fetchall()
    return [unit for (unit,) in released], [unit for (unit,) in second]


def _units(folder: Path, frame: Path, released: list[str]) -> tuple[Unit, ...]:
    listed = [folder / "units.parquet", *sorted(folder.glob("further-*.parquet"))]
    files = ", ".join(quote(str(path)) for path in listed)
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        rows = con.execute(
            "SELECT unit.unit_id, unit.stratum, unit.township, unit.village, frame.n_findings, frame.rules "
            f"FROM read_parquet([{files}]) AS unit JOIN read_parquet({quote(str(frame / 'frame.parquet'))}) AS frame "
            "ON frame.unit_id = unit.unit_id WHERE (unit.role = 'main' AND unit.stage = 1) "
            "OR list_contains(?, unit.unit_id) ORDER BY unit.village NULLS LAST, unit.unit_id",
            [released],
        ).fetchall()
    return tuple(
        Unit(unit, stratum, township or "", village or "", bool(findings), tuple(sorted(rules or ())))
        for unit, stratum, township, village, findings, rules in rows
    )
