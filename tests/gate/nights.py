"""A small registry of three townships as it comes night after night, and the gate that it goes through."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from audit.accepted import accepted_registry
from audit.gate import Gate, Verdict, hold
from tests.conftest import BARE

AS_OF = date(2024, 12, 31)
#: Township, its name, its households.
TOWNSHIPS = (("139901101", "东乡", 60), ("139901102", "西乡", 60), ("139901103", "南乡", 60))

Tables = dict[str, list[dict[str, object]]]


def night() -> Tables:
    """180 households, each with two persons, one income and one visit."""
    tables: Tables = {"households": [], "persons": [], "incomes": [], "visits": []}
    for township, name, households in TOWNSHIPS:
        for number in range(households):
            home = f"{township}{number:03d}"
            tables["households"].append(
                {
                    "household_id": home,
                    "area_code": f"{township}001",
                    "county_name": "示范县",
                    "township_name": name,
                    "member_count": 2,
                    "household_type": "脱贫户",
                }
            )
            tables["persons"] += [
                {"person_id": f"{home}{one}", "household_id": home, "sex": sex, "relation": "户主", "id_number": "1"}
                for one, sex in ((1, "男"), (2, "女"))
            ]
            tables["incomes"].append(
                {"household_id": home, "year": 2024, "population": 2, "net_income": 20000 + number}
            )
            tables["visits"].append({"visit_id": home, "household_id": home, "visited_on": "2024-12-01"})
    return tables


def without(tables: Tables, households: Sequence[object]) -> Tables:
    """The same without some households and all that is theirs."""
    gone = set(households)
    return {name: [row for row in rows if row["household_id"] not in gone] for name, rows in tables.items()}


def write(folder: Path, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> Path:
    """Write a folder of CSV files."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def through_the_gate(
    folder: Path,
    tables: Mapping[str, Sequence[Mapping[str, object]]],
    earlier: Sequence[Path] = (),
    gate: Gate | Path | None = None,
    as_of: date = AS_OF,
) -> Verdict:
    """Hold a registry; ``folder`` is the folder of the run."""
    data = write(folder.parent / f"{folder.name}-data", tables)
    folder.mkdir()
    with accepted_registry(data, None, BARE) as accepted:
        return hold(accepted, folder, gate, earlier, as_of)


def outcome(verdict: Verdict, name: str) -> tuple[int, int, int]:
    """Of an expectation: how many values failed, passed, and were not applicable."""
    (held,) = [one for one in verdict.held if one.id == name]
    return held.failed, held.passed, held.not_applicable


def failed(verdict: Verdict) -> tuple[list[str], list[str]]:
    """The ids of the expectations that hold the run, and of those that warn."""
    return [one.id for one in verdict.stops], [one.id for one in verdict.warnings]
