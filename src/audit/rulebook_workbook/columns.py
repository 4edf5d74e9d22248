"""The three sheets that hold rules, cases and parameters: their columns, and where each stands in the rule files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from audit.model.document import Key
from audit.rulebook.parameter_values import KINDS
from audit.rulebook.policy import Outcome
from audit.rulebook.rule_file import OPTIONAL, REQUIRED, SEVERITIES
from audit.subjects import SUBJECTS

#: Bookkeeping: which entry of a list a row is, what the row was when it was exported, and what the import said.
NUMBER, VERSION, RESULT = "number", "version", "result"


class Form(StrEnum):
    """How a value is written in a cell."""

    TEXT = "text"
    LIST = "list"
    WORD = "word"
    WORDS = "words"
    FLAG = "flag"
    AMOUNT = "amount"
    DATE = "date"
    GIVEN = "given"


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes:
        name: the key in the rule file; also the header in the hidden first row.
        form: how its values are written.
        options: the list of words that it takes, by its name in ``OPTIONS``.
        width: in characters.
        shared: whether it belongs to the parameter and so stands in each row of its values.
    """

    name: str
    form: Form = Form.TEXT
    options: str = ""
    width: int = 16
    shared: bool = False


#: The words that a column takes, as rule files write them.
OPTIONS: Mapping[str, Sequence[str]] = {
    "severity": SEVERITIES,
    "subject": SUBJECTS,
    "outcome": tuple(outcome.value for outcome in Outcome),
    "type": KINDS,
    "flag": ("true", "false"),
}
_KNOWN = {
    column.name: column
    for column in (
        Column("id", width=10),
        Column("name", width=28),
        Column("title", width=28),
        Column("title_en", width=28),
        Column("section", width=12),
        Column("subject", Form.WORD, "subject", width=10),
        Column("among", width=20),
        Column("severity", Form.WORD, "severity", width=10),
        Column("indicator", Form.FLAG, "flag", width=8),
        Column("advisory", Form.FLAG, "flag", width=8),
        Column("measure", width=16),
        Column("population", width=44),
        Column("flag", width=44),
        Column("never", Form.WORDS, "outcome", width=14),
        Column("evidence", Form.LIST, width=28),
        Column("message", width=40),
        Column("message_en", width=40),
        Column("remedy", width=32),
        Column("remedy_en", width=32),
        Column("inspect", width=32),
        Column("inspect_en", width=32),
    )
}
_ORDER = tuple(_KNOWN)


def _in_order(keys: Sequence[str]) -> tuple[str, ...]:
    """Keys as rule files have them; a key that is new to this module stands at the end."""
    return tuple(sorted(keys, key=lambda key: (_ORDER.index(key) if key in _ORDER else len(_ORDER), keys.index(key))))


#: The keys of a rule that fit into one cell each: all but its cases.
_RULE_KEYS = _in_order([key for key in (*REQUIRED, *OPTIONAL) if key != "cases"])


@dataclass(frozen=True)
class Plan:
    """One sheet.

    Attributes:
        name: ``rules``, ``cases`` or ``parameters``.
        key: the column that says which rule or parameter a row is about.
        columns: what may be edited, in order.
        inside: the list within the rule or parameter whose entries are the rows; empty if a row is all of it.
    """

    name: str
    key: str
    columns: tuple[Column, ...]
    inside: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """All headers in order, without the result."""
        places = (self.key, NUMBER) if self.inside else (self.key,)
        return (*places, VERSION, *(name for name in self.by_name if name != self.key))

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The columns that make up one entry of the list, without those that all its entries share."""
        return tuple(column.name for column in self.columns if not column.shared)

    def path(self, owner: str, number: int, column: str) -> tuple[Key, ...]:
        """Where the value of a cell stands in its file."""
        root: tuple[Key, ...] = (owner,) if self.name == "parameters" else ()
        if not self.inside or self.by_name[column].shared:
            return (*root, column)
        return (*root, self.inside, number - 1, column)

    def list_path(self, owner: str) -> tuple[Key, ...]:
        """Where the list stands whose entries are the rows."""
        return (owner, self.inside) if self.name == "parameters" else (self.inside,)


RULES = Plan("rules", "id", tuple(_KNOWN.get(key, Column(key, width=24)) for key in _RULE_KEYS))
CASES = Plan(
    "cases",
    "rule",
    (
        Column("about", width=32),
        Column("about_en", width=32),
        Column("given", Form.GIVEN, width=64),
        Column("outcome", Form.WORD, "outcome", width=12),
    ),
    inside="cases",
)
PARAMETERS = Plan(
    "parameters",
    "parameter",
    (
        Column("title", width=24, shared=True),
        Column("title_en", width=24, shared=True),
        Column("unit", width=14, shared=True),
        Column("unit_en", width=14, shared=True),
        Column("type", Form.WORD, "type", width=8, shared=True),
        Column("carry_forward", Form.FLAG, "flag", width=10, shared=True),
        Column("value", Form.AMOUNT, width=12),
        Column("from", Form.DATE, width=12),
        Column("until", Form.DATE, width=12),
        Column("area", width=14),
        Column("source", width=56),
    ),
    inside="values",
)
SHEETS = (RULES, CASES, PARAMETERS)
