"""All that one audit is asked to do, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from audit.configuration.in_force import InForce
from audit.errors import RunError
from audit.language import Language


@dataclass(frozen=True)
class RunSettings:
    """The settings of one audit, typed; each is told about in the table of settings.

    Attributes:
        folder: where the file of settings stands, else where the audit was started: commands are run there.
        data, source: the registry: exactly one of them is there.
    """

    folder: Path
    data: Path | None
    source: str | None
    source_map: Path | None
    aliases: Path | None
    areas: tuple[str, ...]
    as_of: date | None
    year: int | None
    rules: Path | None
    count_advisory: bool
    out: Path
    samples: Path | None
    lang: Language
    show_personal: bool
    pages: str
    fail_on: str | None
    keep: int | None
    force: bool
    previous: str | None
    gate: Path | None
    no_gate: bool
    memory: str
    threads: int | None
    scratch: Path | None
    reuse: Path | None
    notify_command: str | None
    notify_webhook: str | None
    notify_timeout: float
    notify_when: str
    log: Path | str | None
    log_format: str
    log_level: str


def run_settings(found: Sequence[InForce], here: Path) -> RunSettings:
    """Put the settings in force together for one audit; a log that is only formatted goes to standard error.

    Args:
        found: every setting in force.
        here: the folder in which the audit was started.

    Raises:
        RunError: nothing says what is to be audited.
    """
    values: dict[str, Any] = {one.setting.name: one.value for one in found}
    if values["data"] is None and values["source"] is None:
        raise RunError("configuration.no_registry")
    if values["log"] is None and any(one.setting.section == "log" and one.origin != "default" for one in found):
        values["log"] = "-"
    command = next(one for one in found if one.setting.name == "notify_command")
    return RunSettings(folder=command.file.parent if command.file else here, **values)
