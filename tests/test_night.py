"""One night as a site has set it: logged, told to others, and nothing personal in either."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from audit.configuration import RunSettings, run_settings, settings_in_force
from audit.configuration.declare import Value
from audit.errors import InputError
from audit.night import outcome_of, run_night
from tests.conftest import AS_OF, Write

#: Marked values: nothing that is written for others may hold one of them.
NAME, PHONE, ID_NUMBER, ACCOUNT = "欧阳标记", "13899990001", "139901198001010018", "6222999900001111"
MARKED = (NAME, PHONE, ID_NUMBER, ACCOUNT)

HOUSEHOLDS = [
    {"household_id": "H1", "area_code": "139901101001", "head_name": NAME, "phone": PHONE, "member_count": 4},
    # The same household again: quarantined with its names and numbers.
    {"household_id": "H1", "area_code": "139901101001", "head_name": NAME, "phone": PHONE, "member_count": NAME},
    {"household_id": "H2", "area_code": PHONE, "head_name": NAME, "phone": NAME},
]
PERSONS = [
    {"person_id": "P1", "household_id": "H1", "name": NAME, "id_number": ID_NUMBER, "birth_date": NAME},
    {"person_id": "P2", "household_id": "H9", "name": NAME, "id_number": ID_NUMBER},
]
PAYMENTS = [{"payment_id": "S1", "household_id": "H1", "account_number": ACCOUNT, "amount": ACCOUNT + "x"}]


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., RunSettings]:
    """Settings of a night with a log, a command that keeps what it is told, and what the test adds."""
    keep = tmp_path / "keep.py"
    keep.write_text("import sys; open('told.json', 'wb').write(sys.stdin.buffer.read())\n", encoding="utf-8")

    def made(data: Path, **added: str) -> RunSettings:
        given: dict[str, Value] = {
            "data": data, "out": tmp_path / "reports", "as_of": AS_OF, "log": tmp_path / "audit.log",
            "log_format": "json", "notify_command": f"{sys.executable} {keep}", "memory": "500MB", **added,
        }  # fmt: skip
        return run_settings(settings_in_force(given, {}, None, tmp_path), tmp_path)

    return made


def night(settings: RunSettings) -> list[str]:
    """Run a night; gives what was warned of."""
    warned: list[str] = []
    run_night(
        settings,
        today=date(2020, 1, 1),
        clock=lambda: datetime(2025, 1, 1, 2, tzinfo=UTC),
        warn=lambda trouble: warned.append(trouble.message("en")),
    )
    return warned


def log_of(settings: RunSettings) -> list[dict[str, object]]:
    assert isinstance(settings.log, Path)
    return [json.loads(line) for line in settings.log.read_text(encoding="utf-8").splitlines()]


def written(settings: RunSettings) -> str:
    """All that the night has written for others than the reader of the report."""
    assert isinstance(settings.log, Path)
    return settings.log.read_text(encoding="utf-8") + (settings.folder / "told.json").read_text(encoding="utf-8")


def test_a_published_run(settings: Callable[..., RunSettings], write_registry: Write) -> None:
    data = write_registry(households=HOUSEHOLDS, persons=PERSONS, subsidy_payments=PAYMENTS)
    one = settings(data, log_level="debug")
    assert night(one) == []
    log = log_of(one)
    assert [line["event"] for line in log] == ["started", *["step"] * 11, "published", "notified"]
    assert {line["time"] for line in log} == {"2025-01-01T02:00:00.000+00:00"}
    assert [line["step"] for line in log[1:12]] == [
        "rules", "digests", "intake", "contract", "gate", "facts", "rates", "findings", "history", "pages", "publish",
    ]  # fmt: skip
    told = json.loads((one.folder / "told.json").read_text(encoding="utf-8"))
    assert (told["state"], told["as_of"]) == ("published", "2024-12-31")
    assert told["counts"]["rows_read"] == 6
    assert told["counts"]["rows_quarantined"] == 3
    assert log[12]["run_id"] == told["run_id"] == (one.out / "latest").resolve().name
    assert "AST-1" in told["rules_not_evaluated"]
    for value in MARKED:
        assert value not in written(one)


def test_a_file_that_cannot_be_read(settings: Callable[..., RunSettings], tmp_path: Path) -> None:
    data = tmp_path / "registry"
    data.mkdir()
    # The message of this failure quotes the first row, which holds a name.
    (data / "households.csv").write_text(f"{NAME},{PHONE},{ID_NUMBER}\n{NAME},{PHONE},{ACCOUNT}\n", encoding="utf-8")
    one = settings(data)
    with pytest.raises(InputError) as raised:
        night(one)
    assert NAME in raised.value.message("en")
    failed = log_of(one)[-2]
    assert (failed["event"], failed["level"], failed["error"]) == ("failed", "error", "intake.no_header")
    assert (failed["file"], failed["table"], failed["step"]) == ("households.csv", "households", "intake")
    told = json.loads((one.folder / "told.json").read_text(encoding="utf-8"))
    assert (told["state"], told["error"], told["place"]["file"]) == ("failed", "intake.no_header", "households.csv")
    for value in MARKED:
        assert value not in written(one)


def test_a_defect_of_the_program(
    settings: Callable[..., RunSettings], write_registry: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(ID_NUMBER)

    monkeypatch.setattr("audit.pipeline.write_rates", broken)
    one = settings(write_registry(households=HOUSEHOLDS))
    with pytest.raises(RuntimeError):
        night(one)
    failed = log_of(one)[-2]
    assert (failed["event"], failed["kind"], failed["step"]) == ("failed", "RuntimeError", "rates")
    assert str(failed["place"]).startswith("audit.pipeline:")
    for value in MARKED:
        assert value not in written(one)


def test_an_interruption_is_logged_and_nobody_is_told(
    settings: Callable[..., RunSettings], write_registry: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("audit.pipeline.write_rates", interrupted)
    one = settings(write_registry(households=HOUSEHOLDS))
    with pytest.raises(KeyboardInterrupt):
        night(one)
    assert (log_of(one)[-1]["event"], log_of(one)[-1]["step"]) == ("interrupted", "rates")
    assert not (one.folder / "told.json").exists()


def test_a_notification_that_fails_is_a_warning_and_a_line(
    settings: Callable[..., RunSettings], write_registry: Write
) -> None:
    one = settings(write_registry(households=HOUSEHOLDS), notify_command="no-such-program hunter2")
    (warned,) = night(one)
    assert warned.startswith("Notification: the command no-such-program could not be started (No such file")
    assert (one.out / "latest" / "index.html").is_file()
    last = log_of(one)[-1]
    assert (last["event"], last["level"], last["error"]) == ("notified", "warning", "notification.not_started")
    assert "hunter2" not in json.dumps(log_of(one)) + warned


def test_only_what_is_wanted_is_told(settings: Callable[..., RunSettings], write_registry: Write) -> None:
    one = settings(write_registry(households=HOUSEHOLDS), notify_when="held")
    night(one)
    assert log_of(one)[-1]["event"] == "published"
    assert not (one.folder / "told.json").exists()


RECORD = {
    "run_id": "r1", "as_of": "2024-12-31", "state": "held", "presence": {"new": 2}, "absent": {"fixed": 1},
    "finished": "2025-01-01T02:00:00", "previous": None, "after": None, "request": "asked", "shown": {"lang": "zh"},
    "findings": {"high": 3, "medium": 0, "low": 0},
    "inputs": [
        {"derived": False, "rows_read": 5, "rows_accepted": 4, "rows_quarantined": 1},
        {"derived": True, "rows_read": 5, "rows_accepted": 5, "rows_quarantined": 0},
    ],
    "rules": [
        {"rule_id": "INC-3", "status": "evaluated"}, {"rule_id": "INC-4", "status": "broken"},
        {"rule_id": "AST-1", "status": "not_evaluated"},
    ],
}  # fmt: skip
NUMBERS = SimpleNamespace(findings=RECORD["findings"], households=2, persons=3, flagged_households=1)


def test_a_held_run_and_a_broken_rule(
    settings: Callable[..., RunSettings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run.json").write_text(json.dumps(RECORD), encoding="utf-8")
    run = SimpleNamespace(folder=tmp_path, computed=NUMBERS, verdict=None)
    monkeypatch.setattr("audit.night.run_audit", lambda *_, **__: run)
    one = settings(tmp_path)
    night(one)
    broken, held, _ = log_of(one)[1:]
    assert (broken["event"], broken["level"], broken["rule_id"]) == ("broken_rule", "error", "INC-4")
    assert (held["event"], held["level"], held["run_id"]) == ("held", "warning", "r1")
    assert held["counts"] == {
        "rows_read": 5, "rows_accepted": 4, "rows_quarantined": 1, "households": 2, "persons": 3,
        "flagged_households": 1, "high": 3, "medium": 0, "low": 0, "new": 2,
    }  # fmt: skip
    told = json.loads((one.folder / "told.json").read_text(encoding="utf-8"))
    assert (told["state"], told["rules_broken"], told["rules_not_evaluated"]) == ("held", ["INC-4"], ["AST-1"])
    assert (told["presence"], told["absent"]) == ({"new": 2}, {"fixed": 1})


def test_a_run_that_was_there_already(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({**RECORD, "state": "published"}), encoding="utf-8")
    outcome = outcome_of(tmp_path, None)
    assert (outcome.state, outcome.run_id, outcome.findings["high"]) == ("unchanged", "r1", 3)


def test_a_run_that_is_held_already_is_still_held(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(RECORD), encoding="utf-8")
    assert outcome_of(tmp_path, None).state == "held"
    release = {"because": "checked", "by": "W", "at": "2025-01-01T09:00:00"}
    (tmp_path / "release.json").write_text(json.dumps(release), encoding="utf-8")
    assert outcome_of(tmp_path, None).state == "unchanged"
