"""Area codes: 12 digits, of which 2 name the province, 6 the county, 9 the township and all 12 the village."""

from __future__ import annotations

import re
from typing import Literal

Level = Literal["all", "province", "county", "township", "village"]

#: How many leading digits name an area of each level.
DIGITS: dict[Level, int] = {"province": 2, "county": 6, "township": 9, "village": 12}

#: An area code without zeros that only fill it up, or with them.
_CODE = re.compile("[1-9][0-9]([0-9]{4}|[0-9]{7}|[0-9]{10})?")


def level_of(area_code: str) -> Level:
    """The level of a padded area code: 139901101000 is a township."""
    if area_code[9:] != "000":
        return "village"
    if area_code[6:9] != "000":
        return "township"
    return "county" if area_code[2:6] != "0000" else "province"


def leading_digits(area: str) -> str | None:
    """The digits that name an area: 139901000000, like 139901, is the county 139901.

    Empty stands for everywhere; None is no code of 2, 6, 9 or 12 digits.
    """
    if not area:
        return ""
    if not _CODE.fullmatch(area):
        return None
    padded = area.ljust(12, "0")
    return padded[: DIGITS[level_of(padded)]]
