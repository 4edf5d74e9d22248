"""Makes up a registry of any size in DuckDB, county by county, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Literal

import duckdb

from audit.contract.tables import TABLES
from audit.errors import RunError
from audit.generate.formats import write_csv, write_parquet, write_workbook

Format = Literal["parquet", "csv", "xlsx"]
DAY = date(2024, 12, 31)
#: Households of a county: 20 townships of 15 villages of 100. Only 99 unassigned county codes exist.
COUNTY = 30_000
COUNTIES = 99
#: Households made at a time.
BATCH = 600_000
SHEET_ROWS = 1_048_575
_STEPS = ("1-people", "2-posts", "3-incomes", "4-household-tables", "5-place-tables", "6-truth")


@dataclass(frozen=True)
class Generated:
    """What was made: rows by table, and how many patterns were planted."""

    rows: dict[str, int]
    planted: int


def generate_registry(
    households: int,
    seed: int,
    out: Path,
    format: Format = "parquet",  # the word of the command line
    as_of: date = DAY,
    progress: Callable[[str], None] = lambda _: None,
) -> Generated:
    """Make up a registry of all tables.

    Args:
        households: how many.
        seed: the same seed and number give the same bytes.
        out: the folder to write to; ``truth.parquet`` in it lists what was planted.
        format: Parquet and CSV take any number, workbooks what a sheet holds.
        as_of: the day as of which ages are right and the last income year is complete.
        progress: called with each part done.

    Raises:
        RunError: the folder can't be written, or a workbook can't hold the registry.
    """
    if format == "xlsx" and households * 4 > SHEET_ROWS:
        raise RunError("generate.too_many", most=SHEET_ROWS // 4)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError("generate.no_folder", folder=out) from error
    size = max(COUNTY, -(-households // COUNTIES // 1500) * 1500)
    step = max(size, BATCH // size * size)
    starts = list(range(0, households, step))
    rows: dict[str, int] = dict.fromkeys(TABLES, 0)
    planted = 0
    for part, first in enumerate(starts):
        with duckdb.connect() as con:
            settings = {"seed": seed, "county_size": size, "first": first, "last": min(first + step, households)}
            for name, value in {**settings, "year": as_of.year}.items():
                con.execute(f"SET VARIABLE {name} = {value}")
            con.execute(f"SET VARIABLE as_of = DATE '{as_of.isoformat()}'")
            for name in _STEPS:
                con.execute(
                    resources.files("audit.generate").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
                )
                progress(f"{part + 1}/{len(starts)} {name}")
            suffix = "" if len(starts) == 1 else f"/part-{part:03d}"
            for table in TABLES.values():
                made = "persons_final" if table.name == "persons" else f"{table.name}_out"
                rows[table.name] += int(con.execute(f"SELECT count(*) FROM {made}").fetchall()[0][0])
                write = {"parquet": write_parquet, "csv": write_csv, "xlsx": write_workbook}[format]
                write(con, table, made, out / f"{table.name}{suffix}.{format}")
            planted += int(con.execute("SELECT count(*) FROM truth_out").fetchall()[0][0])
            truth = out / ("truth.parquet" if len(starts) == 1 else f"truth-{part:03d}.parquet")
            con.execute(f"COPY truth_out TO '{truth}' (FORMAT parquet)")
    return Generated(rows, planted)
