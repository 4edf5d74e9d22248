"""Compares two frames: which households stayed, moved, left or entered, and why, as far as frames and runs tell."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from audit.contract.hand_csv import guarded
from audit.contract.normalise import quote
from audit.database import Settings, database
from audit.errors import RunError
from audit.memory import lacks_room
from audit.runs.parquet import write_parquet
from audit.sampling.frame.build import concerns_of
from audit.sampling.frame.compare_statements import CHANGES, SIDES, Side, changes_sql
from audit.sampling.frame.rebuild import definition_of
from audit.sampling.frame.record import FIRST_PHASE, PARTS, Frame
from audit.sampling.frame.source import Source, read_source
from audit.sampling.frame.statements import findings_sql, homes_sql

_KEYS = "keys.parquet"
_NOBODY = "SELECT '' AS unit_id, '' AS village, '' AS rule_id LIMIT 0"
_VISITED = ("unit_id", "samples")
#: Rows of a CSV that are written at a time.
_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Counted:
    """How many households changed in one way for one reason; no reason for those that are in both frames."""

    change: str
    reason: str
    units: int


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one household.

    Attributes:
        unit_id: the household.
        change: stayed, moved, left or entered.
        reason: why it is in one frame only.
        moved: the columns in which it differs.
    """

    unit_id: str
    change: str
    reason: str
    moved: tuple[str, ...]


@contextmanager
def compared(
    earlier: Frame, later: Frame, out: Path, settings: Settings | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database with the table ``changes``: a row per household of either frame.

    Args:
        earlier: the first frame.
        later: the second one, of the same population.
        out: the output folder with the runs; without a run the reasons that it would tell are unknown.
        settings: memory and scratch folder.

    Raises:
        RunError: the frames are of two populations, one is the second of two phases, or a file is damaged.
    """
    if earlier.population != later.population:
        raise RunError("sampling.two_populations", earlier=earlier.population, later=later.population)
    for frame in (earlier, later):
        if FIRST_PHASE in frame.definition:
            raise RunError("sampling.compare_second_phase", frame=frame.frame_id)
    with database(settings or Settings()) as opened:
        try:
            sides = [
                _prepare(opened.con, name, frame, out) for name, frame in zip(SIDES, (earlier, later), strict=True)
            ]
            opened.con.execute(f"CREATE TABLE changes AS {changes_sql(*sides)}")
        except duckdb.Error as error:
            if lacks_room(error):
                raise
            raise RunError("sampling.file_damaged", file=later.folder) from error
        yield opened.con


def _prepare(con: duckdb.DuckDBPyConnection, name: str, frame: Frame, out: Path) -> Side:
    """Make what the statement reads of one frame and its run."""
    con.execute(f"CREATE VIEW {name} AS FROM read_parquet({quote(str(frame.units))})")
    told = frame.definition.get("rules_not_evaluated")
    not_evaluated = tuple(str(rule) for rule in told) if isinstance(told, list) else ()
    definition = definition_of(con, frame)
    against = frame.definition.get("against")
    parts = dict.fromkeys(("homes", "keys", "concerns", "others"), _NOBODY)
    keys = False
    try:
        source: Source | None = read_source(out, frame.run_id)
    except RunError as error:
        if error.key != "sampling.no_run":
            raise
        source = None
    if source is not None:
        parts["homes"] = homes_sql(source.folder, ())
        if frame.population != "disagreement":  # of these the frames themselves tell who disagrees
            parts["concerns"], _ = concerns_of(source, out, definition, str(against) if against else None)
            parts["others"] = findings_sql(source.folder, source.counted - set(definition.rules or source.counted))
        keys = (source.folder / _KEYS).is_file()
        if keys:
            listed = f"read_parquet({quote(str(source.folder / _KEYS))})"
            parts["keys"] = f"SELECT DISTINCT household_id AS unit_id FROM {listed}"
    for part, sql in parts.items():
        con.execute(f"CREATE VIEW {part}_{name} AS {sql}")
    return Side(frame.population, definition.areas, definition.rules, not_evaluated, source is not None, keys)


def counted(con: duckdb.DuckDBPyConnection) -> tuple[Counted, ...]:
    """How many households changed how and why."""
    rows = con.execute("SELECT change, reason, count(*) FROM changes GROUP BY ALL").fetchall()
    return tuple(Counted(*row) for row in sorted(rows, key=lambda row: (CHANGES.index(row[0]), row[1])))


def moved(con: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """In how many households each column differs."""
    rows = dict(con.execute("SELECT unnest(moved) AS part, count(*) FROM changes GROUP BY 1").fetchall())
    return {part: int(rows[part]) for part in PARTS if part in rows}


def of_units(con: duckdb.DuckDBPyConnection, units: Collection[str]) -> tuple[Change, ...]:
    """What became of some households, in the order of their ids."""
    con.register("asked", pa.table({"unit_id": pa.array(sorted(units), pa.string())}))
    rows = con.execute(
        "SELECT unit_id, change, reason, moved FROM changes SEMI JOIN asked USING (unit_id) ORDER BY unit_id"
    ).fetchall()
    return tuple(Change(unit, change, reason, tuple(parts)) for unit, change, reason, parts in rows)


def write_changes(con: duckdb.DuckDBPyConnection, path: Path, visited: Mapping[str, Sequence[str]]) -> None:
    """Write every household of either frame as Parquet, or as CSV if the file is so named.

    In a CSV a text that a spreadsheet would compute begins with an apostrophe.

    Args:
        con: as ``compared`` gives it.
        path: the file.
        visited: the households of samples with the names of these samples.

    Raises:
        RunError: the file can't be written.
    """
    named = [(unit, " ".join(names)) for unit, names in visited.items()]
    columns = {name: pa.array([one[place] for one in named], pa.string()) for place, name in enumerate(_VISITED)}
    con.register("visited", pa.table(columns))
    sql = (
        "SELECT c.* REPLACE (array_to_string(moved, ' ') AS moved), coalesce(v.samples, '') AS samples "
        "FROM changes AS c LEFT JOIN visited AS v ON v.unit_id = c.unit_id ORDER BY c.unit_id"
    )
    if path.suffix.lower() != ".csv":
        write_parquet(con, sql, path)
        return
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            found = con.execute(sql)
            writer.writerow([column[0] for column in found.description or ()])
            while rows := found.fetchmany(_ROWS):
                writer.writerows([_cell(value) for value in row] for row in rows)
    except OSError as error:
        raise RunError("findings.no_output", folder=path.parent, problem=error.strerror or "") from error


def _cell(value: object) -> str:
    shown = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return guarded(shown)
