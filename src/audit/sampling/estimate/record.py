"""Writes estimates down: one row a number in ``estimates.parquet``, everything in ``estimates.json``, never changed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from audit.errors import RunError
from audit.language import text
from audit.measured import ESTIMATES, RECORD_FILE
from audit.sampling.estimate.agreement import Agreement, Coefficient
from audit.sampling.estimate.conclusion import Claim, Conclusion, SampleConclusion
from audit.sampling.estimate.decision import Decision
from audit.sampling.estimate.estimate import Estimate
from audit.sampling.estimate.places import domain_name
from audit.sampling.estimate.visits import Version

TABLE_FILE = "estimates.parquet"
#: Figures are written to so many significant digits: what lies beyond depends on the machine.
_DIGITS = 10
_SCHEMA = pa.schema(
    [
        ("estimate_id", pa.string()),
        ("sample_ids", pa.string()),
        ("measure", pa.string()),
        ("kind", pa.string()),
        ("domain", pa.string()),
        ("domain_name", pa.string()),
        ("point", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("point_worst", pa.float64()),
        ("point_best", pa.float64()),
        ("lower_worst", pa.float64()),
        ("upper_best", pa.float64()),
        ("units_population", pa.int64()),
        ("things_population", pa.int64()),
        ("units", pa.int64()),
        ("things", pa.int64()),
        ("found", pa.int64()),
        ("unresolved", pa.int64()),
        ("small", pa.bool_()),
        ("method", pa.string()),
        ("formula", pa.string()),
        ("design_effect", pa.float64()),
        ("inputs", pa.string()),
        ("code_version", pa.string()),
        ("at", pa.string()),
    ]
)


def record_of(conclusion: Conclusion, version: str) -> Mapping[str, object]:
    """Everything that was estimated, as it is written to ``estimates.json``, but for when.

    Args:
        conclusion: what the samples say.
        version: of this program.
    """
    return {
        "confidence": conclusion.confidence.text,
        "revise_below": conclusion.revise_below.text,
        "code_version": version,
        "samples": [_sample(one) for one in conclusion.samples],
        "estimates": [_estimate(one, conclusion.places) for one in conclusion.estimates],
        "claims": [{**_claim(claim), **_decision(decision)} for claim, decision in conclusion.claims],
    }


def estimate_id_of(record: Mapping[str, object]) -> str:
    """The name of an estimate: the same samples with the same outcomes have the same."""
    written = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return sha256(written.encode()).hexdigest()[:12]


def write_record(record: Mapping[str, object], root: Path, at: str) -> Path:
    """Write an estimate into a folder of its own, at once or not at all.

    Args:
        record: what was estimated.
        root: the folder of samples.
        at: when, UTC.

    Returns:
        The folder; one that is there already is left as it is.

    Raises:
        RunError: the folder can't be written.
    """
    estimate_id = estimate_id_of(record)
    folder = root / ESTIMATES / estimate_id
    if (folder / RECORD_FILE).is_file():
        return folder
    half_done = folder.with_name(f".{estimate_id}-{os.getpid()}")
    try:
        half_done.mkdir(parents=True, exist_ok=True)
        whole = {"estimate_id": estimate_id, "at": at, **record}
        written = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)
        (half_done / RECORD_FILE).write_text(written + "\n", encoding="utf-8", newline="\n")
        _write_table(whole, half_done / TABLE_FILE)
        half_done.rename(folder)
    except OSError as error:
        raise RunError("estimate.not_written", folder=folder, problem=error.strerror or "") from error
    finally:
        shutil.rmtree(half_done, ignore_errors=True)
    return folder


def _write_table(record: Mapping[str, object], path: Path) -> None:
    samples, estimates = record["samples"], record["estimates"]
    assert isinstance(samples, list) and isinstance(estimates, list)
    shared = {
        "estimate_id": record["estimate_id"],
        "sample_ids": " ".join(one["sample_id"] for one in samples),
        "code_version": record["code_version"],
        "at": record["at"],
    }
    rows = [{**one, **shared, "inputs": json.dumps(one["inputs"], ensure_ascii=False)} for one in estimates]
    pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), path, compression="zstd")


def _figure(value: float | None) -> float | None:
    """A figure to the digits that do not depend on the machine."""
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def _estimate(one: Estimate, places: Mapping[str, str]) -> Mapping[str, object]:
    seen = one.seen
    worst, best = one.readings.get(Version.WORST), one.readings.get(Version.BEST)
    method = seen.method if seen else None
    inputs: dict[str, object] = {name: _figure(value) for name, value in one.inputs}
    if seen is not None:
        inputs["variance"] = _figure(seen.variance)
        inputs["merged"] = [list(group) for group in seen.merged]
    for version, reading in one.readings.items():
        inputs[version.value] = {
            "method": reading.method.value,
            "units": reading.units,
            "things": reading.things,
            "found": reading.found,
            "lower": _figure(reading.limits.lower),
            "upper": _figure(reading.limits.upper),
        }
    return {
        "measure": one.measure.value,
        "kind": one.kind.value,
        "domain": one.domain,
        "domain_name": domain_name(one.kind, one.domain, places),
        "point": _figure(seen.point) if seen else None,
        "lower": _figure(seen.limits.lower) if seen else None,
        "upper": _figure(seen.limits.upper) if seen else None,
        "point_worst": _figure(worst.point) if worst else None,
        "point_best": _figure(best.point) if best else None,
        "lower_worst": _figure(one.lower_worst),
        "upper_best": _figure(one.upper_best),
        "units_population": one.units_population,
        "things_population": one.things_population,
        "units": seen.units if seen else 0,
        "things": seen.things if seen else 0,
        "found": seen.found if seen else 0,
        "unresolved": one.unresolved,
        "small": one.small,
        "method": method.value if method else None,
        "formula": text(f"estimate.formula_{method.name.lower()}", "en") if method else None,
        "design_effect": _figure(seen.effect) if seen else None,
        "inputs": inputs,
    }


def _sample(one: SampleConclusion) -> Mapping[str, object]:
    taken = one.taken
    return {
        "sample_id": taken.sample_id,
        "run_id": taken.run_id,
        "population": taken.population_name,
        "not_covered": list(taken.uncovered),
        "first_phase": taken.first_phase or None,
        "strata": [{**asdict(line), "weight": _figure(line.weight)} for line in one.strata],
        "decision": _decision(one.decision) if one.decision else None,
        "agreement": [
            {"item": line.item, "changing": line.changing, **_agreement(line.agreement)} for line in one.agreement
        ],
        "inspectors": [
            {**asdict(line), "busy_days": [day.isoformat() for day in line.busy_days]} for line in one.inspectors
        ],
        "revisions": [
            {**asdict(line), "point": _figure(line.point), "upper": _figure(line.upper)} for line in one.revisions
        ],
        "misses": [{**asdict(line), "expanded": _figure(line.expanded)} for line in one.misses],
    }


def _agreement(one: Agreement) -> Mapping[str, object]:
    return {
        "rated": one.rated,
        "households": one.households,
        "table": [[first, second, count] for (first, second), count in one.table.items()],
        **{name: _coefficient(getattr(one, name)) for name in ("raw", "kappa", "alpha", "ac1")},
    }


def _coefficient(one: Coefficient) -> Mapping[str, object]:
    return {
        "point": _figure(one.point),
        "lower": _figure(one.limits.lower) if one.limits else None,
        "upper": _figure(one.limits.upper) if one.limits else None,
    }


def _claim(one: Claim) -> Mapping[str, object]:
    return {"measure": one.measure.value, "at_least": one.at_least}


def _decision(one: Decision) -> Mapping[str, object]:
    return {
        "about": one.about,
        "verdict": one.verdict.value,
        "value": one.value,
        "further": one.further,
        "numbers": {name: _figure(value) for name, value in one.numbers},
    }
