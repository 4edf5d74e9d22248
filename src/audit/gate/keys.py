"""Which households are the same as last night, judged on a sample that any night draws alike."""

from __future__ import annotations

from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.gate.profile_sql import IN_TOWNSHIP, TOWNSHIP
from audit.runs.parquet import write_parquet

KEYS = "keys.parquet"
#: All keys are kept up to this many; of more, every second, every fourth and so on, by the digest of the key.
KEPT = 200_000


def halvings(households: int) -> int:
    """How often the keys are halved until at most ``KEPT`` of them are to be expected."""
    times = 0
    while households > KEPT << times:
        times += 1
    return times


def in_sample(column: str, times: int) -> str:
    """SQL that is true for the keys of a sample; the sample of one halving more is a part of it.

    MD5 and not the database's own hash, which may be another one in its next version.
    """
    return f"md5({column}) < {quote(f'{1 << (32 - times):08x}')}" if times else "true"


def write_keys(con: duckdb.DuckDBPyConnection, folder: Path) -> tuple[int, int]:
    """Write the sampled household numbers with their townships; gives the halvings and the number of keys."""
    ((households,),) = con.execute("SELECT count(*) FROM households").fetchall()
    times = halvings(households)
    township = f"CASE WHEN {IN_TOWNSHIP} THEN {TOWNSHIP} END"
    write_parquet(
        con,
        f"SELECT household_id, {township} AS area_code FROM households WHERE {in_sample('household_id', times)} "
        "ORDER BY household_id",
        folder / KEYS,
    )
    ((keys,),) = con.execute(f"SELECT count(*) FROM read_parquet({quote(str(folder / KEYS))})").fetchall()
    return times, keys


def overlap_sql(tonight: Path, last: Path, times: int) -> str:
    """SQL for the share of last night's households that are there tonight: in all, and in each township of then.

    Households and townships that were renumbered since, in the table ``aliases``, are looked for by their new numbers.

    Args:
        tonight: tonight's keys.
        last: the keys of the run compared with.
        times: the halvings of the coarser of both samples.
    """
    return f"""
        WITH last AS (
            SELECT coalesce(h.new, l.household_id) AS household_id, coalesce(a.new, l.area_code) AS area_code
            FROM read_parquet({quote(str(last))}) AS l
            LEFT JOIN aliases AS h ON h.kind = 'household' AND h.old = l.household_id
            LEFT JOIN aliases AS a ON a.kind = 'area' AND a.old = l.area_code
        ),
        compared AS (
            SELECT l.area_code, t.household_id IS NOT NULL AS here
            FROM last AS l LEFT JOIN read_parquet({quote(str(tonight))}) AS t ON t.household_id = l.household_id
            WHERE {in_sample("l.household_id", times)}
        )
        SELECT 'key_overlap' AS metric, 'households' AS "table",
            CASE WHEN grouping(area_code) = 1 THEN 'all' ELSE 'township' END AS area_level, area_code,
            count(*) FILTER (here) AS number, count(*) AS whole
        FROM compared GROUP BY GROUPING SETS ((), (area_code)) HAVING grouping(area_code) = 1 OR area_code IS NOT NULL
    """
