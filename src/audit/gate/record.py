"""``gate.json``: what was held, what came of it, and all that the page shows; the same input gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from audit.errors import RunError
from audit.gate.verdict import Held, Result, Status, Verdict

RECORD = "gate.json"


def write_verdict(verdict: Verdict, folder: Path) -> Path:
    """Write ``gate.json`` into the folder of a run."""
    path = folder / RECORD
    path.write_text(json.dumps(verdict_record(verdict), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def verdict_record(verdict: Verdict) -> dict[str, object]:
    """A verdict as plain data."""
    return {
        "as_of": verdict.as_of.isoformat(),
        "stop": verdict.stop,
        "failed": [one.id for one in verdict.stops],
        "warned": [one.id for one in verdict.warnings],
        "compared": list(verdict.compared),
        "damaged": list(verdict.damaged),
        "gate_sha256": verdict.digest,
        "expectations": [{**asdict(one), "status": one.status} for one in verdict.held],
    }


def read_verdict(folder: Path) -> Verdict:
    """Read the verdict of a run again.

    Raises:
        RunError: the run has none, or it can't be read.
    """
    path = folder / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError("gate.no_verdict", folder=folder) from error
    except ValueError as error:
        raise RunError("gate.damaged_verdict", file=path) from error
    try:
        return Verdict(
            as_of=date.fromisoformat(record["as_of"]),
            compared=tuple(record["compared"]),
            damaged=tuple(record["damaged"]),
            digest=record["gate_sha256"],
            held=tuple(_held(one) for one in record["expectations"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("gate.damaged_verdict", file=path) from error


def _held(record: Mapping[str, Any]) -> Held:
    results = tuple(
        Result(**{**one, "status": Status(one["status"]), "compared": tuple(one["compared"])})
        for one in record["results"]
    )
    return Held(**{**{key: record[key] for key in _HELD}, "results": results})


_HELD = tuple(field.name for field in fields(Held) if field.name != "results")
