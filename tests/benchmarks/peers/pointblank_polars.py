"""pointblank on Polars, the failing rows taken from its extracts."""

from __future__ import annotations

import polars as pl

from tests.benchmarks.peers.pointblank_plans import find
from tests.benchmarks.peers.polars_frames import make_frames
from tests.benchmarks.peers.ten import arguments


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    frames = make_frames(data)
    households, persons, posts = pl.collect_all([frames.households, frames.persons, frames.posts])
    find(
        households,
        persons,
        posts,
        column=pl.col,
        holders=lambda numbers: persons.join(numbers, on="first18", how="semi"),
        out=out,
    )


if __name__ == "__main__":
    main()
