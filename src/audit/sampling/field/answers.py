"""What became of each row of a sheet that came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.errors import AuditError
from audit.sampling.field.merge import Change
from audit.sampling.field.returned import Returned, Row
from audit.sampling.field.state import Answers


class Fate(StrEnum):
    """What became of a row."""

    BLANK = "blank"
    UNCHANGED = "unchanged"
    RECORDED = "recorded"
    REFUSED = "refused"


@dataclass(frozen=True)
class Problem:
    """Why a row is refused; ``column`` is empty where no single cell is to blame."""

    column: str
    error: AuditError


@dataclass(frozen=True)
class Answer:
    """What became of a row.

    Attributes:
        row: the row.
        fate: blank, unchanged, recorded (or to be recorded) or refused.
        key: its key; empty if it has none that can be read.
        unit: the household; empty if the row is unknown.
        problems: why it is refused.
        notes: what else its author should know.
        added: the columns that were filled in.
        corrected: the recorded answers that it changes.
        answers: what stands or would stand recorded; None if the row can't be held against the records.
        base: the digest of what is recorded, for the answer workbook: its author has now been told.
    """

    row: Row
    fate: Fate
    key: str = ""
    unit: str = ""
    problems: tuple[Problem, ...] = ()
    notes: tuple[AuditError, ...] = ()
    added: tuple[str, ...] = ()
    corrected: tuple[Change, ...] = ()
    answers: Answers | None = None
    base: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the first visits of a sample are: households by result, and those without any record."""

    sample_id: str
    households: int
    resolved: int
    out_of_scope: int
    unresolved: int
    incomplete: int

    @property
    def open(self) -> int:
        """Households of which nothing is recorded."""
        return self.households - self.resolved - self.out_of_scope - self.unresolved - self.incomplete


@dataclass(frozen=True)
class Report:
    """What became of some files.

    Attributes:
        files: the files.
        answers: one per row, in the order of files and rows.
        applied: whether anything was written.
        progress: of each sample concerned, as it now stands.
    """

    files: tuple[Returned, ...]
    answers: tuple[Answer, ...]
    applied: bool
    progress: tuple[Progress, ...]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """Rows by fate."""
        return {fate: sum(answer.fate is fate for answer in self.answers) for fate in Fate}

    @property
    def problems(self) -> tuple[AuditError, ...]:
        """What is wrong with whole files and sheets."""
        return tuple(problem for file in self.files for problem in file.problems)

    @property
    def refused(self) -> bool:
        """Whether anything was refused."""
        return bool(self.problems) or self.counts[Fate.REFUSED] > 0
