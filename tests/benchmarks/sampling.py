"""Frames and draws of many households: ``python -m tests.benchmarks.sampling 25000000 [STEP ...]``.

Makes up a frame of so many households, and a run with so many of which two in five are flagged; then takes every step in
a process of its own and prints its seconds, those of all processors together (which other work on the machine disturbs
less), and its peak memory. The promise is 25 million households in under 60 seconds and under 4 GB.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from audit.database import Settings, database
from audit.runs.parquet import write_parquet
from audit.sampling.chance import Rate
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.draw.explain import explain_unit
from audit.sampling.draw.sample import all_samples
from audit.sampling.draw.verify import verify
from audit.sampling.frame import Population, build_frame, frame_records, read_frame
from audit.sampling.frame.build import Definition
from audit.sampling.frame.digest import content_digest
from audit.sampling.frame.record import UNITS, Frame, write_frame
from audit.sampling.layout import Samples
from tests.benchmarks.measure import Measured, measure

NOW = datetime(2025, 1, 2, tzinfo=UTC)
MEMORY = Settings(memory="4GB")
MADE, RUN = "made", "2024-12-31-run"
#: 2,000 townships of 20 villages; ids of 15 digits, in their order.
_PLACE = "printf('13%07d{rest}', 1000001 + i * 2000 // {n}{more})"
_TOWNSHIP, _VILLAGE = (
    _PLACE.format(rest="000", n="{n}", more=""),
    _PLACE.format(rest="%03d", n="{n}", more=", 1 + i % 20"),
)
_ID = "printf('1%014d', i)"
_UNITS = f"""
SELECT {_ID} AS unit_id, {_TOWNSHIP} AS township, {_VILLAGE} AS village,
    ['low', 'medium', 'high'][1 + i % 3] AS severity, 'INC-3' AS rule, '' AS distance_class,
    false AS recently_verified, CAST(1 + i % 4 AS INTEGER) AS n_findings, ['INC-3', 'INC-4'] AS rules,
    CAST(1 + i % 4 AS DECIMAL(18, 4)) AS size_measure, '' AS phone_group
