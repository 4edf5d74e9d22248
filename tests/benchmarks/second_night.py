"""A first night, the next one after one household in a hundred changed, and the same input once more.

Twice: with the registry as generated (Parquet, one file per table, or per table and part of the country), and with its
great tables as CSV, a file per township, of which one in a hundred changed. With ``--reuse`` where the audit has that
option, so that what was read once is kept.

``python -m tests.benchmarks.second_night --households 1000000``
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb

from tests.benchmarks.growth import households_of
from tests.benchmarks.measure import AS_OF, Measured, audit, evaluation, measure, print_table, run_audit

#: The tables with rows for every household or nearly, which come as a file per township.
PARTED = ("households", "incomes", "persons", "pairings", "visits", "industry_support", "subsidy_payments")
#: What changes in a household, by table and column: its phone, and what it earned.
CHANGES = {
    "households": {"phone": "'13' || lpad(CAST(hash(household_id) % 1000000000 AS VARCHAR), 9, '0')"},
    "incomes": {
        "wage_income": "CAST(CAST(wage_income AS DECIMAL(18,2)) + 700 AS {type})",
        "net_income": "CAST(CAST(net_income AS DECIMAL(18,2)) + 700 AS {type})",
    },
}
#: Picks one in a hundred.
ONE_IN_A_HUNDRED = 100


def main() -> None:
    """Generate unless given, measure the nights, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--registry", type=Path, help="an already generated registry; it is copied")
    parser.add_argument("--memory", help="the audit's own setting; without it, its default")
    parser.add_argument("--scratch", type=Path)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="audit-nights-", dir=options.scratch))
    try:
        whole = scratch / "whole"
        if options.registry:
            shutil.copytree(options.registry, whole)
        else:
            size = ("--households", str(options.households), "--as-of", AS_OF.isoformat())
            measure(audit("generate", *size, "--out", str(whole)), scratch / "generate.log")
        parted = scratch / "parted"
        write_parted(whole, parted)
        more = ["--memory", options.memory] if options.memory else []
        print(f"cores {os.cpu_count()}, duckdb {duckdb.__version__}, {households_of(whole):,} households", flush=True)
        _nights("Parquet, one household in a hundred changed", whole, scratch, more, change_households)
        _nights("CSV by township, one township in a hundred changed", parted, scratch, more, change_townships)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_parted(whole: Path, parted: Path) -> None:
    """Write a generated registry again with its great tables as CSV, a file per township."""
    parted.mkdir()
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE places AS SELECT household_id, area_code[:9] AS township FROM {_read(whole, 'households')}"
        )
        for table in PARTED:
            con.execute(
                f"COPY (SELECT t.*, township FROM {_read(whole, table)} AS t JOIN places USING (household_id)) "
                f"TO '{parted}/{table}' (FORMAT csv, HEADER, PARTITION_BY (township), FILENAME_PATTERN 'part_{{i}}')"
            )
    for table in PARTED:
        for folder in sorted((parted / table).iterdir()):
            township = folder.name.partition("=")[2]
            for number, part in enumerate(sorted(folder.iterdir())):
                part.rename(parted / table / f"{township}-{number}.csv")
            folder.rmdir()
    for path in whole.iterdir():
        if path.name.partition(".")[0] not in PARTED:
            (parted / path.name).symlink_to(path)


def change_households(whole: Path) -> None:
    """Change one household in a hundred, wherever it is."""
    for table in CHANGES:
        for part in sorted((whole / table).glob("*.parquet")) or [whole / f"{table}.parquet"]:
            _rewrite(part, table, f"hash(household_id) % {ONE_IN_A_HUNDRED} = 0", "FORMAT parquet, COMPRESSION zstd")


def change_townships(parted: Path) -> None:
    """Change every household of one township in a hundred."""
    for table in CHANGES:
        for part in sorted((parted / table).glob("*.csv"))[::ONE_IN_A_HUNDRED]:
            _rewrite(part, table, "true", "FORMAT csv, HEADER")


def _rewrite(part: Path, table: str, which: str, form: str) -> None:
    new = part.with_suffix(".new")
    # CSV is read as text, so that what does not change is written as it was.
    as_text = part.suffix == ".csv"
    source = f"read_csv('{part}', all_varchar = true)" if as_text else f"read_parquet('{part}')"
    amount = "VARCHAR" if as_text else "DECIMAL(18,2)"
    changes = ", ".join(
        f"CASE WHEN {which} THEN {value.replace('{type}', amount)} ELSE {column} END AS {column}"
        for column, value in CHANGES[table].items()
    )
    duckdb.execute(f"COPY (SELECT * REPLACE ({changes}) FROM {source}) TO '{new}' ({form})")
    new.replace(part)


def _read(registry: Path, table: str) -> str:
    parts = registry / table / "*.parquet" if (registry / table).is_dir() else registry / f"{table}.parquet"
    return f"read_parquet('{parts}')"


def _nights(title: str, data: Path, scratch: Path, more: list[str], change: Callable[[Path], None]) -> None:
    """Measure the three nights and print them beside one another."""
    out = scratch / f"out-{data.name}"
    if "--reuse" in subprocess.run(audit("run", "--help"), capture_output=True, text=True, check=True).stdout:
        more = [*more, "--reuse", str(scratch / f"reuse-{data.name}")]
        title += ", with --reuse"
    nights: dict[str, tuple[Measured, dict[str, float]]] = {}
    for night, day in (("first", AS_OF - timedelta(days=1)), ("second", AS_OF), ("the same again", AS_OF)):
        if night == "second":
            change(data)
        before = (out / "latest").resolve()
        whole, steps = run_audit(data, out, scratch / "audit.log", *more, as_of=day, keep=True)
        # An audit that recognises its input does nothing: there are no steps of it.
        nights[night] = (whole, {} if (out / "latest").resolve() == before else steps)
        print(f"{night}: {nights[night][0].seconds:.1f} s", flush=True)
    first = nights["first"][0].seconds
    rows = [
        (
            night,
            f"{whole.seconds:.1f}",
            f"{whole.seconds / first:.2f}",
            f"{steps['intake'] + steps['contract']:.1f}" if steps else "-",
            f"{evaluation(steps):.1f}" if steps else "-",
            f"{whole.gigabytes:.2f}",
        )
        for night, (whole, steps) in nights.items()
    ]
    print(f"\n{title}")
    print_table(("night", "seconds", "ratio", "intake and contract s", "evaluation s", "peak GB"), rows)


if __name__ == "__main__":
    main()
