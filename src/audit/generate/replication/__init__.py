"""The replication registry: the source plan's own sample as a registry, so that its figures can be computed again.

As of 2025-01-31, audit year 2024. County 139901 holds the plan's 947 households; county 139902 its special
villages, projects and funds; counties 139903 and 139904 the townships whose notices are missing.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

from audit.contract.tables import TABLES
from audit.generate.replication.funds import add_funds
from audit.generate.replication.rows import Registry
from audit.generate.replication.sample import add_sample
from audit.generate.replication.villages import add_villages

SEED = 2024


def build_replication(out: Path, seed: int = SEED) -> None:
    """Write the replication registry as CSV, one file per table, with canonical names and codes.

    Args:
        out: the folder.
        seed: decides names, ages and amounts that no figure depends on.
    """
    registry = Registry(random.Random(seed))
    add_sample(registry)
    add_villages(registry)
    add_funds(registry)
    out.mkdir(parents=True, exist_ok=True)
    for name, table in TABLES.items():
        columns = [field.name for field in table.fields]
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for row in registry.rows[name]:
                writer.writerow([_text(row.get(column)) for column in columns])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
