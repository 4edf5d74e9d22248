"""Which townships sent no rows of a table tonight although they did last night: nothing is proven there."""

from __future__ import annotations

from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.gate.profile import PROFILE


def find_lost_places(con: duckdb.DuckDBPyConnection, last: Path | None) -> None:
    """Make ``lost_places``: tables and townships, by nine digits, that had rows in the run compared with and have none.

    Args:
        con: the run's database, with tonight's ``profile``.
        last: the folder of the run compared with, if there is one.
    """
    con.execute('CREATE OR REPLACE TABLE lost_places ("table" VARCHAR, township VARCHAR)')
    if last is None or not (last / PROFILE).is_file():
        return
    there = "WHERE metric = 'rows' AND area_level = 'township' AND number > 0"
    con.execute(
        'INSERT INTO lost_places SELECT l."table", substr(l.area_code, 1, 9) '
        f"FROM (FROM read_parquet({quote(str(last / PROFILE))}) {there}) AS l "
        f'ANTI JOIN (FROM profile {there}) AS p ON p."table" = l."table" AND p.area_code = l.area_code'
    )
