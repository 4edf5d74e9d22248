"""What tests may ask of an audit beside its registry and its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from audit import Rulebook, Settings
from audit.accepted import Progress
from audit.gate import Gate


class NightOptions(TypedDict, total=False):
    """Options of ``run_audit`` that a night may have."""

    rules: Path | Rulebook | None
    source_map: Path | None
    aliases: Path | None
    previous: str | None
    keep: int | None
    gate: Gate | Path | None
    settings: Settings | None
    progress: Progress
    now: Callable[[], datetime]


class AuditOptions(NightOptions, total=False):
    """The options of ``run_audit``."""

    year: int | None
    force: bool
