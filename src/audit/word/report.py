"""What a report says, ready to be laid out: every field that a template may name."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class RuleRow:
    """One rule that was evaluated, with its denominator.

    Attributes:
        id: such as INC-4.
        title: what it looks for.
        severity: severe, medium, minor, indicator or advisory, as a word.
        share: flagged of population, such as ``3 / 5``.
        rate: the same in percent.
        undecided: of how many the data can't say.
        households: distinct households of the flagged.
    """

    id: str
    title: str
    severity: str
    share: str
    rate: str
    undecided: str
    households: str


@dataclass(frozen=True)
class Remedy:
    """What is to be done about the findings of one rule."""

    id: str
    title: str
    findings: str
    remedy: str


@dataclass(frozen=True)
class Section:
    """One section of the plan: its rules with their figures, and what is to be done.

    Attributes:
        number: its place in the report, such as （一）.
        title: what it is about, with the section of the plan.
        summary: its figures in a sentence.
        rules: its rules, in the order of their ids.
        remedies: of the rules with findings.
    """

    number: str
    title: str
    summary: str
    rules: tuple[RuleRow, ...]
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True)
class Case:
    """A typical case, its people masked: where and who, what was found, and where it stands in the data."""

    number: str
    who: str
    what: str
    source: str


@dataclass(frozen=True)
class ChangeRow:
    """What changed about one rule since the run before."""

    id: str
    title: str
    new: str
    recurred: str
    updated: str
    unchanged: str
    fixed: str
    not_evaluated: str
    unit_gone: str


@dataclass(frozen=True)
class AreaRow:
    """One area of the next level, with the households in it and its findings by severity."""

    name: str
    households: str
    flagged: str
    rate: str
    high: str
    medium: str
    low: str


@dataclass(frozen=True)
class InputRow:
    """How many rows of one file went where."""

    table: str
    file: str
    read: str
    accepted: str
    quarantined: str


@dataclass(frozen=True)
class LeftOut:
    """Rules that were not evaluated for one reason."""

    reason: str
    rules: str


@dataclass(frozen=True)
class Report:
    """One report, in one language; all numbers and people are already as they are to be shown.

    Attributes:
        title: the heading.
        area: what the report is about.
        day: the day of the audit, written out.
        year: the audit year.
        run_id: the run's name.
        situation: paragraphs on what was audited and found in all.
        sections: by section of the plan.
        cases: typical cases.
        changes: sentences on what changed since the run before.
        change_rows: the same by rule.
        areas: the areas of the next level.
        inputs: the files that were read; none for a part of the county.
        left_out: the rules that were not evaluated.
    """

    title: str
    area: str
    day: str
    year: str
    run_id: str
    situation: tuple[str, ...]
    sections: tuple[Section, ...]
    cases: tuple[Case, ...]
    changes: tuple[str, ...]
    change_rows: tuple[ChangeRow, ...]
    areas: tuple[AreaRow, ...]
    inputs: tuple[InputRow, ...]
    left_out: tuple[LeftOut, ...]


#: Every field that a template may name.
FIELDS = tuple(
    dict.fromkeys(
        field.name
        for kind in (Report, Section, RuleRow, Remedy, Case, ChangeRow, AreaRow, InputRow, LeftOut)
        for field in fields(kind)
    )
)
#: One of everything: a template is tried with it, so that a mistake shows whatever a run holds.
SPECIMEN = Report(
    *("-",) * 5,
    situation=("-",),
    sections=(Section("-", "-", "-", (RuleRow(*("-",) * 7),), (Remedy(*("-",) * 4),)),),
    cases=(Case(*("-",) * 4),),
    changes=("-",),
    change_rows=(ChangeRow(*("-",) * 9),),
    areas=(AreaRow(*("-",) * 7),),
    inputs=(InputRow(*("-",) * 5),),
    left_out=(LeftOut("-", "-"),),
)
