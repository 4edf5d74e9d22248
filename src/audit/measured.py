"""What inspectors measured of each rule, as the report shows it beside the rule: the newest estimate of each.

Estimates never change a run's Parquet files: the report is told which folder of samples to look into.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Folder of samples beside the runs, unless another is named.
SAMPLES = "samples"
#: Folder of estimates inside a folder of samples, and the file of each estimate.
ESTIMATES = "estimates"
RECORD_FILE = "estimates.json"


@dataclass(frozen=True, slots=True)
class MeasuredPrecision:
    """How often a rule was right, as measured in the field.

    Attributes:
        rule_id: the rule.
        point: share of its findings that were confirmed.
        lower, upper: the limits, whatever the unresolved findings are.
        confidence: of the limits, as text.
        units: households visited.
        estimate_id: the estimate.
        run_id: the run from which the households were drawn.
        at: when it was estimated, UTC.
    """

    rule_id: str
    point: float
    lower: float
    upper: float
    confidence: str
    units: int
    estimate_id: str
    run_id: str
    at: str


def read_measured(samples: Path) -> Mapping[str, MeasuredPrecision]:
    """Read the newest measured precision of every rule.

    Rules of which too few households were visited are not there. An estimate that can't be read is passed over: it
    must never keep a report from being made.

    Args:
        samples: the folder of samples, by default ``samples`` beside the runs; it need not exist.
    """
    newest: dict[str, MeasuredPrecision] = {}
    for one in sorted(_all_of(samples), key=lambda found: (found.at, found.estimate_id)):
        newest[one.rule_id] = one
    return dict(sorted(newest.items()))


def _all_of(samples: Path) -> list[MeasuredPrecision]:
    found: list[MeasuredPrecision] = []
    for path in sorted((samples / ESTIMATES).glob(f"*/{RECORD_FILE}")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            runs = [one["run_id"] for one in record["samples"] if one["population"] == "flagged"]
            found += [
                MeasuredPrecision(
                    str(one["domain"]),
                    float(one["point"]),
                    float(one["lower_worst"]),
                    float(one["upper_best"]),
                    str(record["confidence"]),
                    int(one["units"]),
                    str(record["estimate_id"]),
                    str(runs[0]),
                    str(record["at"]),
                )
                for one in record["estimates"]
                if one["measure"] == "precision" and one["kind"] == "rule" and not one["small"]
            ]
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            continue
    return found
