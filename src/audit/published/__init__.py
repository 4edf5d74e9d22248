"""A published run, read again from its folder alone: as a whole, or one area of it and nothing else."""

from __future__ import annotations

from audit.published.area import Area, areas_at, find_area, read_areas
from audit.published.database import name_places, opened
from audit.published.run import PublishedRun, RuleState, read_published

__all__ = [
    "Area",
    "PublishedRun",
    "RuleState",
    "areas_at",
    "find_area",
    "name_places",
    "opened",
    "read_areas",
    "read_published",
]
