"""Draws: from a frame and a design to the list of households, the same each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from audit.errors import RunError
from audit.sampling.draw.design import Design, StratumShare
from audit.sampling.draw.statements import (
    cutoff,
    farthest,
    ordered_sql,
    ranked_sql,
    sized_sql,
    stratum_sql,
    systematic_sql,
)
from audit.sampling.draw.ticket import FRAME, ticket

#: What a listed household is listed for.
MAIN, RESERVE, EXTENSION = "main", "reserve", "extension"


@dataclass(frozen=True, slots=True)
class Listed:
    """A household listed by a draw, with the columns of ``units.parquet``.

    Attributes:
        unit_id: the household.
        stratum: its stratum.
        rank: its place in the order of the draw within the stratum, from 1.
        ticket: its ticket.
        pi_num, pi_den: the chance that it was to be drawn for the first stage.
        role: main, reserve or extension.
        stage: 1 or 2.
        township, village: where it is.
        n_findings: findings that count for the frame.
    """

    unit_id: str
    stratum: str
    rank: int
    ticket: str
    pi_num: int
    pi_den: int
    role: str
    stage: int
    township: str
    village: str
    n_findings: int


def stratum_sizes(con: duckdb.DuckDBPyConnection, units: Path, parts: Sequence[str], *, sized: bool) -> dict[str, int]:
    """How many households each stratum has, in the order of names; with sizes, only those that have one."""
    where = "WHERE size_measure > 0" if sized else ""
    sql = f"SELECT {stratum_sql(parts)} AS stratum, count(*) FROM '{_path(units)}' {where} GROUP BY 1 ORDER BY 1"
    return {str(name): int(count) for name, count in con.execute(sql).fetchall()}


def select(con: duckdb.DuckDBPyConnection, units: Path, design: Design) -> tuple[Listed, ...]:
    """Carry out a design: the households of all strata in the order of the draw.

    Raises:
        RunError: the frame can't be read, or it is not the one that the design was made for.
    """
    try:
        if design.method == "ticket":
            rows = _by_ticket(con, units, design)
        elif design.method == "systematic":
            rows = _systematic(con, units, design)
        else:
            rows = _by_size(con, units, design)
    except duckdb.IOException as error:
        raise RunError("sampling.file_damaged", file=units) from error
    shares = {one.stratum: one for one in design.strata}
    found = dict.fromkeys(shares, 0)
    listed = []
    for unit_id, stratum, drawn, township, village, n_findings, rank, _key, pi_num, pi_den in rows:
        share = shares[stratum]
        found[stratum] += 1
        role = MAIN if rank <= share.n_planned + share.n_second else RESERVE
        stage = 2 if share.n_planned < rank <= share.n_planned + share.n_second else 1
        chance = (pi_num, pi_den) if pi_den else (share.n_planned, share.size)
        listed.append(Listed(unit_id, stratum, rank, drawn, *chance, role, stage, township, village, n_findings))
    if any(found[one.stratum] != one.listed for one in design.strata):
        raise RunError("sampling.frame_differs", frame=design.frame_id)
    return tuple(listed)


_Rows = list[tuple[str, str, str, str, str, int, int, str, int, int]]


def _by_ticket(con: duckdb.DuckDBPyConnection, units: Path, design: Design) -> _Rows:
    for bounded in (True, False):
        cutoffs = [cutoff(one, design.shift) if bounded else None for one in design.strata]
        _register(con, "shares", design.strata, {"cutoff": pa.array(cutoffs, pa.string())})
        rows: _Rows = con.execute(ordered_sql(units, design)).fetchall()
        if len(rows) == sum(one.listed for one in design.strata):
            break
    return rows


def _systematic(con: duckdb.DuckDBPyConnection, units: Path, design: Design) -> _Rows:
    columns = {
        "size": pa.array([one.size for one in design.strata], pa.int64()),
        "n": pa.array([one.n_planned for one in design.strata], pa.int64()),
        "r": pa.array([systematic_start(design, one) for one in design.strata], pa.int64()),
    }
    _register(con, "starts", design.strata, columns)
    rows: _Rows = con.execute(systematic_sql(units, design)).fetchall()
    return rows


def systematic_start(design: Design, share: StratumShare) -> int:
    """Where a systematic draw of a stratum begins: from 0 to N - 1, from the ticket of frame and stratum."""
    return int(ticket(design.seed, FRAME, f"{design.frame_id}/{share.stratum}"), 16) % share.size


def systematic_places(size: int, n: int, start: int) -> tuple[int, ...]:
    """The places of a systematic draw: floor((r + jN) / n), j = 0..n-1, each counted from 0."""
    return tuple((start + j * size) // n for j in range(n))


def _by_size(con: duckdb.DuckDBPyConnection, units: Path, design: Design) -> _Rows:
    con.execute(f"CREATE OR REPLACE TEMP VIEW sized AS {sized_sql(units, design)}")
    sizes = sizes_by_stratum(con, units, design)
    certain = [certainty(sizes[one.stratum], one.n_planned) for one in design.strata]
    names = ("bound", "n", "total")
    columns = {name: pa.array([one[place] for one in certain], pa.int64()) for place, name in enumerate(names)}
    for bounded in (True, False):
        ends = [
            farthest(sizes[one.stratum], bounds, one.listed, design.method) if bounded else None
            for one, bounds in zip(design.strata, certain, strict=True)
        ]
        _register(con, "bounds", design.strata, {**columns, "farthest": pa.array(ends, pa.float64())})
        rows: _Rows = con.execute(ranked_sql(design.method)).fetchall()
        if len(rows) == sum(one.listed for one in design.strata):
            break
    return rows


def sizes_by_stratum(con: duckdb.DuckDBPyConnection, units: Path, design: Design) -> dict[str, list[tuple[int, int]]]:
    """Of each stratum its sizes, in ten-thousandths, each with the number of households that have it."""
    sized = f"({sized_sql(units, design)})"
    found = con.execute(
        f"SELECT stratum, size, count(*) FROM {sized} WHERE size > 0 GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    sizes: dict[str, list[tuple[int, int]]] = {one.stratum: [] for one in design.strata}
    for stratum, size, count in found:
        sizes[stratum].append((int(size), int(count)))
    return sizes


def certainty(sizes: Sequence[tuple[int, int]], n: int) -> tuple[int, int, int]:
    """Who is drawn for certain because of size alone: everyone whose chance n x / sum would be 1 or more (D12).

    Args:
        sizes: each size with the number of households that have it.
        n: how many are drawn.

    Returns:
        The size from which a household is certain, how many others are drawn, and the sum of the sizes of the others.
    """
    total, left, bound = sum(size * count for size, count in sizes), n, max(size for size, _ in sizes) + 1
    for size, count in sorted(sizes, reverse=True):
        if left * size < total or left < count:
            break
        bound, left, total = size, left - count, total - size * count
    return bound, left, total


def _register(
    con: duckdb.DuckDBPyConnection, name: str, strata: Sequence[StratumShare], columns: Mapping[str, pa.Array]
) -> None:
    """Give the database what a statement reads about strata."""
    shown = {
        "stratum": pa.array([one.stratum for one in strata], pa.string()),
        "listed": pa.array([one.listed for one in strata], pa.int64()),
        **columns,
    }
    con.register(name, pa.table(shown))


def _path(units: Path) -> str:
    return str(units).replace("'", "''")
