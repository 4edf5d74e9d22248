"""What an explanation says: frozen values in one language, already masked, that are printed or written as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit.engine.run import Status
from audit.errors import AuditError
from audit.language import Language
from audit.rulebook import Outcome, Rule
from audit.rulebook.policy import State
from audit.subjects import Subject


class Standing(StrEnum):
    """Where a household stands in the registry; only a registered one is a subject of household rules."""

    REGISTERED = "registered"
    DEREGISTERED = "deregistered"
    QUARANTINED = "quarantined"
    ABSENT = "absent"


@dataclass(frozen=True)
class Place:
    """Where something was read; several rows if they were summed or folded into one."""

    file: str
    sheet: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class FactValue:
    """A fact of one subject.

    Attributes:
        name: as rules name it.
        title: what it is called.
        unit: of an amount.
        shown: its value as people read it.
        filled: the same inside an expression; a quotient with its two parts.
        value: its value for programs.
        unknown: why it is unknown, or known as a range only; empty if it is known.
    """

    name: str
    title: str
    unit: str
    shown: str
    filled: str
    value: object
    unknown: str


@dataclass(frozen=True)
class ParameterValue:
    """The value of a parameter where the subject lives.

    Attributes:
        name: as rules name it, after ``$``.
        title: what it is called.
        unit: its unit.
        value: as text; empty where there is none.
        valid_from: the first day on which it holds; None for the day and the year of the audit.
        area: the leading digits of the areas for which it holds; empty for everywhere.
        source: who says so.
        state: how firmly it stands; None for the day and the year of the audit, and where there is no value.
        usable: whether the rule can be asked with it.
    """

    name: str
    title: str
    unit: str
    value: str
    valid_from: date | None = None
    area: str = ""
    source: str = ""
    state: State | None = None
    usable: bool = True


@dataclass(frozen=True)
class Part:
    """A condition, or a part of one, with its values filled in.

    Attributes:
        text: with each value in brackets behind its name.
        truth: true, false, or None for unknown.
        decides: whether the outcome hangs on it.
        facts: the facts that it names.
        parts: what it is joined from; nothing if it is one comparison.
    """

    text: str
    truth: bool | None
    decides: bool
    facts: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    def comparisons(self) -> Iterator[Part]:
        """Its comparisons in reading order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.comparisons()


@dataclass(frozen=True)
class Answer:
    """What a rule says about one subject, and why.

    Attributes:
        subject_id: the subject's key.
        person: the person's number and masked name, where the subject is about a person.
        area_code: where it is.
        outcome: what the rule says.
        among: who is a subject at all.
        population: whom the question is about.
        flag: what is looked for.
        facts: every fact that the rule names.
        parameters: every parameter that decides it.
        message: the sentence of the finding; empty if there is none.
        place: the subject's own row.
    """

    subject_id: str
    person: str
    area_code: str
    outcome: Outcome
    among: Part
    population: Part
    flag: Part
    facts: tuple[FactValue, ...]
    parameters: tuple[ParameterValue, ...]
    message: str
    place: Place

    @property
    def deciding(self) -> tuple[Part, ...]:
        """The comparisons on which the outcome hangs."""
        conditions = (self.among, self.population, self.flag)
        return tuple(part for condition in conditions for part in condition.comparisons() if part.decides)

    @property
    def deciding_unknown(self) -> tuple[FactValue, ...]:
        """The unknown facts because of which it is undecided, or not certainly a subject."""
        named = {name for part in self.deciding if part.truth is None for name in part.facts}
        return tuple(fact for fact in self.facts if fact.name in named and fact.unknown)

    @property
    def without_value(self) -> tuple[ParameterValue, ...]:
        """The parameters that have no value where the subject lives: because of them it is not counted."""
        return tuple(one for one in self.parameters if not one.usable)


@dataclass(frozen=True)
class RuleExplanation:
    """One rule with its answers about the subjects of a household; none if the household has no such subject."""

    rule: Rule
    status: Status
    reason: AuditError | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class LeftOut:
    """A kind of subject that belongs to no household: how many there are, and the rules about them."""

    subject: Subject
    subjects: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One cell of an accepted row, as it was understood."""

    column: str
    title: str
    shown: str


@dataclass(frozen=True)
class SourceRow:
    """An accepted row of the household, with its cells that are not blank."""

    table: str
    title: str
    place: Place
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Fault:
    """A row of the household that was quarantined, or a cell of an accepted row that could not be read.

    Attributes:
        table: the table, and ``title`` what it is called.
        place: where it stands.
        column: the column, and ``column_title`` what it is called.
        value: the cell as read, masked if it is personal; empty if it is blank.
        reason: why, in one of the contract's words.
    """

    table: str
    title: str
    place: Place
    column: str
    column_title: str
    value: str
    reason: str


@dataclass(frozen=True)
class Household:
    """A household as the registry knows it.

    Attributes:
        id: its number.
        standing: where it stands in the registry.
        deregistered_on: the day on which it was, or will be, deregistered.
        head: the head's masked name.
        area_code: its village; empty if it is not known.
        place: county, township and village by name.
    """

    id: str
    standing: Standing
    deregistered_on: date | None = None
    head: str = ""
    area_code: str = ""
    place: str = ""


@dataclass(frozen=True)
class Explanation:
    """Everything about one household: what each rule says and why, and the rows that say so.

    Attributes:
        lang: the language of its texts.
        household: the household.
        as_of: the day of the audit.
        year: the audit year.
        run_id: the run that is explained; empty if the registry was asked directly.
        changes: what is no longer as it was when that run was made.
        rules: in the order of their ids.
        left_out: the subjects that belong to no household.
        rows: the household's accepted rows.
        quarantined: its rows that were set aside.
        cell_faults: cells of its accepted rows that could not be read.
    """

    lang: Language
    household: Household
    as_of: date
    year: int
    run_id: str
    changes: tuple[AuditError, ...]
    rules: tuple[RuleExplanation, ...]
    left_out: tuple[LeftOut, ...]
    rows: tuple[SourceRow, ...]
    quarantined: tuple[Fault, ...]
    cell_faults: tuple[Fault, ...]
