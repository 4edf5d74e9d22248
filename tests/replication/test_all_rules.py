"""Every rule is evaluated on the plan's own sample, and the command that compares its figures agrees."""

from __future__ import annotations

import json

from click.testing import CliRunner

from audit import AuditResult
from audit.cli.replicate import make


def test_every_rule_is_evaluated(replication_run: AuditResult) -> None:
    statuses = {line.status.rule.id: line.status.status for line in replication_run.summary.rules}
    assert len(statuses) == 85
    assert set(statuses.values()) == {"evaluated"}


def test_the_command_gives_every_figure_but_the_one_the_plan_added_up_wrongly() -> None:
    done = CliRunner().invoke(make("en"), ["--json"], standalone_mode=False)
    figures = json.loads(done.output)
    assert len(figures) == 64
    differ = [(one["printed"], one["found"], one["state"]) for one in figures if one["state"] != "same"]
    assert differ == [("52.79 %", "52.80 %", "explained")]
    (note,) = [one["note_en"] for one in figures if one["note_en"]]
    assert "500 of 947" in note
    printed = {one["figure_en"]: one["printed"] for one in figures}
    assert printed["mean net income per head, yuan"] == "8381"
    assert printed["share of the proceeds distributed"] == "40.19 %"
