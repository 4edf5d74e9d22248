"""``make bench``: the audit against a hand-written script, in one run, on the same files.

Machines are noisy: only the ratios say something, and they are of medians of runs taken in turn.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.generate import generate_registry
from tests.benchmarks.doubled import write_doubled
from tests.benchmarks.measure import AS_OF, Measured, evaluation, measure, middle, middle_of, print_table, run_audit

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@dataclass(frozen=True)
class Size:
    """What was measured with one number of households."""

    households: int
    hand: Measured
    whole: Measured
    steps: dict[str, float]


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scratch", type=Path)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="audit-bench-", dir=options.scratch))
    try:
        sizes = [_size(number, options.repeat, scratch) for number in options.households]
        _print_sizes(sizes)
        _print_doubling(scratch / f"registry-{options.households[-1]}", scratch, options.repeat)
        sample = [
            run_audit(SAMPLE, scratch / "out-sample", scratch / "audit.log")[0].seconds for _ in range(options.repeat)
        ]
        print(f"\naudit of data/sample, process start to exit: {middle(sample):.2f} s")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _size(households: int, repeat: int, scratch: Path) -> Size:
    data = scratch / f"registry-{households}"
    generate_registry(households, 1, data, as_of=AS_OF)
    hands, wholes, steps = [], [], []
    for turn in range(repeat):
        hand = scratch / "hand"
        shutil.rmtree(hand, ignore_errors=True)
        script = str(Path(__file__).parent / "hand_written.py")
        hands.append(measure([sys.executable, script, str(data), str(hand)], scratch / "hand.log"))
        whole, seconds = run_audit(data, scratch / "out", scratch / "audit.log")
        wholes.append(whole)
        steps.append(seconds)
        if turn == 0:
            _same_findings(hand / "findings.parquet", scratch / "out" / "latest" / "findings.parquet")
    chosen = {step: middle([one[step] for one in steps]) for step in steps[0]}
    return Size(households, middle_of(hands), middle_of(wholes), chosen)


def _same_findings(hand: Path, ours: Path) -> None:
    """Both must find the same, or there is nothing to compare."""
    differ = duckdb.execute(
        f"SELECT count(*) FROM (SELECT rule_id, subject_id FROM '{hand}') AS a "
        f"FULL JOIN (SELECT rule_id, subject_id FROM '{ours}') AS b USING (rule_id, subject_id) "
        "WHERE a.rule_id IS NULL OR b.rule_id IS NULL"
    ).fetchall()[0][0]
    if differ:
        raise SystemExit(f"{differ} findings differ between the hand-written script and the audit")


def _print_sizes(sizes: list[Size]) -> None:
    print(f"cores {os.cpu_count()}, duckdb {duckdb.__version__}, Python {sys.version.split()[0]}\n")
    heads = (
        "households",
        "script s",
        "audit s",
        "ratio",
        "evaluation s",
        "ratio",
        "script GB",
        "audit GB",
        "s per million",
    )
    rows = [
        (
            f"{one.households:,}",
            f"{one.hand.seconds:.2f}",
            f"{one.whole.seconds:.2f}",
            f"{one.whole.seconds / one.hand.seconds:.2f}",
            f"{evaluation(one.steps):.2f}",
            f"{evaluation(one.steps) / one.hand.seconds:.2f}",
            f"{one.hand.gigabytes:.2f}",
            f"{one.whole.gigabytes:.2f}",
            f"{one.whole.seconds / one.households * 1_000_000:.1f}",
        )
        for one in sizes
    ]
    print_table(heads, rows)
    print("evaluation: facts, flags and findings; s per million: seconds of the whole audit per million households")
    print("\nseconds per step of the audit")
    for one in sizes:
        print(f"{one.households:>12,} " + "  ".join(f"{step} {seconds:.2f}" for step, seconds in one.steps.items()))


def _print_doubling(data: Path, scratch: Path, repeat: int) -> None:
    rules = scratch / "rules"
    write_doubled(rules)
    once, twice = [], []
    for _ in range(repeat):
        once.append(evaluation(run_audit(data, scratch / "out", scratch / "audit.log")[1]))
        twice.append(evaluation(run_audit(data, scratch / "out", scratch / "audit.log", "--rules", str(rules))[1]))
    added = middle(twice) / middle(once) - 1
    print(f"\ntwice the rules: {middle(once):.2f} s of evaluation become {middle(twice):.2f} s, {added:+.0%}")


if __name__ == "__main__":
    main()
