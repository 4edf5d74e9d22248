"""What the records say about the inspectors' own work: replacements, visits per day, repeated photos, one-sidedness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import quantiles

from audit.sampling.chance.hypergeometric import Hypergeometric
from audit.sampling.field.codes import Result, Role, Stability, Verdict
from audit.sampling.field.outcomes import UnitOutcome

#: A share that chance explains so seldom is worth a question.
SELDOM = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class InspectorLine:
    """One inspector's work; every mark is a reason to ask, not a judgement.

    Attributes:
        inspector: the name as recorded.
        visits: households recorded.
        replaced: of them out of scope or not settled.
        often_replaced: whether so many are explained by chance in less than one case of a hundred, given the others.
        busiest: the most visits of one day.
        busy_days: days with far more visits than usual for all inspectors (above Q3 + 3 (Q3 - Q1)).
        photos_repeated: names of photos that also stand with another household.
        compared: items judged by another inspector, too; changing facts are left out.
        severe: of them confirmed by this one and refuted by the other.
        lenient: of them refuted by this one and confirmed by the other.
    """

    inspector: str
    visits: int
    replaced: int
    often_replaced: bool
    busiest: int
    busy_days: tuple[date, ...]
    photos_repeated: int
    compared: int
    severe: int
    lenient: int


def inspector_lines(outcomes: Sequence[UnitOutcome]) -> tuple[InspectorLine, ...]:
    """The work of every inspector, by name.

    Args:
        outcomes: all outcomes of a sample, in every role.
    """
    by_name: dict[str, list[UnitOutcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.inspector and outcome.visited_on:
            by_name[outcome.inspector].append(outcome)
    all_visits = sum(map(len, by_name.values()))
    all_replaced = sum(_replaced(visits) for visits in by_name.values())
    days = {name: Counter(one.visited_on for one in visits if one.visited_on) for name, visits in by_name.items()}
    usual = _fence([count for counter in days.values() for count in counter.values()])
    photos = _photos(outcomes)
    directions = _directions(outcomes)
    lines = []
    for name, visits in sorted(by_name.items()):
        replaced = _replaced(visits)
        law = Hypergeometric(all_visits, all_replaced)
        often = replaced > 0 and law.at_most(replaced - 1, len(visits)).complement().at_most(SELDOM)
        repeated = {photo for one in visits for photo in _names(one) if len(photos[photo]) > 1}
        busy = tuple(sorted(day for day, count in days[name].items() if count > usual))
        compared = directions[name]
        lines.append(
            InspectorLine(
                name,
                len(visits),
                replaced,
                often,
                max(days[name].values()),
                busy,
                len(repeated),
                sum(compared.values()),
                compared["severe"],
                compared["lenient"],
            )
        )
    return tuple(lines)


def _replaced(visits: Iterable[UnitOutcome]) -> int:
    return sum(one.result is not Result.RESOLVED for one in visits)


def _fence(counts: Sequence[int]) -> float:
    """More visits a day than this are far from usual (Tukey's outer fence)."""
    if len(counts) < 4:
        return float("inf")
    low, _, high = quantiles(counts, n=4, method="inclusive")
    return high + 3 * max(high - low, 1.0)


def _names(outcome: UnitOutcome) -> set[str]:
    """The names of photos with a household and its items, as written: separated by blanks, commas or semicolons."""
    written = " ".join([outcome.photos, *(item.photos for item in outcome.items)])
    for mark in ",，、;；":
        written = written.replace(mark, " ")
    return set(written.split())


def _photos(outcomes: Iterable[UnitOutcome]) -> Mapping[str, set[str]]:
    """The households with which each photo stands."""
    found: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        for name in _names(outcome):
            found[name].add(outcome.unit_id)
    return found


def _directions(outcomes: Iterable[UnitOutcome]) -> Mapping[str, Counter[str]]:
    """By inspector: items on which another one agreed, was less severe, or more severe."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    households: dict[str, list[UnitOutcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.role is not Role.ADJUDICATOR:
            households[outcome.unit_id].append(outcome)
    true = {Verdict.CONFIRMED, Verdict.PARTLY}
    for visits in households.values():
        if len(visits) < 2:
            continue
        said = [
            {item.item_code: item.verdict for item in one.items if item.stability_class is not Stability.CHANGING}
            for one in visits
        ]
        for place, other in ((0, 1), (1, 0)):
            for code, verdict in said[place].items():
                opposite = said[other].get(code)
                if not {verdict, opposite} <= {*true, Verdict.REFUTED}:
                    continue
                kind = "same" if (verdict in true) is (opposite in true) else "severe" if verdict in true else "lenient"
                found[visits[place].inspector][kind] += 1
    return found