FROM range({{n}}) AS r(i)
"""
_HOUSEHOLDS = f"SELECT {_ID} AS household_id, {_VILLAGE} AS area_code FROM range({{n}}) AS r(i)"
#: Of five households two have findings, one of them two: sorted by rule, as a run sorts them.
_FINDINGS = f"""
SELECT 'f' || md5(concat(rule_id, i)) AS finding_id, rule_id, severity, {_ID} AS household_id FROM (
    SELECT i, 'INC-3' AS rule_id, 'high' AS severity FROM range({{n}}) AS r(i) WHERE i % 5 < 2
    UNION ALL SELECT i, 'INC-4', 'low' FROM range({{n}}) AS r(i) WHERE i % 5 = 1
) ORDER BY rule_id, i
"""
Step = Callable[[Path, int], None]


def make_frame(folder: Path, n: int) -> None:
    """Make up a frame, without its digest."""
    place = Samples(folder).frame(MADE)
    place.mkdir(parents=True)
    with database(MEMORY) as opened:
        write_parquet(opened.con, _UNITS.format(n=n), place / UNITS)


def make_run(folder: Path, n: int) -> None:
    """Make up a run."""
    place = folder / RUN
    place.mkdir(parents=True)
    with database(MEMORY) as opened:
        write_parquet(opened.con, _HOUSEHOLDS.format(n=n), place / "households.parquet")
        write_parquet(opened.con, _FINDINGS.format(n=n), place / "findings.parquet")
    rules = [{"rule_id": rule, "status": "evaluated", "advisory": False} for rule in ("INC-3", "INC-4")]
    shown = {"count_advisory": False}
    record = {"run_id": RUN, "as_of": "2024-12-31", "state": "published", "shown": shown, "rules": rules}
    (place / "run.json").write_text(json.dumps(record), encoding="utf-8")


def take_digest(folder: Path, n: int) -> None:
    """Compute the digest of the made-up frame."""
    place = Samples(folder).frame(MADE)
    with database(MEMORY) as opened:
        digest, units = content_digest(opened.con, place / UNITS)
    assert units == n
    write_frame(Frame(MADE, "gone", date(2024, 12, 31), "flagged", {}, units, digest, "2025-01-01", place))


def build(population: Population, folder: Path, n: int) -> None:
    """Build a frame from the run."""
    frame = build_frame(Samples(folder), folder, Definition(population), now=NOW, run=RUN, settings=MEMORY)
    assert frame.n_units == n * (2 if population == "flagged" else 3) // 5


def take(wish: Wish, folder: Path, _n: int) -> None:
    """Draw from the made-up frame."""
    samples = Samples(folder)
    draw(samples, read_frame(samples, MADE), wish, actor="benchmark", now=NOW, settings=MEMORY)


def draw_of_run(folder: Path, _n: int) -> None:
    """Draw from the frame of flagged households of the run."""
    samples = Samples(folder)
    (frame,) = (one for one in frame_records(samples) if one.run_id == RUN and one.population == "flagged")
    draw(samples, frame, Wish(n=1500, seed="run"), actor="benchmark", now=NOW, settings=MEMORY)


def replay(seed: str, folder: Path, _n: int) -> None:
    """Verify a sample."""
    (sample,) = (one for one in all_samples(Samples(folder)) if one.design.seed == seed)
    found = verify(Samples(folder), sample.sample_id, folder, MEMORY)
    assert [one.same for one in found if one.what == "rebuilt"] == [None if sample.receipt.run_id == "gone" else True]
    assert all(one.same for one in found if one.what != "rebuilt")


def explain(folder: Path, n: int) -> None:
    """Explain where a household stands."""
    sample = next(one for one in all_samples(Samples(folder)) if one.design.seed == "ticket")
    explain_unit(Samples(folder), sample.sample_id, f"1{n // 2:014d}", MEMORY)


STEPS: dict[str, tuple[str, Step]] = {
    "frame": ("a frame is made up", make_frame),
    "digest": ("its digest", take_digest),
    "ticket": ("drawn by ticket", partial(take, Wish(n=1500, seed="ticket"))),
    "strata": ("the same, 2,000 townships", partial(take, Wish(n=10_000, seed="strata", strata_by=("township",)))),
    "pareto": ("by size, pareto", partial(take, Wish(n=1500, seed="pareto", method="pareto"))),
    "poisson": ("by size, sequential Poisson", partial(take, Wish(n=1500, seed="poisson", method="sequential_poisson"))),
    "sized_strata": (
        "by size, 2,000 townships",
        partial(take, Wish(n=10_000, seed="sized", method="sequential_poisson", strata_by=("township",))),
    ),
    "systematic": (
        "systematic, sorted by village",
        partial(take, Wish(n=1500, seed="systematic", method="systematic", reserve=Rate("0"), sort_by=("village",))),
    ),
    "verify": ("a draw by size verified", partial(replay, "poisson")),
    "explain": ("one household explained", explain),
    "run": ("a run is made up", make_run),
    "flagged": ("frame of its flagged, 2 in 5", partial(build, "flagged")),
    "unflagged": ("frame of its unflagged, 3 in 5", partial(build, "unflagged")),
    "draw_of_run": ("drawn from the flagged", draw_of_run),
    "verify_of_run": ("verified, frame built again", partial(replay, "run")),
}  # fmt: skip


def main(n: int, steps: list[str]) -> None:
    """Take the steps one after another, each in a process of its own."""
    folder = Path(os.environ.get("SAMPLING_FOLDER") or tempfile.mkdtemp(prefix="sampling-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name in steps or STEPS:
            command = [sys.executable, "-m", "tests.benchmarks.sampling", "--step", name, str(folder), str(n)]
            took: Measured = measure(command, folder / f"{name}.log")
            print(
                f"{STEPS[name][0]:<34}{took.seconds:8.1f} s, processors {took.cpu:8.1f} s, peak {took.gigabytes:.2f} GB",
                flush=True,
            )
    finally:
        if "SAMPLING_FOLDER" not in os.environ:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        STEPS[sys.argv[2]][1](Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, sys.argv[2:])
