"""Builds a frame from a run and freezes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from audit.database import Settings, database
from audit.errors import RunError
from audit.memory import lacks_room
from audit.model.areas import leading_digits
from audit.model.nearest import nearest
from audit.runs.parquet import write_parquet
from audit.runs.publish import flush, written_aside
from audit.sampling.frame.digest import content_digest
from audit.sampling.frame.record import UNITS, Frame, Population, read_frame, write_frame
from audit.sampling.frame.source import Source, check_sound, read_source
from audit.sampling.frame.statements import changes_sql, difference_sql, findings_sql, frame_sql, homes_sql
from audit.sampling.layout import Samples

#: A frame's id is the beginning of its digest.
_ID_DIGITS = 12


@dataclass(frozen=True)
class Definition:
    """Who is to be in a frame, and by what it can be divided.

    Attributes:
        population: flagged, unflagged or disagreement.
        rules: only findings of these rules count; empty for all that count in the run.
        areas: leading digits of areas; empty for everywhere.
        size: the measure of size: findings, or findings weighed by severity.
        distances: of each village its distance class; empty for none.
        verified: households verified recently.
    """

    population: Population
    rules: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    size: str = "findings"
    distances: Mapping[str, str] = field(default_factory=dict)
    verified: frozenset[str] = frozenset()


def build_frame(
    samples: Samples,
    out: Path,
    definition: Definition,
    *,
    now: datetime,
    run: str | None = None,
    against: str | None = None,
    settings: Settings | None = None,
) -> Frame:
    """Build a frame from a run; the same run and definition give the same frame, which is then left as it is.

    Args:
        samples: the folder of samples.
        out: the output folder with the runs.
        definition: who is to be in it.
        now: the time, in UTC, for the record.
        run: a run's name or folder, by default the latest; for a disagreement also a rehearsal's.
        against: for a disagreement between two runs, the other one.
        settings: memory and scratch folder.

    Raises:
        RunError: the run may not be sampled so, a rule is not there, a village has no distance class, nobody is left,
            or a file can't be read or written.
    """
    source = read_source(out, run)
    concerns, told = concerns_of(source, out, definition, against)
    areas = [_digits(area) for area in definition.areas]
    with written_aside(samples.frames) as aside:
        made = aside / "frame"
        made.mkdir()
        with database(settings or Settings()) as opened:
            prepare(opened.con, source, definition, areas, concerns)
            if definition.distances:
                _check_classes(opened.con)
            write_parquet(opened.con, frame_sql(definition.population, definition.size), made / UNITS)
            digest, n_units = content_digest(opened.con, made / UNITS)
        if n_units == 0:
            raise RunError("sampling.nobody_left", run=source.run_id)
        told |= {
            "areas": areas,
            "size": definition.size,
            "distance_classes": sorted(set(definition.distances.values())),
            "recently_verified": len(definition.verified),
        }
        at = now.isoformat(timespec="seconds")
        return freeze(
            samples, Frame("", source.run_id, source.as_of, definition.population, told, n_units, digest, at, made)
        )


def freeze(samples: Samples, frame: Frame) -> Frame:
    """Give a frame that was written aside its name and its place; one that is there already stays as it is."""
    content = {
        "run_id": frame.run_id,
        "population": frame.population,
        "definition": frame.definition,
        "content": frame.content_sha256,
    }
    named = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:_ID_DIGITS]
    place = samples.frame(named)
    if place.is_dir():
        return read_frame(samples, named)
    frame = replace(frame, frame_id=named)
    write_frame(frame)
    flush(frame.folder)
    frame.folder.rename(place)
    return replace(frame, folder=place)


def _digits(area: str) -> str:
    digits = leading_digits(area)
    if not digits:
        raise RunError("sampling.area_wrong", value=area)
    return digits


def concerns_of(
    source: Source, out: Path, definition: Definition, against: str | None
) -> tuple[str, dict[str, object]]:
    """The SQL of the findings that count for a frame, and how the frame tells about them.

    Raises:
        RunError: the run may not be sampled so, or a rule or the run compared with is not there.
    """
    wanted = frozenset(definition.rules)
    if definition.population != "disagreement":
        if against:
            raise RunError("sampling.against_for_disagreement")
        _known(wanted, source.counted)
        looked_at = wanted or source.counted
        check_sound(source, looked_at)
        left_out = sorted(looked_at - source.evaluated)
        told: dict[str, object] = {"rules": sorted(wanted), "rules_not_evaluated": left_out}
        return findings_sql(source.folder, looked_at), told
    if source.rehearsal:
        return changes_sql(source.folder, wanted), {"rules": sorted(wanted), "against": "rehearsal"}
    if not against:
        raise RunError("sampling.no_other_run")
    other = read_source(out, against)
    if other.rehearsal or other.run_id == source.run_id or other.as_of != source.as_of:
        raise RunError("sampling.not_to_be_compared", run=source.run_id, other=other.run_id)
    _known(wanted, source.counted | other.counted)
    # A finding that is missing because its rule was not evaluated is no disagreement.
    both = source.evaluated & other.evaluated & (source.counted | other.counted)
    compared = wanted & both if wanted else both
    sql = difference_sql(findings_sql(source.folder, compared), findings_sql(other.folder, compared))
    left_out = sorted((wanted or source.counted | other.counted) - compared)
    return sql, {"rules": sorted(wanted), "against": other.run_id, "rules_not_compared": left_out}


def _known(wanted: Collection[str], counted: Collection[str]) -> None:
    for rule in sorted(wanted):
        if rule not in counted:
            raise RunError("sampling.no_such_rule", rule=rule, nearest=nearest(rule, sorted(counted)) or "–")


def prepare(
    con: duckdb.DuckDBPyConnection, source: Source, definition: Definition, areas: Sequence[str], concerns: str
) -> None:
    """Make what the statement of a frame reads.

    Raises:
        RunError: a file of the run is missing or damaged.
    """
    try:
        con.execute(f"CREATE VIEW homes AS {homes_sql(source.folder, areas)}")
        con.execute(f"CREATE VIEW concerns AS {concerns}")
        classes = pa.table(
            {"village": list(definition.distances), "distance_class": list(definition.distances.values())},
            schema=pa.schema([("village", pa.string()), ("distance_class", pa.string())]),
        )
        verified = pa.table({"unit_id": pa.array(sorted(definition.verified), pa.string())})
        con.register("classes", classes)
        con.register("verified", verified)
    except duckdb.Error as error:
        if lacks_room(error):
            raise
        raise RunError("sampling.file_damaged", file=source.folder) from error


def _check_classes(con: duckdb.DuckDBPyConnection) -> None:
    missing = con.execute(
        "SELECT DISTINCT village FROM homes ANTI JOIN classes USING (village) ORDER BY village LIMIT 5"
    ).fetchall()
    if missing:
        raise RunError("sampling.village_without_class", villages=", ".join(row[0] for row in missing))
