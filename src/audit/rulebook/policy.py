"""What a rulebook holds: rules with their cases, and parameters with their dated, placed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from audit.rulebook.expression import Node
from audit.subjects import Fact, Subject


class State(StrEnum):
    """How firmly a parameter's value stands on a day."""

    IN_FORCE = "in_force"
    UNCONFIRMED = "carried_forward_unconfirmed"
    ENDED = "ended"


class Outcome(StrEnum):
    """What a rule says about a subject."""

    FLAGGED = "flagged"
    CLEAR = "clear"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"
    NOT_COUNTED = "not_counted"


Value = Decimal | int | date


@dataclass(frozen=True)
class DatedValue:
    """One value of a parameter.

    Attributes:
        value: the number or date itself.
        valid_from: the first day on which it holds.
        valid_to: its stated last day, or None.
        area: the leading digits of the areas for which it holds; empty for everywhere.
        source: who says so.
        file: where it was read, and ``line`` the line there.
    """

    value: Value
    valid_from: date
    valid_to: date | None
    area: str
    source: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Chosen:
    """The value that an audit uses for one area, and how firmly it stands."""

    dated: DatedValue
    state: State


def chosen_at(chosen: Iterable[Chosen], area: str) -> Chosen | None:
    """Of the values of all areas, longest first, that of the lowest level that holds an area; None if none does."""
    return next((one for one in chosen if area.startswith(one.dated.area)), None)


@dataclass(frozen=True)
class Parameter:
    """A number that policy sets.

    Attributes:
        name: as rules name it, after ``$``.
        title: Chinese title.
        title_en: English title.
        unit: Chinese unit.
        unit_en: English unit.
        kind: ``money int share number date``.
        carry_forward: whether a value past its stated end is still used, as unconfirmed.
        values: all dated values.
        file: where it was read, and ``line`` where it stands there.
    """

    name: str
    title: str
    title_en: str
    unit: str
    unit_en: str
    kind: str
    carry_forward: bool
    values: tuple[DatedValue, ...]
    file: str = ""
    line: int = 0

    def on(self, day: date) -> tuple[Chosen, ...]:
        """The value of each area on a day: the latest that has begun, longest area first."""
        latest: dict[str, DatedValue] = {}
        for value in sorted(self.values, key=lambda value: value.valid_from):
            if value.valid_from <= day:
                latest[value.area] = value
        areas = sorted(latest, key=lambda area: (-len(area), area))
        return tuple(Chosen(latest[area], self._state(latest[area], day)) for area in areas)

    def at(self, area: str, day: date) -> Chosen | None:
        """The value that counts in an area on a day: that of the lowest level that has one; None if none has."""
        return chosen_at(self.on(day), area)

    def _state(self, value: DatedValue, day: date) -> State:
        if value.valid_to is None or day <= value.valid_to:
            return State.IN_FORCE
        return State.UNCONFIRMED if self.carry_forward else State.ENDED


@dataclass(frozen=True)
class Case:
    """An example that says what a rule means.

    Attributes:
        about: what the case shows, in Chinese.
        about_en: the same in English.
        given: facts by name; what is not given is unknown. ``$name`` sets a parameter.
        outcome: what the rule must say.
        line: where it stands in the rule's file.
    """

    about: str
    about_en: str
    given: Mapping[str, object]
    outcome: Outcome
    line: int


@dataclass(frozen=True)
class Rule:
    """One pattern to look for.

    Attributes:
        id: such as ``INC-4``.
        name: such as ``income.below_line_unmonitored``.
        title, title_en: one line each.
        section: the section of the source plan.
        subject: what it is about.
        among: who is a subject at all; always true unless the rule says so.
        severity: ``high``, ``medium``, ``low``; empty for an indicator.
        indicator: counted only, without findings.
        advisory: whether its findings only give a hint, and by default count apart from the others.
        measure: the fact that is summed over the flagged, or None.
        population: P, the condition under which the question makes sense.
        flag: F, the condition that is looked for.
        texts: population, flag and among as written.
        never: outcomes that can't happen.
        evidence: the facts that travel with a finding.
        message, message_en: the sentence of a finding; ``{fact}`` and ``{parameter}`` are put in.
        remedy, remedy_en: what the township should do.
        inspect, inspect_en: what the inspector should look at; empty if the rule doesn't say.
        cases: examples that are run as tests.
        file: where it was read, and ``lines`` where each key stands.
        inspect, inspect_en: what the inspector should look at; empty if the rule doesn't say.
        advisory: whether the rule advises only.
    """

    id: str
    name: str
    title: str
    title_en: str
    section: str
    subject: Subject
    among: Node
    severity: str
    indicator: bool
    advisory: bool
    measure: Fact | None
    population: Node
    flag: Node
    texts: Mapping[str, str]
    never: tuple[Outcome, ...]
    evidence: tuple[Fact, ...]
    message: str
    message_en: str
    remedy: str
    remedy_en: str
    inspect: str
    inspect_en: str
    cases: tuple[Case, ...]
    file: str
    lines: Mapping[str, int]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that the rule names anywhere."""
        named = [*self.among.facts(), *self.population.facts(), *self.flag.facts(), *self.evidence]
        return tuple(dict.fromkeys([*named, self.measure] if self.measure else named))

    @cached_property
    def deciding(self) -> tuple[Fact, ...]:
        """The facts without which the rule can't be asked: those of its conditions and its measure."""
        named = [*self.among.facts(), *self.population.facts(), *self.flag.facts()]
        return tuple(dict.fromkeys([*named, self.measure] if self.measure else named))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter that decides the rule, built-in ones included."""
        named = [*self.among.parameters(), *self.population.parameters(), *self.flag.parameters()]
        named += [name for fact in self.deciding for name in fact.parameters]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class Rulebook:
    """All rules and parameters of one folder, checked.

    Attributes:
        rules: in the order of their ids, letters then number.
        parameters: by name.
        digest: SHA-256 of all files in it.
        files: each of these files as it was read, by its name in the folder.
    """

    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter]
    digest: str
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with an id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)
