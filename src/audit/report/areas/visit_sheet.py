"""The sheet that a clerk takes along to a household: what was found, what to look at, room to answer and to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.language import Language
from audit.report.areas.card import Card, FindingLine
from audit.report.areas.places import HOUSEHOLDS
from audit.report.areas.told import Shown
from audit.report.titles import severity_word

#: Up to so many findings a sheet has room for all that is said about them; up to so many more, for most of it.
ROOMY, CLOSE = 3, 6
#: So many findings fit on one sheet of A4; the others are on the card.
MOST = 14


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One finding on a visit sheet; ``inspect`` is empty where the rule says nothing or the sheet has no room."""

    severity: str
    title: str
    about: str
    message: str
    inspect: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One household's visit sheet, on one page of A4.

    Attributes:
        anchor: its place on the page.
        size: ``roomy``, ``close`` or ``tight``, by the number of its lines.
        rest: how many findings are on the card only.
    """

    anchor: str
    id: str
    head: str
    facts: tuple[Shown, ...]
    size: str
    lines: tuple[SheetLine, ...]
    rest: int


def visit_sheets(cards: Sequence[Card], lang: Language) -> tuple[Sheet, ...]:
    """The sheets of the flagged households among some cards; what is only a hint sends nobody on a visit."""
    return tuple(_sheet(card, lang) for card in cards if card.part == HOUSEHOLDS)


def _sheet(card: Card, lang: Language) -> Sheet:
    count = len(card.findings)
    size = "roomy" if count <= ROOMY else "close" if count <= CLOSE else "tight"
    return Sheet(
        anchor=card.anchor,
        id=card.id,
        head=card.head,
        facts=card.facts[:-1],  # the last says in which row they stand, which nobody needs at the door
        size=size,
        lines=tuple(_line(line, lang, roomy=size != "tight") for line in card.findings[:MOST]),
        rest=card.counted - min(count, MOST),
    )


def _line(line: FindingLine, lang: Language, *, roomy: bool) -> SheetLine:
    return SheetLine(
        severity=severity_word(line.severity, lang),
        title=line.title,
        about=line.about,
        message=line.message,
        inspect=line.inspect if roomy else "",
        remedy=line.remedy,
    )
