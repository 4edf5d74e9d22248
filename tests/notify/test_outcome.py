"""What is told, to whom, and that a channel that fails leaves the others alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from audit.configuration import SETTINGS
from audit.notify import Outcome, State, tell, wanted

DAY = date(2024, 12, 31)
PUBLISHED = Outcome(
    state="published", as_of=DAY, run_id="2024-12-31-abc", report=Path("reports/2024-12-31-abc"),
    counts={"households": 149}, findings={"high": 1017, "medium": 39, "low": 6}, presence={"new": 3},
    absent={"fixed": 2}, not_evaluated=("AST-1",), broken=("INC-1", "INC-2"),
)  # fmt: skip


def test_the_summary() -> None:
    assert json.loads(PUBLISHED.as_json("en")) == {
        "text": "Audit 2024-12-31-abc as of 2024-12-31 is published. Findings: high 1,017, medium 39, low 6. "
        "Rules that failed: INC-1, INC-2.",
        "state": "published",
        "run_id": "2024-12-31-abc",
        "as_of": "2024-12-31",
        "counts": {"households": 149},
        "findings": {"high": 1017, "medium": 39, "low": 6},
        "presence": {"new": 3},
        "absent": {"fixed": 2},
        "rules_not_evaluated": ["AST-1"],
        "rules_broken": ["INC-1", "INC-2"],
        "gate": None,
        "report": "reports/2024-12-31-abc/index.html",
        "error": None,
        "place": {},
    }


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome("failed", DAY, error="intake.no_header", place={"file": "a.csv", "row": 3}),
         "审计（审计日 2024-12-31）未能完成（intake.no_header, file a.csv, row 3）。没有发布任何结果。"),
        (Outcome("unchanged", DAY, run_id="r1"), "审计日 2024-12-31：同样的输入已经发布为 r1，没有再做。"),
        (Outcome("held", DAY, run_id="r1", gate="户数少了一半。"),
         "审计 r1（审计日 2024-12-31）暂不发布：当晚的数据不可信，仍以上一次发布的报告为准。户数少了一半。"),
    ],
)  # fmt: skip
def test_the_sentence(outcome: Outcome, told: str) -> None:
    assert outcome.sentence("zh") == told


def test_no_variable_is_a_setting() -> None:
    variables = PUBLISHED.environment("en")
    assert (variables["AUDIT_RUN_STATE"], variables["AUDIT_RUN_HIGH"]) == ("published", "1017")
    assert not set(variables) & {setting.environment for setting in SETTINGS}


@pytest.mark.parametrize(
    ("state", "findings", "broken", "told"),
    [
        ("published", 0, False, {"always"}),
        ("unchanged", 5, False, {"always"}),
        ("published", 1, False, {"always", "findings"}),
        ("look_back", 1, False, {"always", "findings"}),
        ("held", 0, False, {"always", "findings", "held"}),
        ("failed", 0, False, {"always", "findings", "held", "failed"}),
        ("published", 0, True, {"always", "findings", "held", "failed"}),
    ],
)
def test_who_wants_to_be_told(state: State, findings: int, broken: bool, told: set[str]) -> None:
    outcome = Outcome(state, DAY, findings={"low": findings}, broken=("INC-1",) if broken else ())
    assert {when for when in ("always", "findings", "held", "failed") if wanted(outcome, when)} == told


def test_a_channel_that_fails_leaves_the_other_alone(tmp_path: Path) -> None:
    ticks = iter([1.0, 1.5, 2.0, 4.25])
    told = tell(
        PUBLISHED, command="no-such-program", webhook="http://127.0.0.1:1/x", folder=tmp_path, timeout=5, lang="en",
        seconds=lambda: next(ticks),
    )  # fmt: skip
    assert [(one.channel, one.seconds, one.failure and one.failure.key) for one in told] == [
        ("command", 0.5, "notification.not_started"),
        ("webhook", 2.25, "notification.webhook_unreachable"),
    ]


def test_a_mistake_of_the_program_does_not_fail_the_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("13990119800101001X")

    monkeypatch.setattr("audit.notify.channels.post", broken)
    (one,) = tell(PUBLISHED, command=None, webhook="https://h", folder=tmp_path, timeout=5, lang="en")
    assert one.failure is not None
    assert "RuntimeError" in one.failure.message("en")
    assert "13990119800101001X" not in one.failure.message("en")


def test_nobody_to_tell(tmp_path: Path) -> None:
    assert tell(PUBLISHED, command=None, webhook=None, folder=tmp_path, timeout=5, lang="en") == ()
