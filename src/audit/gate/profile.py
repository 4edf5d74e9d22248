"""Measures tonight's extract and keeps the measures, so that later nights can be held against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from audit.accepted import Accepted
from audit.contract import TABLES
from audit.contract.normalise import name, quote
from audit.gate.keys import KEYS, overlap_sql, write_keys
from audit.gate.profile_sql import COLUMNS, create_sql, intake_sql, table_sql, townships_sql, unknown_codes_sql
from audit.runs.parquet import write_parquet

PROFILE = "profile.parquet"


@dataclass(frozen=True, slots=True)
class Key:
    """What a number of the profile is about; ``area_code`` is None for the whole extract."""

    metric: str
    table: str
    column: str | None = None
    code: str | None = None
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A number of the profile.

    Attributes:
        number: the number; None if there is nothing to measure, such as a sum over blank cells alone.
        whole: what it is a part of, or how many cells it rests on; None for a plain count.
    """

    number: Decimal | None
    whole: int | None


#: The numbers of one run, by metric.
Profile = Mapping[str, Mapping[Key, Measured]]


@dataclass(frozen=True)
class EarlierRun:
    """A run that tonight's extract is compared with.

    Attributes:
        folder: where it is.
        name: its id, which is the name of its folder.
    """

    folder: Path

    @property
    def name(self) -> str:
        """The run's id."""
        return self.folder.name


def write_profile(accepted: Accepted, folder: Path, as_of: date, last: EarlierRun | None) -> None:
    """Measure all tables; afterwards ``profile`` is a table of the database, and a file with the keys beside it.

    Args:
        accepted: tonight's rows.
        folder: the folder of the run.
        as_of: the day of the audit.
        last: the run whose households are looked for tonight, if there is one.
    """
    con, present = accepted.con, accepted.present
    con.execute(create_sql())
    fed = [table for table in TABLES.values() if table.name in {feed.table for feed in accepted.registry.feeds}]
    # One great table after the other: side by side they would need the memory of all.
    for table in fed:
        given = {field.name for field in table.fields if f"{table.name}.{field.name}" in present}
        _add(con, [table_sql(table, given, as_of)])
    times, keys = write_keys(con, folder)
    measures = [
        intake_sql(accepted.intakes, fed),
        *townships_sql(fed),
        unknown_codes_sql(),
        "SELECT 'key_sample' AS metric, 'households' AS \"table\", 'all' AS area_level, "
        f"{times} AS number, {keys} AS whole",
    ]
    if last:
        con.execute("CREATE TABLE IF NOT EXISTS aliases (kind VARCHAR, old VARCHAR, new VARCHAR)")
        measures.append(overlap_sql(folder / KEYS, last.folder / KEYS, max(times, _halvings_of(con, last))))
    _add(con, measures)
    write_parquet(con, 'FROM profile ORDER BY metric, "table", "column", code, area_level, area_code', folder / PROFILE)


def _add(con: duckdb.DuckDBPyConnection, measures: Sequence[str]) -> None:
    con.execute(f"INSERT INTO profile BY NAME {' UNION ALL BY NAME '.join(f'({one})' for one in measures)}")


def _halvings_of(con: duckdb.DuckDBPyConnection, run: EarlierRun) -> int:
    file = quote(str(run.folder / PROFILE))
    found = con.execute(f"SELECT number FROM read_parquet({file}) WHERE metric = 'key_sample'").fetchall()
    return int(found[0][0])


def readable_runs(
    con: duckdb.DuckDBPyConnection, folders: Sequence[Path], runs: int
) -> tuple[list[EarlierRun], list[str]]:
    """The last runs with a profile, newest first, and the names of those whose files can't be read.

    A run from before there was a gate has no profile and is passed over in silence; a damaged file is told, and keeps
    nobody from comparing with the other runs.
    """
    good: list[EarlierRun] = []
    damaged: list[str] = []
    columns = ", ".join(f"min({name(column)})" for column in COLUMNS)
    for folder in folders:
        if len(good) == runs:
            break
        if not (folder / PROFILE).is_file():
            continue
        try:
            file, keys = quote(str(folder / PROFILE)), quote(str(folder / KEYS))
            con.execute(f"SELECT {columns} FROM read_parquet({file})").fetchall()
            con.execute(f"SELECT min(household_id), min(area_code) FROM read_parquet({keys})").fetchall()
            good.append(EarlierRun(folder))
        except duckdb.Error:
            damaged.append(folder.name)
    return good, damaged


def tonights_profile(con: duckdb.DuckDBPyConnection, townships: Sequence[tuple[str, str]]) -> Profile:
    """The numbers of tonight's profile.

    Args:
        con: the database with the table ``profile``.
        townships: the metrics and tables of which the numbers of each township are asked for.
    """
    return _read(con, "profile", townships)


def earlier_profile(con: duckdb.DuckDBPyConnection, run: EarlierRun, townships: Sequence[tuple[str, str]]) -> Profile:
    """The numbers of an earlier run's profile."""
    return _read(con, f"read_parquet({quote(str(run.folder / PROFILE))})", townships)


def area_names(con: duckdb.DuckDBPyConnection, runs: Sequence[EarlierRun]) -> dict[str, str]:
    """The names of the townships by code: as they are called tonight, else as they were when they were last there."""
    names: dict[str, str] = {}
    for run in ["profile", *(f"read_parquet({quote(str(run.folder / PROFILE))})" for run in runs)]:
        named = con.execute(f"SELECT area_code, area_name FROM {run} WHERE area_name IS NOT NULL").fetchall()
        names = {**dict(named), **names}
    return names


def _read(con: duckdb.DuckDBPyConnection, relation: str, townships: Sequence[tuple[str, str]]) -> Profile:
    listed = ", ".join(f"({quote(metric)}, {quote(table)})" for metric, table in townships)
    wanted = "area_level = 'all'" + (f' OR (metric, "table") IN ({listed})' if listed else "")
    rows = con.execute(
        f'SELECT metric, "table", "column", code, area_code, number, whole FROM {relation} WHERE {wanted}'
    ).fetchall()
    found: dict[str, dict[Key, Measured]] = {}
    for row in rows:
        found.setdefault(row[0], {})[Key(*row[:5])] = Measured(*row[5:])
    return found
