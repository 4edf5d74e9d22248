"""The card of a household, or of another subject of findings: masked values that a template only lays out."""

from __future__ import annotations

from dataclasses import dataclass

from audit.report.areas.told import Shown


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding as people read it.

    Attributes:
        severity: ``high``, ``medium``, ``low``, or ``advisory`` if it is set apart.
        about: what it is about, where that is not the household itself.
        facts, standards: the facts of the registry, and what they are held against.
        remedy: what the township should do; ``inspect`` what to look at in the home, where the rule says so.
        presence: new, unchanged, updated or recurred, and ``history`` the same in words with the day of the first.
        source: file, sheet and row.
    """

    rule_id: str
    title: str
    severity: str
    about: str
    message: str
    facts: tuple[Shown, ...]
    standards: tuple[Shown, ...]
    remedy: str
    inspect: str
    presence: str
    history: str
    source: str


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """One part of an income: ``cells`` has it in two years, and the change between them.

    A part that is not known is a dash. ``inner`` is a part of the one above it.
    """

    title: str
    cells: tuple[str, str, str]
    inner: bool


@dataclass(frozen=True, slots=True)
class Incomes:
    """The income of two years side by side; ``source`` says in which rows they stand."""

    before: int
    now: int
    lines: tuple[IncomeLine, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Card:
    """A household with all its findings, or another subject with its own.

    Attributes:
        anchor: its place on the page.
        of_household: whether it is a household.
        part: the part of the page in which it stands.
        id, head: number, and head of household; ``kind`` is the title of what is no household.
        facts: what the registry says of the household in one line each.
        findings: those that are counted; ``hints`` those set apart.
        counted: how many findings are counted; ``rest`` of these and the hints are not shown.
        incomes: the two years, None if the registry has neither.
        members, posts, past: rows of cells; the sentences in ``cut`` say what of them is not shown.
    """

    anchor: str
    of_household: bool
    part: int
    page: int
    kind: str
    id: str
    head: str
    facts: tuple[Shown, ...]
    findings: tuple[FindingLine, ...]
    hints: tuple[FindingLine, ...]
    counted: int
    rest: int
    incomes: Incomes | None
    members: tuple[tuple[str, ...], ...]
    posts: tuple[tuple[str, ...], ...]
    past: tuple[tuple[str, ...], ...]
    cut: tuple[str, ...]

    @property
    def more(self) -> bool:
        """Whether there is anything beside the findings."""
        return bool(self.incomes or self.members or self.posts or self.past)
