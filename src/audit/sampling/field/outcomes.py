"""What the inspectors of a sample found, as it stands now: household by household, item by item."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from audit.sampling.field.codes import INCOMPLETE, Result, Role, Stability, Target, Verdict
from audit.sampling.field.records import opened_records

_VISITS = """
    SELECT unit.unit_id, unit.role, coalesce(visit.inspector, ''), coalesce(visit.blind, 0),
        coalesce(visit.visited_on, ''), coalesce(visit.result, ''), coalesce(visit.reason_code, ''),
        coalesce(visit.others, ''), coalesce(visit.photos, '')
    FROM field_unit AS unit LEFT JOIN current_visit AS visit USING (row_key)
    WHERE unit.sample_id = ?
      AND (visit.row_key IS NOT NULL OR EXISTS (
          SELECT 1 FROM field_item AS item JOIN current_item USING (row_key)
          WHERE item.sample_id = unit.sample_id AND item.unit_id = unit.unit_id AND item.role = unit.role))
    ORDER BY unit.unit_id, unit.role
"""
_ITEMS = """
    SELECT item.unit_id, item.role, item.target, item.finding_id, item.rule_id, item.registry_value,
        coalesce(answer.found_value, ''), coalesce(answer.verdict, ''), question.stability_class,
        coalesce(answer.photos, ''), coalesce(answer.note, '')
    FROM field_item AS item
    JOIN field_question AS question ON question.sample_id = item.sample_id AND question.rule_id = item.rule_id
    LEFT JOIN current_item AS answer ON answer.row_key = item.row_key
    WHERE item.sample_id = ? ORDER BY item.unit_id, item.role, item.place
"""


@dataclass(frozen=True)
class ItemOutcome:
    """What one inspector said of one item.

    Attributes:
        target: whether it is a finding of the audit, or a question of the full checklist.
        finding_id: the finding; empty for a question.
        rule_id: the rule of the finding; of a question, the rule it was made from, which is its item code.
        registry_value: the registry's facts when the frame was built, as text; empty if they are not known.
        found_value: what the inspector found, in the inspector's words.
        verdict: what the inspector said; None while the item is not answered.
        stability_class: whether two visits may see different facts.
        photos: names of files.
        note: in the inspector's words.
    """

    target: Target
    finding_id: str
    rule_id: str
    registry_value: str
    found_value: str
    verdict: Verdict | None
    stability_class: Stability
    photos: str
    note: str

    @property
    def item_code(self) -> str:
        """What tells the item from the others of its household: the finding, or the rule of the question."""
        return self.finding_id or self.rule_id


@dataclass(frozen=True)
class UnitOutcome:
    """What one inspector recorded about one household.

    Attributes:
        unit_id: the household.
        role: as whom the inspector came.
        inspector: who came; empty while only items are recorded.
        blind: whether the registry's values were hidden.
        visited_on: the day; None while only items are recorded.
        result: resolved, out of scope or unresolved. A household whose visit is not recorded to its end is unresolved.
        reason_code: why it is not resolved; ``incomplete`` for a visit that is not recorded to its end.
        others: other problems that the inspector saw, in the inspector's words.
        photos: names of files.
        items: every item that the household was to be asked about, answered or not, in the order of the sheet.
    """

    unit_id: str
    role: Role
    inspector: str
    blind: bool
    visited_on: date | None
    result: Result
    reason_code: str
    others: str
    photos: str
    items: tuple[ItemOutcome, ...]

    @property
    def unanswered(self) -> int:
        """How many items have no verdict."""
        return sum(item.verdict is None for item in self.items)


def read_outcomes(samples: Path, sample_id: str) -> tuple[UnitOutcome, ...]:
    """Read the current outcomes of a sample: one per household and role that has any record, sorted by both.

    Args:
        samples: the folder of samples.
        sample_id: the sample.

    Raises:
        RunError: the records can't be read.
    """
    with opened_records(samples) as con:
        return current_outcomes(con, sample_id)


def current_outcomes(con: sqlite3.Connection, sample_id: str) -> tuple[UnitOutcome, ...]:
    """The current outcomes of a sample, from opened records."""
    items: dict[tuple[str, str], list[ItemOutcome]] = defaultdict(list)
    for unit_id, role, target, finding_id, rule_id, registry, found, verdict, stability, photos, note in con.execute(
        _ITEMS, [sample_id]
    ):
        said = Verdict(verdict) if verdict else None
        items[unit_id, role].append(
            ItemOutcome(Target(target), finding_id, rule_id, registry, found, said, Stability(stability), photos, note)
        )
    return tuple(
        UnitOutcome(
            unit_id,
            Role(role),
            inspector,
            bool(blind),
            date.fromisoformat(visited_on) if visited_on else None,
            Result(result) if result else Result.UNRESOLVED,
            reason if result else INCOMPLETE,
            others,
            photos,
            tuple(items[unit_id, role]),
        )
        for unit_id, role, inspector, blind, visited_on, result, reason, others, photos in con.execute(
            _VISITS, [sample_id]
        )
    )


def settled(outcomes: Iterable[UnitOutcome]) -> Mapping[str, UnitOutcome]:
    """The outcome of each household that counts: the first visit's, item by item overruled by an adjudicator.

    The second visit only measures how far two inspectors agree. A household that no first inspector has recorded
    is not there.
    """
    by_role: dict[Role, dict[str, UnitOutcome]] = defaultdict(dict)
    for outcome in outcomes:
        by_role[outcome.role][outcome.unit_id] = outcome
    return {
        unit_id: _overruled(first, by_role[Role.ADJUDICATOR].get(unit_id))
        for unit_id, first in by_role[Role.FIRST].items()
    }


def _overruled(first: UnitOutcome, adjudicated: UnitOutcome | None) -> UnitOutcome:
    if adjudicated is None:
        return first
    ruled = {item.item_code: item for item in adjudicated.items if item.verdict}
    return replace(first, items=tuple(ruled.get(item.item_code, item) for item in first.items))
