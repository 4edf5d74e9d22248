"""What a run's folder says about the run: its own ``run.json``, and ``release.json`` once a person has let it pass."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from audit.errors import RunError

#: Published: on the line of runs that are compared with one another. Held: the gate stopped it, a person must look.
#: A look back: its day is before that of the latest run, which stays the latest.
State = Literal["published", "held", "look_back"]
RUN_FILE = "run.json"
RELEASE_FILE = "release.json"


@dataclass(frozen=True)
class Release:
    """Why a held run was published after all, in a person's words, by whom and when."""

    because: str
    by: str
    at: str


@dataclass(frozen=True)
class Run:
    """One run as its folder tells it.

    Attributes:
        folder: where it is.
        run_id: its name.
        as_of: the day of the audit.
        finished: when it was finished, as text.
        state: published, held or a look back; a released run is published.
        previous: the run it was compared with, if there was one.
        after: the latest run when it was finished, if there was one.
        request: digest of everything that was asked: day, year, inputs, rules, aliases.
        shown: how it is shown: language, personal data, advisory findings.
        findings: findings by severity: high, medium, low; without those that are set apart.
        presence: findings by presence.
        absent: findings of the run before that are gone, by reason.
        broken: ids of the rules that failed while they were run.
        release: why it was released, if it was held.
    """

    folder: Path
    run_id: str
    as_of: date
    finished: str
    state: State
    previous: str | None
    after: str | None
    request: str
    shown: Mapping[str, object]
    findings: Mapping[str, int]
    presence: Mapping[str, int]
    absent: Mapping[str, int]
    broken: tuple[str, ...]
    release: Release | None = None


def read_record(folder: Path) -> Run:
    """Read what a run says about itself.

    Raises:
        RunError: there is no run here, or it is of a version that kept no history.
    """
    path = folder / RUN_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        release = _read_release(folder / RELEASE_FILE)
        state: State = "published" if release else record["state"]
        return Run(
            folder,
            str(record["run_id"]),
            date.fromisoformat(record["as_of"]),
            str(record["finished"]),
            state,
            record["previous"],
            record["after"],
            str(record["request"]),
            dict(record["shown"]),
            {name: int(number) for name, number in record["findings"].items()},
            {name: int(number) for name, number in record["presence"].items()},
            {name: int(number) for name, number in record["absent"].items()},
            tuple(one["rule_id"] for one in record["rules"] if one["status"] == "broken"),
            release,
        )
    except OSError as error:
        raise RunError("runs.no_run", folder=folder) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError("runs.no_history", file=path) from error


def _read_release(path: Path) -> Release | None:
    if not path.exists():
        return None
    written = json.loads(path.read_text(encoding="utf-8"))
    return Release(str(written["because"]), str(written["by"]), str(written["at"]))


def write_record(path: Path, record: Mapping[str, object]) -> None:
    """Write a record as JSON that people can read too."""
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
