"""What the rules look at, made with lazy Polars frames: for the peers that work on Polars.

Amounts are cast to binary floats, as in ``pandas_frames``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.benchmarks.peers.ten import AS_OF, ECOLOGY, FLAT, UNABLE, YEAR


@dataclass(frozen=True)
class Frames:
    """One row per registered household, per present person with a long number, per active post."""

    households: pl.LazyFrame
    persons: pl.LazyFrame
    posts: pl.LazyFrame


def scan(data: Path, table: str) -> pl.LazyFrame:
    """Scan a table; amounts become floats."""
    return pl.scan_parquet(data / table / "*.parquet").with_columns(pl.selectors.decimal().cast(pl.Float64))


def not_before(column: str) -> pl.Expr:
    """Has not happened on the day."""
    return pl.col(column).is_null() | (pl.col(column) > AS_OF)


def make_frames(data: Path) -> Frames:
    """Scan the four tables and join them."""
    registered = scan(data, "households").filter(not_before("deregistered_on"))
    persons = scan(data, "persons")
    present = persons.filter(not_before("left_on")).join(registered, on="household_id", how="semi")
    started, ended = pl.col("started_on"), pl.col("ended_on")
    posts = (
        scan(data, "posts")
        .filter(
            (started.is_null() | (started <= AS_OF))
            & (ended.is_null() | (ended >= AS_OF))
            & (started.is_null() | ended.is_null() | (started <= ended))
        )
        .join(
            persons.select("person_id", "household_id", "labour_ability", holder_known=True), on="person_id", how="left"
        )
    )
    unable = (
        posts.filter(~pl.col("post_type").is_in(ECOLOGY), pl.col("labour_ability").is_in(UNABLE))
        .select("household_id", service_holder_unable=True)
        .unique()
    )
    sizes = present.group_by("household_id").agg(present_persons=pl.len())
    return Frames(
        households=with_incomes(data, registered)
        .join(sizes, on="household_id", how="left")
        .join(unable, on="household_id", how="left")
        .with_columns(pl.col("present_persons").fill_null(0), pl.col("service_holder_unable").fill_null(False)),
        persons=present.filter(pl.col("id_number").str.len_chars() >= 18).select(
            "person_id", first18=pl.col("id_number").str.slice(0, 18).str.to_uppercase()
        ),
        posts=posts.select("post_id", pl.col("holder_known").fill_null(False)),
    )


def with_incomes(data: Path, registered: pl.LazyFrame) -> pl.LazyFrame:
    """The households with their incomes of two years."""
    incomes = (
        scan(data, "incomes")
        .with_columns(
            computed_net=pl.col("wage_income")
            + pl.col("production_income")
            + pl.col("property_income")
            + pl.col("transfer_income")
            - pl.col("production_expense")
        )
        .with_columns(net=pl.coalesce("net_income", "computed_net"))
        .select(
            "household_id",
            "year",
            "population",
            "net",
            "net_income",
            "computed_net",
            "net_income_per_capita",
            "share_dividend",
        )
    )
    before = incomes.filter(pl.col("year") == YEAR - 1).select(
        "household_id", "population", "net", "net_income_per_capita"
    )
    members = pl.when(pl.col("member_count") > 0).then("member_count")
    heads = pl.coalesce(pl.when(pl.col("population") > 0).then("population"), members)
    heads_before = pl.coalesce(pl.when(pl.col("population_before") > 0).then("population_before"), members)
    pc_prev = pl.coalesce(pl.col("net_before") / heads_before, "net_income_per_capita_before")
    return (
        registered.join(incomes.filter(pl.col("year") == YEAR), on="household_id", how="left")
        .join(before, on="household_id", how="left", suffix="_before")
        .select(
            "household_id",
            "phone",
            "member_count",
            "lifted_year",
            lifted=pl.col("household_type") == "lifted",
            monitored=pl.col("monitor_category").is_not_null() & ~pl.col("risk_cleared").fill_null(False),
            pc=pl.coalesce(pl.col("net") / heads, "net_income_per_capita"),
            pc_floor=pc_prev - FLAT * pc_prev.abs(),
            pc_without_dividend=(pl.col("net") - pl.col("share_dividend")) / heads,
            gap=(pl.col("net_income") - pl.col("computed_net")).abs(),
        )
    )
