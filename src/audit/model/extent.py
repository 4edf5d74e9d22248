"""How far down the pages of a run go."""

from __future__ import annotations

from enum import StrEnum


class Extent(StrEnum):
    """Which pages are made beside the Parquet files; the gate's page always is.

    ``none``: no other. ``county``: overview, rules, and what could not be read. ``township``: also the areas with
    their flagged households. ``auto``: the areas as well, unless there are too many flagged households for pages that
    can be made and carried about every day.
    """

    AUTO = "auto"
    TOWNSHIP = "township"
    COUNTY = "county"
    NONE = "none"

    def settled(self, flagged_households: int, most: int) -> Extent:
        """What ``auto`` comes to for so many flagged households, where pages are made for at most ``most``."""
        if self is not Extent.AUTO:
            return self
        return Extent.TOWNSHIP if flagged_households <= most else Extent.COUNTY
