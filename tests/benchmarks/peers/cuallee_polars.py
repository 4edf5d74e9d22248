"""cuallee on Polars: how many rows fail, not which (cuallee keeps none).

Blanks are counted as failing by cuallee, so columns that may be blank are filled with what passes.
"""

from __future__ import annotations

import polars as pl
from cuallee import Check, CheckLevel

from tests.benchmarks.peers.polars_frames import make_frames
from tests.benchmarks.peers.ten import LINE, PHONE, TOLERANCE, YEAR, arguments

#: A rule and its check, in the order of the summary's rows.
HOUSEHOLDS = ("INC-2", "INC-3", "INC-4", "INC-6", "INC-9", "HHD-1", "HHD-3", "PW-5")


def main() -> None:
    """Count the failing rows."""
    data, out = arguments()
    frames = make_frames(data)
    households, persons, posts = pl.collect_all([frames.households, frames.persons, frames.posts])
    households = households.with_columns(
        pl.col("phone").fill_null("13000000000"), pl.col("gap").fill_null(0), pl.col("pc").fill_null(float("inf"))
    )
    of_households = (
        Check(CheckLevel.WARNING, "households")
        .satisfies("pc", "COALESCE(pc >= pc_floor, TRUE)")
        .satisfies("pc", f"NOT (lifted AND pc < {LINE})")
        .satisfies("pc", f"NOT (lifted AND COALESCE(lifted_year < {YEAR}, FALSE) AND pc < {LINE}) OR monitored")
        .satisfies("pc", f"NOT (lifted AND pc >= {LINE} AND COALESCE(pc_without_dividend < {LINE}, FALSE))")
        .is_less_or_equal_than("gap", TOLERANCE)
        .satisfies("member_count", "COALESCE(member_count = present_persons, TRUE)")
        .has_pattern("phone", f"^{PHONE}$")
        .is_equal_than("service_holder_unable", False)
    )
    counts = [
        *zip(HOUSEHOLDS, of_households.validate(households)["violations"], strict=True),
        ("ID-4", Check(CheckLevel.WARNING, "persons").is_unique("first18").validate(persons)["violations"].item()),
        (
            "PW-10",
            Check(CheckLevel.WARNING, "posts").is_equal_than("holder_known", True).validate(posts)["violations"].item(),
        ),
    ]
    pl.DataFrame(counts, schema={"rule_id": pl.String, "failing": pl.Int64}, orient="row").write_parquet(
        out / "counts.parquet"
    )


if __name__ == "__main__":
    main()
