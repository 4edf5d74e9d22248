"""What the rules look at, made with pandas: for the peers that work on pandas frames.

Amounts are read as binary floats, as pandas users do (exact decimals would be Python objects): on these files, whose
amounts are whole fen far below 2**53, that decides no comparison otherwise than decimals would.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.peers.ten import AS_OF, ECOLOGY, FLAT, UNABLE, YEAR

DAY = pd.Timestamp(AS_OF)


@dataclass(frozen=True)
class Frames:
    """One row per registered household, per present person with a long number, per active post."""

    households: pd.DataFrame
    persons: pd.DataFrame
    posts: pd.DataFrame


def read(data: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """Read some columns of a table; amounts become floats while they are still in Arrow's memory."""
    read = pq.read_table(data / table, columns=columns)
    schema = [pa.field(f.name, pa.float64() if pa.types.is_decimal(f.type) else f.type) for f in read.schema]
    frame: pd.DataFrame = read.cast(pa.schema(schema)).to_pandas(date_as_object=False)
    return frame


def make_frames(data: Path) -> Frames:
    """Read the four tables and join them."""
    households = read(
        data,
        "households",
        [
            "household_id",
            "phone",
            "member_count",
            "household_type",
            "lifted_year",
            "monitor_category",
            "risk_cleared",
            "deregistered_on",
        ],
    )
    households = households[households["deregistered_on"].isna() | (households["deregistered_on"] > DAY)]
    persons = read(data, "persons", ["person_id", "household_id", "id_number", "labour_ability", "left_on"])
    posts = read(data, "posts", ["post_id", "person_id", "post_type", "started_on", "ended_on"])
    posts = active(posts).merge(persons, on="person_id", how="left", indicator="holder")
    present = persons[
        (persons["left_on"].isna() | (persons["left_on"] > DAY))
        & persons["household_id"].isin(households["household_id"])
    ]
    sizes = present.groupby("household_id").size().rename("present_persons").reset_index()
    unable = posts.loc[~posts["post_type"].isin(ECOLOGY) & posts["labour_ability"].isin(UNABLE), "household_id"]
    numbered = present.loc[present["id_number"].str.len() >= 18, ["person_id", "id_number"]]
    return Frames(
        households=with_incomes(data, households)
        .merge(sizes, on="household_id", how="left")
        .assign(
            present_persons=lambda frame: frame["present_persons"].fillna(0),
            service_holder_unable=lambda frame: frame["household_id"].isin(unable),
        ),
        persons=numbered.assign(first18=numbered["id_number"].str[:18].str.upper())[["person_id", "first18"]],
        posts=posts.assign(holder_known=posts["holder"] == "both")[["post_id", "holder_known"]],
    )


def active(posts: pd.DataFrame) -> pd.DataFrame:
    """The posts that are held on the day."""
    started, ended = posts["started_on"], posts["ended_on"]
    return posts[
        (started.isna() | (started <= DAY))
        & (ended.isna() | (ended >= DAY))
        & (started.isna() | ended.isna() | (started <= ended))
    ]


def with_incomes(data: Path, households: pd.DataFrame) -> pd.DataFrame:
    """The households with their incomes of two years."""
    incomes = read(
        data,
        "incomes",
        [
            "household_id",
            "year",
            "population",
            "wage_income",
            "production_income",
            "property_income",
            "transfer_income",
            "production_expense",
            "share_dividend",
            "net_income",
            "net_income_per_capita",
        ],
    )
    incomes["computed_net"] = (
        incomes["wage_income"]
        + incomes["production_income"]
        + incomes["property_income"]
        + incomes["transfer_income"]
        - incomes["production_expense"]
    )
    incomes["net"] = incomes["net_income"].fillna(incomes["computed_net"])
    columns = [
        "household_id",
        "population",
        "net",
        "net_income",
        "computed_net",
        "net_income_per_capita",
        "share_dividend",
    ]
    this_year = incomes.loc[incomes["year"] == YEAR, columns]
    before = incomes.loc[incomes["year"] == YEAR - 1, ["household_id", "population", "net", "net_income_per_capita"]]
    frame = households.merge(this_year, on="household_id", how="left").merge(
        before, on="household_id", how="left", suffixes=("", "_before")
    )
    members = frame["member_count"].where(frame["member_count"] > 0)
    heads = frame["population"].where(frame["population"] > 0).fillna(members)
    heads_before = frame["population_before"].where(frame["population_before"] > 0).fillna(members)
    pc_prev = (frame["net_before"] / heads_before).fillna(frame["net_income_per_capita_before"])
    return pd.DataFrame(
        {
            "household_id": frame["household_id"],
            "phone": frame["phone"],
            "member_count": frame["member_count"],
            "lifted": frame["household_type"] == "lifted",
            "lifted_year": frame["lifted_year"],
            "monitored": frame["monitor_category"].notna() & frame["risk_cleared"].ne(True),
            "pc": (frame["net"] / heads).fillna(frame["net_income_per_capita"]),
            "pc_floor": pc_prev - FLAT * pc_prev.abs(),
            "pc_without_dividend": (frame["net"] - frame["share_dividend"]) / heads,
            "gap": (frame["net_income"] - frame["computed_net"]).abs(),
        }
    )


def write_keys(out: Path, rule: str, keys: pd.Series) -> None:
    """Write the keys of a rule's failing rows."""
    pd.DataFrame({"rule_id": rule, "subject_id": keys}).to_parquet(out / f"{rule}.parquet", index=False)
