"""How time and memory grow with the number of households, and time with the number of rules.

``python -m tests.benchmarks.growth --households 100000 1000000 5000000 --memory 4GB``, or with registries that are
already there: ``--registries FOLDER...``. The rules are counted on the first registry.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

import duckdb

from tests.benchmarks.doubled import write_rules
from tests.benchmarks.measure import (
    AS_OF,
    Measured,
    UnfinishedError,
    audit,
    evaluation,
    measure,
    middle,
    middle_of,
    print_table,
    run_audit,
)

RULES = (10, 50, 200)


def main() -> None:
    """Generate unless given, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--registries", type=Path, nargs="+", help="already generated registries, the smallest first")
    parser.add_argument("--rules", type=int, nargs="*", default=RULES, help="numbers of rules, on the first registry")
    parser.add_argument("--memory", help="the audit's own setting; without it, its default")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--scratch", type=Path)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="audit-growth-", dir=options.scratch))
    try:
        registries = options.registries or [_generated(number, scratch) for number in options.households]
        memory = ["--memory", options.memory] if options.memory else []
        print(f"cores {os.cpu_count()}, duckdb {duckdb.__version__}, memory setting {options.memory or 'default'}\n")
        _print_households(registries, scratch, memory, options.repeat)
        _print_rules(registries[0], options.rules, scratch, memory, options.repeat)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _generated(households: int, scratch: Path) -> Path:
    out = scratch / f"registry-{households}"
    measure(
        audit("generate", "--households", str(households), "--as-of", AS_OF.isoformat(), "--out", str(out)),
        scratch / "generate.log",
    )
    return out


def _runs(data: Path, scratch: Path, repeat: int, more: list[str]) -> tuple[Measured, dict[str, float]]:
    """The medians of some runs."""
    runs = [run_audit(data, scratch / "out", scratch / "audit.log", *more) for _ in range(repeat)]
    steps = {step: middle([seconds[step] for _, seconds in runs]) for step in runs[0][1]}
    return middle_of([measured for measured, _ in runs]), steps


def households_of(data: Path) -> int:
    """How many households a generated registry has."""
    parts = data / "households" / "*.parquet" if (data / "households").is_dir() else data / "households.parquet"
    return int(duckdb.execute(f"SELECT count(*) FROM '{parts}'").fetchall()[0][0])


def _print_households(registries: list[Path], scratch: Path, memory: list[str], repeat: int) -> None:
    heads = (
        "households",
        "seconds",
        "s per million",
        "CPU s per million",
        "evaluation s",
        "s per million",
        "peak GB",
        "of it by step",
    )
    rows = []
    for data in registries:
        households = households_of(data)
        try:
            whole, steps = _runs(data, scratch, repeat, memory)
        except UnfinishedError as error:
            rows.append((f"{households:,}", *["-"] * 6, str(error)))
            continue
        rows.append(
            (
                f"{households:,}",
                f"{whole.seconds:.1f}",
                f"{whole.seconds / households * 1_000_000:.1f}",
                f"{whole.cpu / households * 1_000_000:.1f}",
                f"{evaluation(steps):.1f}",
                f"{evaluation(steps) / households * 1_000_000:.1f}",
                f"{whole.gigabytes:.2f}",
                " ".join(f"{step} {seconds:.1f}" for step, seconds in steps.items()),
            )
        )
        print(f"{households:,} households: {whole.seconds:.1f} s, {whole.gigabytes:.2f} GB", flush=True)
    print()
    print_table(heads, rows)


def _print_rules(data: Path, numbers: list[int], scratch: Path, memory: list[str], repeat: int) -> None:
    rows = []
    for number in numbers:
        rules = scratch / f"rules-{number}"
        write_rules(rules, number)
        whole, steps = _runs(data, scratch, repeat, [*memory, "--rules", str(rules)])
        findings = duckdb.execute(f"SELECT count(*) FROM '{scratch}/out/latest/findings.parquet'").fetchall()[0][0]
        figures = (f"{value:.1f}" for value in (whole.seconds, whole.cpu, evaluation(steps)))
        rows.append((f"{number}", *figures, f"{findings:,}"))
    print(f"\nwith {households_of(data):,} households")
    print_table(("rules", "seconds", "CPU s", "evaluation s", "findings"), rows)


if __name__ == "__main__":
    main()
