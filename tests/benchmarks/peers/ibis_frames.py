"""What the rules look at, made with ibis on DuckDB: for the peers that work on ibis tables.

The tables are made once in DuckDB's memory, since every check reads them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis
from ibis import _
from ibis.backends.duckdb import Backend
from ibis.expr.types import Table

from tests.benchmarks.peers.ten import AS_OF, ECOLOGY, FLAT, UNABLE, YEAR


@dataclass(frozen=True)
class Frames:
    """One row per registered household, per present person with a long number, per active post."""

    households: Table
    persons: Table
    posts: Table


def make_frames(con: Backend, data: Path) -> Frames:
    """Read the four tables and join them."""
    registered = con.read_parquet(data / "households" / "*.parquet").filter(_not_yet(_.deregistered_on))
    persons = con.read_parquet(data / "persons" / "*.parquet")
    present = persons.filter(_not_yet(_.left_on)).semi_join(registered, "household_id")
    posts = con.read_parquet(data / "posts" / "*.parquet").filter(
        _.started_on.isnull() | (_.started_on <= AS_OF),
        _.ended_on.isnull() | (_.ended_on >= AS_OF),
        _.started_on.isnull() | _.ended_on.isnull() | (_.started_on <= _.ended_on),
    )
    holders = persons.select("person_id", "household_id", "labour_ability", holder_known=True)
    held = posts.left_join(holders, "person_id")
    unable = (
        held.filter(_.post_type.notin(ECOLOGY), _.labour_ability.isin(UNABLE))
        .select("household_id", service_holder_unable=True)
        .distinct()
    )
    sizes = present.group_by("household_id").agg(present_persons=_.count())
    incomes = con.read_parquet(data / "incomes" / "*.parquet")
    households = (
        _with_incomes(registered, incomes)
        .left_join(sizes, "household_id")
        .drop("household_id_right")
        .left_join(unable, "household_id")
        .drop("household_id_right")
        .mutate(
            present_persons=_.present_persons.fill_null(0),
            service_holder_unable=_.service_holder_unable.fill_null(False),
        )
    )
    numbered = present.filter(_.id_number.length() >= 18).select("person_id", first18=_.id_number.substr(0, 18).upper())
    return Frames(
        con.create_table("household_frame", households, temp=True),
        con.create_table("person_frame", numbered, temp=True),
        con.create_table("post_frame", held.select("post_id", holder_known=_.holder_known.fill_null(False)), temp=True),
    )


def _not_yet(column: ibis.Deferred) -> ibis.Deferred:
    return column.isnull() | (column > AS_OF)


def _with_incomes(registered: Table, incomes: Table) -> Table:
    amounts = incomes.mutate(
        computed_net=_.wage_income + _.production_income + _.property_income + _.transfer_income - _.production_expense
    ).mutate(net=ibis.coalesce(_.net_income, _.computed_net))
    this_year = amounts.filter(_.year == YEAR)
    before = amounts.filter(_.year == YEAR - 1).select(
        "household_id", population_before="population", net_before="net", reported_before="net_income_per_capita"
    )
    joined = (
        registered.left_join(this_year, "household_id").drop("household_id_right").left_join(before, "household_id")
    )
    members = (_.member_count > 0).ifelse(_.member_count, None)
    whole = joined.mutate(
        heads=ibis.coalesce((_.population > 0).ifelse(_.population, None), members),
        heads_before=ibis.coalesce((_.population_before > 0).ifelse(_.population_before, None), members),
    ).mutate(
        pc=ibis.coalesce(_.net / _.heads, _.net_income_per_capita),
        pc_prev=ibis.coalesce(_.net_before / _.heads_before, _.reported_before),
    )
    return whole.select(
        "household_id",
        "phone",
        "member_count",
        "lifted_year",
        "pc",
        lifted=_.household_type == "lifted",
        monitored=_.monitor_category.notnull() & ~_.risk_cleared.fill_null(False),
        pc_floor=_.pc_prev - FLAT * _.pc_prev.abs(),
        pc_without_dividend=(_.net - _.share_dividend) / _.heads,
        gap=(_.net_income - _.computed_net).abs(),
    )
