"""Compares what a row says with what is recorded, cell by cell, from what was recorded when the sheet was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.sampling.field.codes import Result
from audit.sampling.field.state import Answers


@dataclass(frozen=True)
class Change:
    """A cell that says something else than the records."""

    column: str
    recorded: str
    said: str


@dataclass(frozen=True)
class Merged:
    """What comes of a row.

    Attributes:
        answers: what would be recorded.
        added: columns that were blank before.
        corrected: recorded answers that somebody has changed who has seen them.
        conflicts: recorded answers that have come in since the sheet was written, and say something else.
        later: whether it is a later visit to a household that could not be verified.
    """

    answers: Answers
    added: tuple[str, ...] = ()
    corrected: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()
    later: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything is to be recorded."""
        return bool(self.added or self.corrected or self.later)


def merge(said: Answers, cleared: frozenset[str], base: Answers, recorded: Answers) -> Merged:
    """Merge one row.

    A cell that is blank, or as it was when the sheet was written, says nothing. A cell that fills a blank is added.
    One that changes what stood in the sheet when it was written is a correction. One that differs from what has been
    recorded since is a conflict.

    Args:
        said: what the filled cells say.
        cleared: columns that are to be emptied.
        base: what was recorded when the sheet was written.
        recorded: what is recorded now.
    """
    if is_later_visit(said, recorded):
        return Merged(said, later=True)
    answers = dict(recorded)
    added, corrected, conflicts = [], [], []
    for column in sorted({*said, *cleared}):
        new, old, now = said.get(column, ""), base.get(column, ""), recorded.get(column, "")
        if new in (old, now):
            continue
        if not now:
            added.append(column)
        elif now == old:
            corrected.append(Change(column, now, new))
        else:
            conflicts.append(Change(column, now, new))
        answers[column] = new
    kept = {column: value for column, value in answers.items() if value}
    return Merged(kept, tuple(added), tuple(corrected), tuple(conflicts))


def is_later_visit(said: Answers, recorded: Answers) -> bool:
    """Whether a household that could not be verified was visited again on a later day."""
    return (
        recorded.get("result") == Result.UNRESOLVED
        and bool(said.get("result"))
        and said.get("visited_on", "") > recorded.get("visited_on", "")
    )


def united(rows: tuple[Mapping[str, str], ...]) -> tuple[dict[str, str], frozenset[str]]:
    """Put together what several rows with the same key say; gives the columns in which they disagree too."""
    together: dict[str, str] = {}
    apart = set()
    for row in rows:
        for column, value in row.items():
            if together.setdefault(column, value) != value:
                apart.add(column)
    return together, frozenset(apart)
