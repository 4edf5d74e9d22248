"""Makes a registry many times as large out of a generated one: every copy has its own ids, areas and people.

``python -m tests.benchmarks.multiplied REGISTRY TIMES OUT``. A registry of 25 million households is made in minutes
from one of a million, instead of an hour by the generator, and asks as much of an audit: no key, area, identity number
or account of one copy is met in another. What is wrong with a row of the first is wrong with its copies.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

from audit.contract.normalise import name, quote
from audit.contract.tables import TABLES

#: A copy's two digits begin with this: as a province they are none that the generator makes.
FIRST = 20
#: The weights of the first two digits of an identity number, and its check signs (GB 11643-1999).
_WEIGHTS = (7, 9)
_SIGNS = "10X98765432"


def main() -> None:
    """Read the arguments, multiply, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("registry", type=Path, help="a generated registry of Parquet files")
    parser.add_argument("times", type=int, help="how many copies, up to 80")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    multiply(options.registry, options.times, options.out)
    print(f"{options.times} times {options.registry} is in {options.out}")


def multiply(registry: Path, times: int, out: Path) -> None:
    """Write so many copies of every table, each a part of its own."""
    if not 1 <= times <= 100 - FIRST:
        raise SystemExit(f"from 1 to {100 - FIRST} copies, not {times}")
    for table in TABLES:
        source = registry / table / "*.parquet" if (registry / table).is_dir() else registry / f"{table}.parquet"
        folder = out / table
        folder.mkdir(parents=True, exist_ok=True)
        columns = duckdb.read_parquet(str(source)).columns
        for copy in range(times):
            listed = ", ".join(f"{_own(column, str(FIRST + copy))} AS {name(column)}" for column in columns)
            part = folder / f"part-{copy:03d}.parquet"
            duckdb.execute(
                f"COPY (SELECT {listed} FROM {quote(str(source))}) TO {quote(str(part))} "
                "(FORMAT parquet, COMPRESSION zstd)"
            )


def _own(column: str, digits: str) -> str:
    """SQL for a cell as it stands in a copy."""
    cell = name(column)
    if column == "area_code":
        return f"'{digits}' || substr({cell}, 3)"
    if column in {"id_number", "holder_id_number"}:
        return _identity(cell, digits)
    if column == "account_number":
        return f"substr({cell}, 1, 4) || '{digits}' || substr({cell}, 7)"
    return f"substr({cell}, 1, 1) || '{digits}' || substr({cell}, 4)" if column.endswith("_id") else cell


def _identity(cell: str, digits: str) -> str:
    """An identity number with other leading digits: its check sign is right if it was, and wrong if it was not."""
    gained = " + ".join(
        f"{weight} * ({digit} - TRY_CAST({cell}[{place}] AS INTEGER))"
        for place, (weight, digit) in enumerate(zip(_WEIGHTS, digits, strict=True), 1)
    )
    # Positive before the remainder is taken: the least that can be gained is 7 * -9 + 9 * -9.
    sign = f"'{_SIGNS}'[(instr('{_SIGNS}', {cell}[18]) - 1 + {gained} + 154) % 11 + 1]"
    whole = f"length({cell}) = 18 AND instr('{_SIGNS}', {cell}[18]) > 0"
    return f"CASE WHEN {whole} THEN '{digits}' || substr({cell}, 3, 15) || {sign} ELSE {cell} END"


if __name__ == "__main__":
    main()
