"""What an import says about each row: unchanged, changed, new or refused, with what would be edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.errors import AuditError
from audit.model.document import Key, Plain
from audit.rulebook_workbook.read import Row


class Verdict(StrEnum):
    """What becomes of a row."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NEW = "new"
    REFUSED = "refused"


class How(StrEnum):
    """What an edit does at its place."""

    SET = "set"
    REMOVE = "remove"
    APPEND = "append"


@dataclass(frozen=True)
class Edit:
    """One change to a rule file.

    Attributes:
        file: its path in the folder of rules.
        path: where in the file; empty for all of a new file.
        how: whether the value is set, removed or added to the list that stands there.
        value: the new value.
    """

    file: str
    path: tuple[Key, ...]
    how: How
    value: Plain = None


@dataclass(frozen=True)
class Change:
    """A cell that says something else than the rule files.

    Attributes:
        column: its column.
        old: what the file says; None for nothing.
        new: what the cell says; None for nothing.
    """

    column: str
    old: Plain
    new: Plain


@dataclass(frozen=True)
class Problem:
    """Why a row is refused; ``column`` is empty when the row as a whole is meant."""

    column: str
    error: AuditError


@dataclass(frozen=True)
class Answer:
    """What is said about one row.

    Attributes:
        row: the row.
        owner: the id of the rule, or the name of the parameter.
        number: which case or value it is or would become; 0 for a rule.
        verdict: what becomes of it.
        changes: the cells that differ.
        problems: why it is refused.
        notes: what else its author should know.
        edits: what it does to the files.
    """

    row: Row
    owner: str
    number: int
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[AuditError, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Report:
    """What an import says as a whole.

    Attributes:
        answers: one per row, in the order of the workbook.
        problems: mistakes that no row of the workbook is to blame for.
        notes: what else to know that belongs to no row.
        files: the files that differ from now, by their path in the folder of rules.
        applied: whether they were written.
    """

    answers: tuple[Answer, ...]
    problems: tuple[AuditError, ...]
    notes: tuple[AuditError, ...]
    files: tuple[str, ...]
    applied: bool

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows are unchanged, changed, new and refused."""
        found = Counter(answer.verdict for answer in self.answers)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def refused(self) -> bool:
        """Whether anything was refused: then nothing is written."""
        return bool(self.problems) or self.counts[Verdict.REFUSED] > 0
