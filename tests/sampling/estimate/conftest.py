"""The audit of data/sample with a sample of its flagged households and one of the others, visited and estimated."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit import AuditResult
from audit.cli.main import run
from audit.sampling.chance import Rate
from audit.sampling.field.codes import Role
from audit.sampling.plan import plan_hand_picked
from audit.sampling.plan.aims import question_of
from tests.sampling.estimate.fieldwork import drawn, recorded

# README: 149 registered households, 42 of them flagged, with 17 + 39 + 6 findings; HHD-1 has 3 of these. The finding of
# PW-10 is about a post whose holder belongs to no household, so that nobody can be visited for it.
FLAGGED, UNFLAGGED, FINDINGS, REFUTED = 42, 107, 61, 3
VISITED = 60


@dataclass(frozen=True)
class Done:
    """An output folder with two samples that were visited and estimated."""

    out: Path
    flagged: str
    unflagged: str
    missed: str
    folder: Path

    @property
    def record(self) -> Any:
        return json.loads((self.folder / "estimates.json").read_text("utf-8"))

    def estimate(self, measure: str, kind: str = "all", domain: str = "") -> Any:
        (found,) = [
            one
            for one in self.record["estimates"]
            if (one["measure"], one["kind"], one["domain"]) == (measure, kind, domain)
        ]
        return found


@pytest.fixture(scope="session")
def done(sample_run: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> Done:
    out = tmp_path_factory.mktemp("estimate") / "reports"
    shutil.copytree(sample_run.folder.parent, out, symlinks=True)
    samples = out / "samples"
    flagged = drawn(samples, out, "flagged", FLAGGED)
    question = question_of(UNFLAGGED, Rate("0.95"), Rate("0.1"))
    unflagged = drawn(samples, out, "unflagged", VISITED, plan_hand_picked(question, VISITED, 0))
    recorded(
        samples,
        out,
        flagged,
        lambda _, rule: "refuted" if rule == "HHD-1" else "confirmed",
        inspector="<b>甲\u202e</b>",
    )
    with duckdb.connect() as con:
        listed = f"'{samples / 'draws' / unflagged / 'units.parquet'}'"
        (missed,) = con.execute(f"SELECT min(unit_id) FROM {listed} WHERE role = 'main'").fetchall()[0]
    recorded(
        samples, out, unflagged, lambda unit, rule: "confirmed" if (unit, rule) == (missed, "INC-4") else "refuted"
    )
    second = frozenset(
        one
        for (one,) in duckdb.execute(
            f"SELECT unit_id FROM {listed} WHERE role = 'main' ORDER BY ALL LIMIT 5"
        ).fetchall()
    )
    recorded(samples, out, unflagged, lambda *_: "refuted", role=Role.SECOND, inspector="乙", only=second)
    code = run(["sample", "estimate", flagged, unflagged, "--out", str(out), "--claim", "recall>=0.5", "--lang", "en"])
    assert code == 0
    (folder,) = (samples / "estimates").iterdir()
    return Done(out, flagged, unflagged, missed, folder)
