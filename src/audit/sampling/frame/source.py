"""The runs a frame is built from: may they be sampled at all, and which of their rules count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.errors import RunError
from audit.runs.publish import latest_name

#: States of runs whose flagged and unflagged households may be sampled; others are trials of some kind.
_SOUND = frozenset({"published", "look_back"})
HOUSEHOLDS = "households.parquet"


@dataclass(frozen=True)
class Source:
    """A run, or a rehearsal, from which households are drawn.

    Attributes:
        folder: where it is.
        run_id: its name.
        as_of: its day.
        state: published, look_back, held, or of a trial.
        counted: rules whose findings make a household flagged.
        evaluated: rules that were evaluated.
        broken: rules that failed.
        rehearsal: whether it compares two policies.
    """

    folder: Path
    run_id: str
    as_of: date
    state: str
    counted: frozenset[str]
    evaluated: frozenset[str]
    broken: frozenset[str]
    rehearsal: bool = False


def read_source(out: Path, run: str | None) -> Source:
    """Read a run by its name or folder; by default the latest.

    Args:
        out: the output folder.
        run: a run's name in it, or its folder; None for the latest.

    Raises:
        RunError: there is no such run, the gate holds it, or it is from before runs listed their households.
    """
    name = run or latest_name(out)
    if name is None:
        raise RunError("sampling.no_run", folder=out)
    folder = out / name if (out / name).is_dir() else Path(name)
    if (folder / "rehearsal.json").is_file():
        source = _rehearsal(folder, _read(folder / "rehearsal.json"))
    elif (folder / "run.json").is_file():
        source = _run(folder, _read(folder / "run.json"))
    else:
        raise RunError("sampling.no_run", folder=folder)
    if source.state == "held":
        raise RunError("sampling.run_held", run=source.run_id)
    if not (folder / HOUSEHOLDS).is_file():
        raise RunError("sampling.run_too_old", run=source.run_id)
    return source


def check_sound(source: Source, rules: frozenset[str]) -> None:
    """See that the flagged or unflagged households of a run mean what they say.

    Args:
        source: the run.
        rules: the rules that are looked at.

    Raises:
        RunError: it is a trial or a rehearsal, or one of the rules failed while it was run.
    """
    if source.rehearsal or source.state not in _SOUND:
        raise RunError("sampling.run_of_a_trial", run=source.run_id)
    if failed := sorted(source.broken & rules):
        raise RunError("sampling.rules_broken", run=source.run_id, rules=", ".join(failed))


def _read(path: Path) -> Mapping[str, object]:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): value for name, value in written.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise RunError("sampling.file_damaged", file=path) from error


def _run(folder: Path, record: Mapping[str, object]) -> Source:
    try:
        shown, rules = record["shown"], record["rules"]
        release = (folder / "release.json").is_file()
        if not isinstance(shown, dict) or not isinstance(rules, list):
            raise TypeError
        with_advisory = bool(shown["count_advisory"])
        return Source(
            folder,
            str(record["run_id"]),
            date.fromisoformat(str(record["as_of"])),
            "published" if release else str(record["state"]),
            frozenset(str(one["rule_id"]) for one in rules if with_advisory or not one["advisory"]),
            frozenset(str(one["rule_id"]) for one in rules if one["status"] == "evaluated"),
            frozenset(str(one["rule_id"]) for one in rules if one["status"] == "broken"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("sampling.file_damaged", file=folder / "run.json") from error


def _rehearsal(folder: Path, record: Mapping[str, object]) -> Source:
    try:
        return Source(
            folder,
            str(record["rehearsal_id"]),
            date.fromisoformat(str(record["as_of"])),
            "trial",
            frozenset(),
            frozenset(),
            frozenset(),
            rehearsal=True,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("sampling.file_damaged", file=folder / "rehearsal.json") from error
