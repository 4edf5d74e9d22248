"""What earlier tryouts saw of the same files, so that who tries rules again and again need not wait for it each time.

A tryout looks at every cell that its rules read, at all keys and at every person's household. The same files, read by
the same audit through the same source map, look the same: their digests tell that they are the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import duckdb

from audit.contract.feeds import Registry
from audit.contract.in_place import NOTHING_KNOWN, Known

#: What a tryout says about itself, in its folder.
TRYOUT_FILE = "tryout.json"
#: How the folders of tryouts are named.
TRYOUTS = "tryout-*"

_HOMES = "households"
_Lying = tuple[str, str, str]


@cache
def versions() -> Mapping[str, str]:
    """On what it depends how cells are read: the audit, DuckDB, and the very lines that read, as a digest."""
    lines = hashlib.sha256()
    for package in ("audit.contract", "audit.contract.tables", "audit.intake"):
        for file in sorted(resources.files(package).iterdir(), key=lambda one: one.name):
            if file.name.endswith(".py"):
                lines.update(file.read_bytes())
    return {
        "audit": metadata.version("household-audit"),
        "duckdb": duckdb.__version__,
        "reading": lines.hexdigest()[:16],
    }


def map_digest(registry: Registry) -> str:
    """The digest of the source map through which a registry is read; empty without one."""
    return registry.digests.get(registry.source_map, "") if registry.source_map else ""


def recall(out: Path, registry: Registry) -> Known:
    """Tell what the tryouts in a folder saw of the files that a registry is about to be read from.

    Args:
        out: the folder with the tryouts. What can't be read in it tells nothing.
        registry: what is read, with the digests of its files.
    """
    lying: dict[str, set[_Lying]] = {}
    for feed in registry.feeds:
        source = feed.source
        lying.setdefault(feed.table, set()).add((source.file, source.sheet, source.sha256(registry.digests)))
    own: dict[str, set[str]] = {}
    whole: set[str] = set()
    for path in sorted(out.glob(f"{TRYOUTS}/{TRYOUT_FILE}")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            seen = _seen(record, lying) if _alike(record, registry) else NOTHING_KNOWN
        except (OSError, ValueError, KeyError, TypeError):
            continue
        for table, columns in seen.own.items():
            own.setdefault(table, set()).update(columns)
        whole.update(seen.whole)
    return Known(own, whole)


def _alike(record: Mapping[str, Any], registry: Registry) -> bool:
    """Whether a tryout read its files as they would be read now."""
    return bool(record["versions"] == versions() and record["map"] == map_digest(registry))


def _seen(record: Mapping[str, Any], lying: Mapping[str, set[_Lying]]) -> Known:
    """What a tryout saw of the files that tables are read from now, each file with its sheet and digest."""
    files: dict[str, set[_Lying]] = {}
    for one in record["inputs"]:
        files.setdefault(one["table"], set()).add((one["file"], one["sheet"], one["sha256"]))
    same = {table for table in lying if lying[table] == files.get(table)}
    refused = {one["table"] for one in record["inputs"] if one["rows_quarantined"]}
    # A row is refused for its own cells, for its key, or because its household is not there.
    whole = same - refused if _HOMES in same else set[str]()
    return Known({table: record["read"][table] for table in same.intersection(record["in_place"])}, whole)
