"""pointblank on DuckDB (through ibis), the failing rows taken from its extracts."""

from __future__ import annotations

import ibis

from tests.benchmarks.peers.ibis_frames import make_frames
from tests.benchmarks.peers.pointblank_plans import find
from tests.benchmarks.peers.ten import arguments


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    frames = make_frames(ibis.duckdb.connect(), data)
    find(
        frames.households,
        frames.persons,
        frames.posts,
        column=lambda name: ibis._[name],
        holders=lambda numbers: frames.persons.semi_join(ibis.memtable(numbers), "first18").to_polars(),
        out=out,
    )


if __name__ == "__main__":
    main()
