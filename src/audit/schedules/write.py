"""Writes the files of a schedule for a site, with comments in one language."""

from __future__ import annotations

from dataclasses import dataclass

import jinja2

from audit.language import Language, section
from audit.schedules.quoting import cron_words, unit_command, unit_path, unit_word
from audit.schedules.site import ZONE, Kind, Site

NAME = "household-audit"
_FOLDERS = {"systemd": "/etc/systemd/system/", "cron": "", "airflow": "$AIRFLOW_HOME/dags/", "dagster": ""}
_TEMPLATES = {
    "systemd": (f"{NAME}.service", f"{NAME}.timer"),
    "cron": (NAME,),
    "airflow": ("household_audit_dag.py",),
    "dagster": ("household_audit_dagster.py",),
}


@dataclass(frozen=True)
class ScheduleFile:
    """One file to be put where a scheduler looks for it.

    Attributes:
        name: its name.
        place: where it belongs; empty for cron's own table of a user.
        text: what stands in it.
    """

    name: str
    place: str
    text: str


def write_schedule(kind: Kind, site: Site, lang: Language) -> tuple[ScheduleFile, ...]:
    """Write the files that run the audit every night.

    Args:
        kind: the scheduler.
        site: where, when and as whom.
        lang: language of the comments.

    Raises:
        RunError: a path, the user or the time zone can't be written in this scheduler's way.
    """
    site.check()
    # Nothing here is a page: each template says by its filter how a value is written.
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("audit.schedules"),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"path": unit_path, "word": unit_word, "command": unit_command, "python": repr}
    environment.globals["cron"] = cron_words
    values = {"site": site, "name": NAME, "zone": site.zone or ZONE, "say": section("schedules", lang)}
    folder = "/etc/cron.d/" if kind == "cron" and site.user else _FOLDERS[kind]
    return tuple(
        ScheduleFile(name, f"{folder}{name}" if folder else "", environment.get_template(f"{name}.j2").render(values))
        for name in _TEMPLATES[kind]
    )
