"""Builds a frame again from its run, so that anybody sees whether it still comes out as it was frozen."""

from __future__ import annotations

from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.database import Settings, database
from audit.errors import RunError
from audit.sampling.frame.build import Definition, concerns_of, prepare
from audit.sampling.frame.digest import digest_of_rows
from audit.sampling.frame.record import FIRST_PHASE, Frame
from audit.sampling.frame.source import read_source
from audit.sampling.frame.statements import frame_sql


def rebuilt_digest(frame: Frame, out: Path, settings: Settings | None = None) -> str:
    """The digest of a frame as it is built from its run now; nothing is written.

    Which village lies how far away, who was verified recently, and which group a household was put into by phone was
    handed in and is no part of the run: it is taken from the frame.

    Args:
        frame: the frame.
        out: the output folder with the runs.
        settings: memory and scratch folder.

    Raises:
        RunError: the run, or the one compared with, is not there any more (``sampling.no_run``); it may not be sampled,
            or a file is damaged.
    """
    source = read_source(out, frame.run_id)
    with database(settings or Settings()) as opened:
        definition = definition_of(opened.con, frame)
        against = frame.definition.get("against")
        other = str(against) if against and not source.rehearsal else None
        concerns, _ = concerns_of(source, out, definition, other)
        prepare(opened.con, source, definition, definition.areas, concerns)
        rows = frame_sql(frame.population, definition.size)
        if FIRST_PHASE in frame.definition:
            groups = f"(SELECT unit_id, phone_group FROM read_parquet({quote(str(frame.units))})) AS p"
            rows = f"SELECT f.* REPLACE (p.phone_group AS phone_group) FROM ({rows}) AS f JOIN {groups} USING (unit_id)"
            rows = f"{rows} ORDER BY f.unit_id"
        digest, _ = digest_of_rows(opened.con, rows, source.folder)
    return digest


def definition_of(con: duckdb.DuckDBPyConnection, frame: Frame) -> Definition:
    """What a frame was asked to be.

    Raises:
        RunError: it is damaged.
    """
    rows = f"FROM read_parquet({quote(str(frame.units))})"
    try:
        classes = con.execute(f"SELECT DISTINCT village, distance_class {rows} WHERE distance_class <> ''").fetchall()
        verified = con.execute(f"SELECT unit_id {rows} WHERE recently_verified").fetchall()
    except duckdb.Error as error:
        raise RunError("sampling.file_damaged", file=frame.units) from error
    return Definition(
        frame.population,
        rules=_texts(frame, "rules"),
        areas=_texts(frame, "areas"),
        size=str(frame.definition.get("size", "findings")),
        distances=dict(classes),
        verified=frozenset(unit for (unit,) in verified),
    )


def _texts(frame: Frame, name: str) -> tuple[str, ...]:
    listed = frame.definition.get(name)
    return tuple(str(one) for one in listed) if isinstance(listed, list) else ()
