"""What a schedule must know of a site: when, as whom, in which folder, with which command."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from audit.errors import RunError

Kind = Literal["systemd", "cron", "airflow", "dagster"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: Airflow and Dagster count in UTC unless told otherwise, and the registries are China's.
ZONE = "Asia/Shanghai"

_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Site:
    """Where and when the audit runs.

    Attributes:
        program: the command ``audit`` with its whole path, as words.
        config: the site's settings.
        at: time of day.
        user: as whom it runs; empty for whoever sets the schedule up.
        zone: the time zone of ``at``; empty for the server's own.
        writes: folders outside that of ``config`` into which the audit writes.
    """

    program: tuple[str, ...]
    config: Path
    at: time
    user: str = ""
    zone: str = ""
    writes: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the command is run: paths of the settings that are not whole start there."""
        return self.config.parent

    @property
    def command(self) -> tuple[str, ...]:
        """The one command that every schedule calls, as words."""
        return (*self.program, "run", "--config", str(self.config))

    def check(self) -> None:
        """Refuse what no schedule can be written with.

        Raises:
            RunError: a user, a zone or a path is none.
        """
        if self.user and not _USER.fullmatch(self.user):
            raise RunError("schedules.user", name=self.user)
        for path in (*self.command, *map(str, self.writes)):
            if _CONTROL.search(path):
                raise RunError("schedules.path", path=repr(path))
        if self.zone:
            try:
                ZoneInfo(self.zone)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise RunError("schedules.zone", name=self.zone) from error
