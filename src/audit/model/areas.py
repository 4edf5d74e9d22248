"""Area codes: 12 digits, of which 2 name the province, 6 the county, 9 the township and all 12 the village."""

from __future__ import annotations

from typing import Literal

Level = Literal["all", "province", "county", "township", "village"]

#: How many leading digits name an area of each level.
DIGITS: dict[Level, int] = {"province": 2, "county": 6, "township": 9, "village": 12}


def level_of(area_code: str) -> Level:
    """The level of a padded area code: 139901101000 is a township."""
    if area_code[9:] != "000":
        return "village"
    if area_code[6:9] != "000":
        return "township"
    return "county" if area_code[2:6] != "0000" else "province"
