"""What is recorded for the rows of sheets: the current answers, and every earlier state by its digest."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.sampling.field.columns import ITEMS, VISITS, Plan
from audit.sampling.field.row_key import digest

#: Answers of a row by column; what is blank is not there.
Answers = Mapping[str, str]

_VISIT_COLUMNS = "visited_on, inspector, mode, result, reason_code, others, photos, note"
_ITEM_COLUMNS = "verdict, found_value, photos, note"


def digest_of(plan: Plan, answers: Answers) -> str:
    """The digest of a row's answers; empty if nothing is answered."""
    return digest(tuple(answers.get(name, "") for name in plan.answers)) if answers else ""


@dataclass(frozen=True)
class Recorded:
    """The answers of a row as they stand, with who brought them in and when."""

    answers: Answers
    actor: str
    at: str
    source: str


@dataclass(frozen=True)
class State:
    """What is recorded.

    Attributes:
        current: of each row that has a record, by its key.
        earlier: every state that a row ever had, by its key and digest.
    """

    current: Mapping[str, Recorded]
    earlier: Mapping[tuple[str, str], Answers]

    def answers(self, key: str) -> Answers:
        """The answers of a row as they stand."""
        return self.current[key].answers if key in self.current else {}


def read_state(con: sqlite3.Connection, keys: Iterable[str]) -> State:
    """Read what is recorded for some rows."""
    wanted = sorted(set(keys))
    current: dict[str, Recorded] = {}
    earlier: dict[tuple[str, str], Answers] = {}
    con.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (row_key TEXT PRIMARY KEY)")
    con.execute("DELETE FROM wanted")
    con.executemany("INSERT INTO wanted VALUES (?)", ((key,) for key in wanted))
    for plan, table, columns in ((VISITS, "visit", _VISIT_COLUMNS), (ITEMS, "visit_item", _ITEM_COLUMNS)):
        rows = con.execute(
            f"SELECT row_key, digest, log.actor, log.at, source, {columns} FROM {table} "
            f"JOIN import_log AS log USING (import_id) WHERE row_key IN (SELECT row_key FROM wanted) "
            f"ORDER BY {table}_id"
        )
        for key, told, actor, at, source, *values in rows:
            answers = {name: value for name, value in zip(plan.answers, values, strict=True) if value}
            current[key] = Recorded(answers, actor, at, source)
            earlier[key, told] = answers
    return State(current, earlier)


@dataclass(frozen=True)
class IssuedItem:
    """An item of a household as it was issued."""

    row_key: str
    target: str
    finding_id: str
    rule_id: str
    message: str
    message_en: str
    registry_value: str
    title: str
    title_en: str
    look: str
    look_en: str


@dataclass(frozen=True)
class IssuedUnit:
    """A household of a sample as it was issued to an inspector in one role."""

    row_key: str
    sample_id: str
    unit_id: str
    role: str
    as_of: str
    items: tuple[IssuedItem, ...]


def read_issued(con: sqlite3.Connection, where: str, values: Iterable[str]) -> tuple[IssuedUnit, ...]:
    """Read issued households with their items, sorted by sample, household and role.

    Args:
        con: the records.
        where: SQL condition over the columns of ``field_unit``, as ``unit``.
        values: of its placeholders.
    """
    given = list(values)
    items: dict[tuple[str, str, str], list[IssuedItem]] = defaultdict(list)
    for sample, household, role, *rest in con.execute(
        "SELECT item.sample_id, item.unit_id, item.role, item.row_key, target, finding_id, item.rule_id, message, "
        "message_en, registry_value, title, title_en, look, look_en FROM field_item AS item "
        "JOIN field_unit AS unit ON (unit.sample_id, unit.unit_id, unit.role) = "
        "(item.sample_id, item.unit_id, item.role) "
        "JOIN field_question AS question ON (question.sample_id, question.rule_id) = (item.sample_id, item.rule_id) "
        f"WHERE {where} ORDER BY item.sample_id, item.unit_id, item.role, place",
        given,
    ):
        items[sample, household, role].append(IssuedItem(*rest))
    return tuple(
        IssuedUnit(key, sample, household, role, as_of, tuple(items[sample, household, role]))
        for key, sample, household, role, as_of in con.execute(
            "SELECT row_key, sample_id, unit_id, role, as_of FROM field_unit AS unit "
            f"WHERE {where} ORDER BY sample_id, unit_id, role",
            given,
        )
    )
