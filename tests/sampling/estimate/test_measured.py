"""The report's side of estimates: the newest of each rule, in words that claim no more than was measured."""

from __future__ import annotations

import json
from pathlib import Path

from audit.measured import read_measured
from audit.report.measured_words import measured_words


def written(samples: Path, name: str, at: str, point: float, *, small: bool = False, broken: bool = False) -> None:
    folder = samples / "estimates" / name
    folder.mkdir(parents=True)
    estimate = {
        "measure": "precision", "kind": "rule", "domain": "INC-4", "point": point, "lower_worst": 0.60409,
        "upper_best": 0.95001, "units": 21, "small": small,
    }  # fmt: skip
    record = {
        "estimate_id": name, "at": at, "confidence": "0.95", "estimates": [estimate],
        "samples": [{"run_id": "2024-12-31-a", "population": "flagged"}],
    }  # fmt: skip
    (folder / "estimates.json").write_text("{" if broken else json.dumps(record), encoding="utf-8")


def test_the_newest_that_can_be_read_counts(tmp_path: Path) -> None:
    written(tmp_path, "b", "2025-01-10T08:00:00+00:00", 0.5)
    written(tmp_path, "a", "2025-02-10T08:00:00+00:00", 0.8)
    written(tmp_path, "c", "2025-03-10T08:00:00+00:00", 0.1, small=True)
    written(tmp_path, "d", "2025-04-10T08:00:00+00:00", 0.1, broken=True)
    found = read_measured(tmp_path)
    assert (found["INC-4"].point, found["INC-4"].estimate_id) == (0.8, "a")
    # Limits are rounded outwards.
    assert measured_words(found["INC-4"], "en") == (
        "Precision measured in the field 80.0 % (60.4–95.1 %, 21 households visited, estimated on 2025-02-10)"
    )
    assert measured_words(found["INC-4"], "zh").startswith("实地核实准确率 80.0 %（上下限 60.4–95.1 %")


def test_what_nobody_measured_is_not_mentioned() -> None:
    assert measured_words(None, "zh") == ""
