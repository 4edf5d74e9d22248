"""How much of an audit is done and how long the rest will take, from the rows that there are and the time they took."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from audit.contract.feeds import Registry
from audit.language import Language, text
from audit.subjects import SUBJECTS, load_subject

#: Seconds for a million rows, as measured with five million made-up households: only the proportions matter.
_CONTRACT = {"households": 2.8, "persons": 3.2}
_FACTS = {"household": 9.0, "person": 4.3, "subsidy_payment": 3.0}
_ANY = 1.2
#: Seconds for a million households.
_PER_HOUSEHOLD = {"rates": 14.0, "findings": 3.0, "history": 2.0, "pages": 6.0}
_VILLAGES = 3.5
#: Before so much is done, nothing is said about the rest.
_TELLING = 0.02


@dataclass(frozen=True)
class Part:
    """A piece of an audit's work.

    Attributes:
        step: the step it belongs to.
        what: the table or subject; empty for the step as a whole.
        cost: how long it takes in proportion to the other parts.
    """

    step: str
    what: str
    cost: float


def parts_of(registry: Registry) -> tuple[Part, ...]:
    """What there is to do about a registry once it is open, in its order."""
    rows: dict[str, int] = {}
    for feed in registry.feeds:
        rows[feed.table] = rows.get(feed.table, 0) + feed.source.rows_read
    households = rows.get("households", 0)
    parts = [Part("contract", table, _CONTRACT.get(table, _ANY) * count) for table, count in rows.items()]
    for name in SUBJECTS:
        cost = _FACTS.get(name, _ANY) * rows.get(load_subject(name).table, 0)
        parts.append(Part("facts", name, _VILLAGES * households if name == "village" else cost))
    return (*parts, *(Part(step, "", cost * households) for step, cost in _PER_HOUSEHOLD.items()))


class Remaining:
    """Follows an audit: call it with each step, and ask it for the time that is left.

    Args:
        clock: gives seconds, as time.monotonic does.
        steps: the steps that will be taken; None for all.
    """

    def __init__(self, clock: Callable[[], float], steps: Collection[str] | None = None) -> None:
        self.step = ""
        self.what = ""
        #: Called with each step, to show it.
        self.on_step: Callable[[str, str], None] = lambda _step, _what: None
        self._clock, self._steps = clock, steps
        self._parts: Sequence[Part] = ()
        self._running: Callable[[], float] = lambda: 0.0
        self._started = 0.0
        self._place = -1
        self._share = 0.0

    def expect(self, parts: Sequence[Part], running: Callable[[], float]) -> None:
        """Learn what there is to do; ``running`` gives how much of the statement that runs is done, in per cent."""
        self._parts = [part for part in parts if self._steps is None or part.step in self._steps]
        self._running, self._started = running, self._clock()

    def __call__(self, step: str, what: str) -> None:
        """Note what is worked on now."""
        self.step, self.what = step, what
        self.on_step(step, what)
        for place in range(max(self._place, 0), len(self._parts)):
            part = self._parts[place]
            if part.step == step and part.what in {what, ""}:
                self._place = place
                return

    def share(self) -> float:
        """How much is done, from 0 to 1; never less than was said before."""
        total = sum(part.cost for part in self._parts)
        if self._place < 0 or not total:
            return self._share
        done = sum(part.cost for part in self._parts[: self._place])
        done += self._parts[self._place].cost * self._within()
        self._share = max(self._share, min(done / total, 1.0))
        return self._share

    def seconds_left(self) -> float | None:
        """How long the rest will take at the pace so far; None while too little is done to tell."""
        share = self.share()
        return None if share < _TELLING else (self._clock() - self._started) * (1 - share) / share

    def left(self, lang: Language) -> str:
        """The time left in words; empty while it can't be told."""
        seconds = self.seconds_left()
        if seconds is None:
            return ""
        if seconds < 60:
            return text("scale.left_soon", lang)
        return text("scale.left", lang, minutes=math.ceil(seconds / 60))

    def _within(self) -> float:
        """How much of the present part is done."""
        done, _, pages = self.what.partition("/")
        if done.isdigit() and pages.isdigit() and int(pages):
            return int(done) / int(pages)
        return max(self._running(), 0.0) / 100
