"""Where a first and a second inspector have seen different things."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from audit.sampling.field.codes import Role
from audit.sampling.field.outcomes import ItemOutcome, current_outcomes


@dataclass(frozen=True)
class Dispute:
    """An item about which two inspectors disagree, with what each of them said."""

    first: ItemOutcome
    second: ItemOutcome


def disputed_items(con: sqlite3.Connection, sample_id: str) -> Mapping[str, Mapping[str, Dispute]]:
    """The items that both inspectors answered, and not alike: by household and item code."""
    said: dict[Role, dict[tuple[str, str], ItemOutcome]] = defaultdict(dict)
    for outcome in current_outcomes(con, sample_id):
        said[outcome.role].update({(outcome.unit_id, item.item_code): item for item in outcome.items if item.verdict})
    found: dict[str, dict[str, Dispute]] = defaultdict(dict)
    for (unit, code), first in said[Role.FIRST].items():
        second = said[Role.SECOND].get((unit, code))
        if second and second.verdict is not first.verdict:
            found[unit][code] = Dispute(first, second)
    return found
