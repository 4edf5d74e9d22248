"""Runs written by hand, as far as frames, sheets and estimates ask for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

#: A finding: id, household, rule. All are of high severity.
Finding = tuple[str, str, str]
VILLAGE = "139903101001"


def home(number: int, village: str = VILLAGE) -> str:
    """A household's id: its village and a number."""
    return f"{village}{number:03d}"


@dataclass(frozen=True)
class Made:
    """What a run says.

    Attributes:
        run_id: its name.
        registered: the registered households; the village is the beginning of the id.
        findings: what was found.
        deregistered: households of the registry that are not registered.
        rules: the rules with their status.
        keys: whether it lists all households of the registry.
    """

    run_id: str
    registered: Sequence[str]
    findings: Sequence[Finding]
    deregistered: Sequence[str] = ()
    rules: Mapping[str, str] | None = None
    keys: bool = True


def lay(out: Path, made: Made) -> Path:
    """Write a run, and beside it a registry of its households; gives the run's folder."""
    folder, data = out / made.run_id, out / "registry"
    folder.mkdir(parents=True)
    data.mkdir(exist_ok=True)
    lines = (f"{unit},{unit[:12]},清河县,城关镇,清河东村,户主{unit[-3:]}" for unit in sorted(made.registered))
    text = "\n".join(("户编号,行政区划代码,县,乡,村,户主姓名", *lines, ""))
    (data / "households.csv").write_text(text, encoding="utf-8")
    with duckdb.connect() as con:
        _write(con, folder / "households.parquet", made.registered)
        if made.keys:
            _write(con, folder / "keys.parquet", [*made.registered, *made.deregistered])
        con.execute("CREATE TABLE found (finding_id VARCHAR, household_id VARCHAR, rule_id VARCHAR)")
        if made.findings:
            con.executemany("INSERT INTO found VALUES (?, ?, ?)", [list(one) for one in made.findings])
        con.execute(
            "COPY (SELECT *, 'high' AS severity, '有问题' AS message, 'A problem.' AS message_en, '{}' AS evidence "
            f"FROM found ORDER BY rule_id, household_id) TO '{folder / 'findings.parquet'}' (FORMAT parquet)"
        )
    statuses = made.rules or dict.fromkeys((rule for _, _, rule in made.findings), "evaluated")
    record = {
        "run_id": made.run_id,
        "as_of": "2024-12-31",
        "year": 2024,
        "state": "published",
        "shown": {"count_advisory": False},
        "asked": {"data": str(data), "source_map": None, "rules": None, "source_map_sha256": "", "rules_sha256": ""},
        "inputs": [],
        "rules": [{"rule_id": rule, "status": status, "advisory": False} for rule, status in statuses.items()],
    }
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def lay_rehearsal(
    out: Path, name: str, registered: Sequence[str], changes: Sequence[tuple[str, str, str, str]]
) -> None:
    """Write a rehearsal: of each change the finding, the household, the rule, and whether it is gained or lost."""
    folder = out / name
    folder.mkdir(parents=True)
    with duckdb.connect() as con:
        _write(con, folder / "households.parquet", registered)
        con.execute("CREATE TABLE changed (finding_id VARCHAR, household_id VARCHAR, rule_id VARCHAR, change VARCHAR)")
        con.executemany("INSERT INTO changed VALUES (?, ?, ?, ?)", [list(one) for one in changes])
        path = folder / "changes.parquet"
        con.execute(f"COPY (SELECT *, 'high' AS severity FROM changed ORDER BY ALL) TO '{path}' (FORMAT parquet)")
    record = {"rehearsal_id": name, "as_of": "2024-12-31"}
    (folder / "rehearsal.json").write_text(json.dumps(record), encoding="utf-8")


def _write(con: duckdb.DuckDBPyConnection, path: Path, units: Sequence[str]) -> None:
    con.execute("CREATE OR REPLACE TABLE home (household_id VARCHAR, area_code VARCHAR)")
    con.executemany("INSERT INTO home VALUES (?, ?)", [[unit, unit[:12]] for unit in units])
    con.execute(f"COPY (FROM home ORDER BY household_id) TO '{path}' (FORMAT parquet)")
