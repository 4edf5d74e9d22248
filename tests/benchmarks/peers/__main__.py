"""The audit and its peers, turn by turn on the same files: wall time and peak memory, and whether all find the same.

``python -m tests.benchmarks.peers --households 1000000``. A peer that does not finish within the limits is printed
as such and not tried again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from dataclasses import astuple
from importlib import metadata
from pathlib import Path

import duckdb

from audit.generate import generate_registry
from tests.benchmarks.measure import (
    AS_OF,
    Limits,
    Measured,
    UnfinishedError,
    evaluation,
    measure,
    memory_gigabytes,
    middle,
    middle_of,
    print_table,
    run_audit,
)
from tests.benchmarks.peers.ten import link_tables, write_ten

LIMIT = "DuckDB fused by hand"
TRIED = "the audit, rules tried"
AGAIN = "the audit, rules tried again"
AUDIT = "the audit, a whole night"
#: A peer's title and its module, the limit first.
PEERS = {
    LIMIT: "duckdb_fused",
    TRIED: "audit_tried",
    AGAIN: "audit_tried_again",
    AUDIT: "",
    "DuckDB, a query per rule": "duckdb_per_rule",
    "Polars by hand": "polars_by_hand",
    "pandas by hand": "pandas_by_hand",
    "cuallee on Polars (counts)": "cuallee_polars",
    "pointblank on Polars": "pointblank_polars",
    "pointblank on DuckDB": "pointblank_duckdb",
    "pandera on pandas": "pandera_pandas",
    "pandera on ibis (DuckDB)": "pandera_ibis",
    "Great Expectations on pandas": "great_expectations_pandas",
}
PACKAGES = ("duckdb", "polars", "pandas", "cuallee", "pointblank", "pandera", "ibis-framework", "great-expectations")


class Race:
    """Runs the peers and keeps what they took."""

    def __init__(self, registry: Path, scratch: Path, limits: Limits, memory: str | None) -> None:
        self._data = link_tables(registry, scratch / "four-tables")
        self._rules = scratch / "ten-rules"
        write_ten(self._rules)
        self._scratch = scratch
        self._limits = limits
        self._memory: tuple[str, ...] = ("--memory", memory) if memory else ()
        self.runs: dict[str, list[Measured]] = {}
        self.steps: dict[str, list[dict[str, float]]] = {}
        self.unfinished: dict[str, str] = {}
        self.differing: dict[str, int] = {}

    def warm(self) -> None:
        """Read all files once, so that nobody is the first to wait for the disk."""
        for path in sorted(self._data.rglob("*.parquet")):
            with path.open("rb") as file:
                while file.read(1 << 24):
                    pass

    def turn(self, titles: list[str]) -> None:
        """Run every peer once."""
        for title in titles:
            if title in self.unfinished:
                continue
            try:
                measured = self._audit() if title == AUDIT else self._peer(title)
            except UnfinishedError as error:
                self.unfinished[title] = str(error)
                print(f"{title}: {error}", flush=True)
                continue
            self.runs.setdefault(title, []).append(measured)
            print(f"{title}: {measured.seconds:.2f} s, {measured.gigabytes:.2f} GB", flush=True)

    def _audit(self) -> Measured:
        log = self._scratch / "audit.log"
        more = ("--rules", str(self._rules), *self._memory)
        measured, steps = run_audit(self._data, self._scratch / "audit", log, *more, limits=self._limits)
        self.steps.setdefault(AUDIT, []).append(steps)
        return measured

    def _peer(self, title: str) -> Measured:
        out = self._scratch / PEERS[title]
        shutil.rmtree(out, ignore_errors=True)
        if title == AGAIN:
            shutil.copytree(self._scratch / PEERS[TRIED], out, symlinks=True)
        command = [sys.executable, "-m", f"tests.benchmarks.peers.{PEERS[title]}", str(self._data), str(out)]
        if title in {TRIED, AGAIN}:
            command += self._memory[1:]
        measured = measure(command, self._scratch / f"{PEERS[title]}.log", self._limits)
        if title in {TRIED, AGAIN}:
            steps = json.loads((out / "seconds.json").read_text(encoding="utf-8"))
            self.steps.setdefault(title, []).append(steps)
        return measured

    def households(self) -> int:
        """How many households there are."""
        return int(duckdb.execute(f"SELECT count(*) FROM '{self._data}/households/*.parquet'").fetchall()[0][0])

    def compare(self) -> None:
        """Compare the keys that each peer found with those of the audit, or of the limit if the audit has none."""
        reference = AUDIT if AUDIT in self.runs else LIMIT
        for title in self.runs:
            if title != reference:
                self.differing[title] = differing(self._found(reference), self._found(title))

    def _found(self, title: str) -> str:
        files = "audit/latest/findings.parquet" if title == AUDIT else f"{PEERS[title]}/*.parquet"
        return f"FROM '{self._scratch}/{files}'"


def differing(ours: str, theirs: str) -> int:
    """How many findings only one of two queries gives; of counts by rule, by how much they differ."""
    if "failing" in [column for column, *_ in duckdb.execute(theirs).description or ()]:
        counted = f"SELECT rule_id, count(*) AS failing FROM ({ours}) GROUP BY rule_id"
        query = (
            "SELECT sum(abs(coalesce(a.failing, 0) - coalesce(b.failing, 0))) "
            f"FROM ({counted}) AS a FULL JOIN ({theirs}) AS b USING (rule_id)"
        )
    else:
        query = (
            f"SELECT count(*) FROM (SELECT rule_id, subject_id, 1 AS mark FROM ({ours})) AS a "
            f"FULL JOIN (SELECT rule_id, subject_id, 1 AS mark FROM ({theirs})) AS b USING (rule_id, subject_id) "
            "WHERE a.mark IS NULL OR b.mark IS NULL"
        )
    return int(duckdb.execute(query).fetchall()[0][0])


def main() -> None:
    """Generate unless given, measure, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--registry", type=Path, help="an already generated registry; else one is generated")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=[name for name in PEERS.values() if name], help="peers to run")
    parser.add_argument("--no-night", action="store_true", help="leave the whole night out: the rules are only tried")
    parser.add_argument("--seconds", type=float, default=900, help="the longest that one may run")
    parser.add_argument("--gigabytes", type=float, default=round(0.8 * memory_gigabytes()), help="the most it may hold")
    parser.add_argument("--memory", help="the audit's own setting; without it, its default")
    parser.add_argument("--scratch", type=Path)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="audit-peers-", dir=options.scratch))
    try:
        registry = options.registry or scratch / "registry"
        if not options.registry:
            generate_registry(options.households, 1, registry, as_of=AS_OF)
        race = Race(registry, scratch, Limits(options.seconds, options.gigabytes), options.memory)
        asked = options.only or PEERS.values()
        wanted = {LIMIT, TRIED, AGAIN} | {title for title, name in PEERS.items() if name in asked}
        wanted = wanted - {AUDIT} if options.no_night else wanted | {AUDIT}
        race.warm()
        for _ in range(options.repeat):
            race.turn([title for title in PEERS if title in wanted])
        race.compare()
        _print(race, options.repeat)
        if any(race.differing.values()):
            raise SystemExit("not all find the same")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _print(race: Race, repeat: int) -> None:
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in PACKAGES)
    print(f"\n{race.households():,} households, ten rules, cores {os.cpu_count()}, memory {memory_gigabytes():.0f} GB")
    print(f"{versions}, Python {sys.version.split()[0]}; medians of {repeat}\n")
    limit = middle_of(race.runs[LIMIT])
    rows = []
    for title in [title for title in PEERS if title in race.runs or title in race.unfinished]:
        if title in race.unfinished:
            rows.append((title, *["-"] * 6, race.unfinished[title]))
            continue
        took = middle_of(race.runs[title])
        same = {None: "", 0: "yes"}.get(race.differing.get(title), f"{race.differing.get(title)} differ")
        figures = zip(astuple(took), astuple(limit), strict=True)
        rows.append((title, *(cell for pair in figures for cell in _cells(*pair)), same))
    print_table(("", "seconds", "ratio", "CPU s", "ratio", "peak GB", "ratio", "same findings"), rows)
    for title, turns in race.steps.items():
        seconds = middle([evaluation(steps) for steps in turns])
        spent, ratio = _cells(seconds, limit.seconds)
        print(f"\n{title}: facts, flags and findings {spent} s, {ratio} times the limit; seconds per step:")
        steps = {step: middle([one[step] for one in turns]) for step in turns[0]}
        print("  ".join(f"{step} {took:.2f}" for step, took in steps.items()))


def _cells(value: float, limit: float) -> tuple[str, str]:
    return f"{value:.2f}", f"{value / limit:.2f}"


if __name__ == "__main__":
    main()
