"""Ready-made files that start the audit every night: systemd, cron, Airflow, Dagster."""

from __future__ import annotations

from audit.schedules.site import KINDS, Kind, Site
from audit.schedules.write import ScheduleFile, write_schedule

__all__ = ["KINDS", "Kind", "ScheduleFile", "Site", "write_schedule"]
