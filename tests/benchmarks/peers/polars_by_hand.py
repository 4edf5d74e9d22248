"""Polars by hand: one lazy column per rule, collected together."""

from __future__ import annotations

import polars as pl

from tests.benchmarks.peers.polars_frames import make_frames
from tests.benchmarks.peers.ten import LINE, PHONE, TOLERANCE, YEAR, arguments


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    frames = make_frames(data)
    lifted, pc, without = pl.col("lifted"), pl.col("pc"), pl.col("pc_without_dividend")
    below = lifted & (pc < LINE)
    failing = {
        "INC-2": pc < pl.col("pc_floor"),
        "INC-3": below,
        "INC-4": below & (pl.col("lifted_year") < YEAR) & ~pl.col("monitored"),
        "INC-6": lifted & (pc >= LINE) & (without < LINE),
        "INC-9": pl.col("gap") > TOLERANCE,
        "HHD-1": pl.col("member_count") != pl.col("present_persons"),
        "HHD-3": ~pl.col("phone").str.contains(f"^{PHONE}$"),
        "PW-5": pl.col("service_holder_unable"),
    }
    flagged, shared, unknown = pl.collect_all(
        [
            frames.households.select(subject_id="household_id", **failing).filter(pl.any_horizontal(*failing)),
            frames.persons.filter(pl.col("first18").is_duplicated()).select(subject_id="person_id"),
            frames.posts.filter(~pl.col("holder_known")).select(subject_id="post_id"),
        ]
    )
    keys = {rule: flagged.filter(rule).select("subject_id") for rule in failing} | {"ID-4": shared, "PW-10": unknown}
    for rule, found in keys.items():
        found.select(rule_id=pl.lit(rule), subject_id="subject_id").write_parquet(out / f"{rule}.parquet")


if __name__ == "__main__":
    main()
