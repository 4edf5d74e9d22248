"""The ten rules as pointblank's plans, for Polars frames and for DuckDB tables alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pointblank as pb
import polars as pl

from tests.benchmarks.peers.ten import HOUSEHOLD, LINE, PHONE, TOLERANCE, YEAR

#: All failing rows are kept; the tool's own default is the first 500.
EVERY = 1_000_000_000


def find(
    households: Any,
    persons: Any,
    posts: Any,
    column: Callable[[str], Any],
    holders: Callable[[pl.DataFrame], pl.DataFrame],
    out: Path,
) -> None:
    """Interrogate the three tables and write the keys of the failing rows.

    What a rule is not about is taken out by ``pre``; blanks pass. Yes-or-no columns are checked as expressions, since
    the comparisons with a value refuse them.

    Args:
        households: one row per registered household.
        persons: one row per present person with a long number.
        posts: one row per active post.
        column: names a column in an expression of the tables' own library.
        holders: finds the persons of some numbers, since the extract of ``rows_distinct`` holds no other column.
        out: the folder to write to.
    """
    lifted, pc = column("lifted"), column("pc")
    plan = (
        pb.Validate(households)
        .col_vals_ge("pc", pb.col("pc_floor"), na_pass=True)
        .col_vals_ge("pc", LINE, na_pass=True, pre=lambda table: table.filter(lifted))
        .col_vals_expr(
            column("monitored"), pre=lambda table: table.filter(lifted, column("lifted_year") < YEAR, pc < LINE)
        )
        .col_vals_ge("pc_without_dividend", LINE, na_pass=True, pre=lambda table: table.filter(lifted, pc >= LINE))
        .col_vals_le("gap", TOLERANCE, na_pass=True)
        .col_vals_eq("member_count", pb.col("present_persons"), na_pass=True)
        .col_vals_regex("phone", f"^{PHONE}$", na_pass=True)
        .col_vals_expr(~column("service_holder_unable"))
    )
    for rule, rows in zip(HOUSEHOLD, _extracts(plan), strict=True):
        _write(rows, rule, "household_id", out)
    distinct = pb.Validate(persons).rows_distinct(columns_subset="first18")
    _write(holders(_extracts(distinct)[0].select("first18").unique()), "ID-4", "person_id", out)
    known = pb.Validate(posts).col_vals_expr(column("holder_known"))
    _write(_extracts(known)[0], "PW-10", "post_id", out)


def _extracts(plan: pb.Validate) -> list[pl.DataFrame]:
    done = plan.interrogate(extract_limit=EVERY, collect_tbl_checked=False)
    return list(done.get_data_extracts().values())


def _write(rows: pl.DataFrame, rule: str, key: str, out: Path) -> None:
    rows.select(rule_id=pl.lit(rule), subject_id=key).write_parquet(out / f"{rule}.parquet")
