"""Draws from a made-up frame of many households: ``python -m tests.benchmarks.sampling 25000000``.

Prints seconds, seconds of all processors together, and peak memory of the process for each step; the promise is 25 million households in under 60 seconds
and under 4 GB.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from audit.database import Settings, database
from audit.runs.parquet import write_parquet
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.draw.explain import explain_unit
from audit.sampling.draw.verify import verify
from audit.sampling.frame.digest import content_digest
from audit.sampling.frame.record import UNITS, Frame, write_frame
from audit.sampling.layout import Samples

NOW = datetime(2025, 1, 2, tzinfo=UTC)
MEMORY = Settings(memory="4GB")
#: 2,000 townships of 20 villages; ids of 15 digits, in their order.
_UNITS = """
SELECT printf('1%014d', i) AS unit_id, printf('13%07d000', 1000001 + i * 2000 // {n}) AS township,
    printf('13%07d%03d', 1000001 + i * 2000 // {n}, 1 + i % 20) AS village,
    ['low', 'medium', 'high'][1 + i % 3] AS severity, 'INC-3' AS rule, '' AS distance_class,
    false AS recently_verified, CAST(1 + i % 4 AS INTEGER) AS n_findings, ['INC-3', 'INC-4'] AS rules,
    CAST(1 + i % 4 AS DECIMAL(18, 4)) AS size_measure, '' AS phone_group
FROM range({n}) AS r(i)
"""


def peak_gigabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main(n: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="sampling-benchmark-"))
    try:
        samples = Samples(folder)
        begun = time.monotonic(), time.process_time()

        def told(what: str) -> None:
            nonlocal begun
            now = time.monotonic(), time.process_time()
            seconds, processor = now[0] - begun[0], now[1] - begun[1]
            print(
                f"{what:<34}{seconds:8.1f} s, processor {processor:8.1f} s, peak {peak_gigabytes():.2f} GB", flush=True
            )
            begun = now

        place = samples.frame("made")
        place.mkdir(parents=True)
        with database(MEMORY) as opened:
            write_parquet(opened.con, _UNITS.format(n=n), place / UNITS)
            told("the frame is made up")
            digest, units = content_digest(opened.con, place / UNITS)
        frame = Frame("made", "2024-12-31-abc", date(2024, 12, 31), "flagged", {}, units, digest, "2025-01-01", place)
        write_frame(frame)
        told("its digest")
        wishes = {
            "drawn by ticket, no strata": Wish(n=1500, seed="s"),
            "drawn by ticket, 2,000 townships": Wish(n=10_000, seed="s", strata_by=("township",)),
            "drawn by size": Wish(n=1500, seed="s", method="sequential_poisson"),
        }
        for what, wish in wishes.items():
            sample = draw(samples, frame, wish, actor="benchmark", now=NOW, settings=MEMORY)
            told(what)
        assert all(one.same for one in verify(samples, sample.sample_id, MEMORY))
        told("the last one replayed")
        explain_unit(samples, sample.sample_id, f"1{n // 2:014d}", MEMORY)
        told("one household explained")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
