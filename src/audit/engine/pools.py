"""The values that facts and parameters take when a rule is tried: few, and near to where its conditions turn.

A condition turns at the values of its parameters, at those of its cases and at 0, 1 and 2; so these and their
neighbours are tried. All is made from the rule and the kinds of its facts; nothing here knows a subject.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from audit.engine.cases import CASE_DAY, CaseValueError, fact_cells, fact_columns
from audit.engine.values_in_force import literal_sql
from audit.rulebook.expression import Node, Sort
from audit.rulebook.policy import Parameter, Rule, Value
from audit.subjects import Fact, Kind

T = TypeVar("T")

_COUNTING = (Decimal(0), Decimal(1), Decimal(-1), Decimal(2))
_CENT = Decimal("0.01")
#: The first and the last day of a year.
_ENDS = ((1, 1), (12, 31))
_BUILT_IN: Mapping[str, tuple[Value, ...]] = {"as_of": (CASE_DAY,), "audit_year": (CASE_DAY.year,)}
#: How many persons a quotient is shared among.
_SHARED_AMONG = (1, 3)
#: Any text that no rule names.
_OTHER_TEXT = "*"
#: How many values of one parameter are tried.
_MOST_VALUES = 20
#: Numbers of policy up to these may be days, months or years.
_MOST_DAYS, _MOST_MONTHS, _MOST_YEARS = 5000, 600, 50


@dataclass(frozen=True)
class Pool:
    """What one fact or parameter may be when its rule is tried.

    Attributes:
        name: the fact's name, or the parameter's column.
        columns: the columns in which it is kept, each with its SQL type; with none if its values need none.
        values: SQL literals, one for each column.
        given: for each case of the rule, the place of its value, from 1; None if the case doesn't give one.
        drawn: how many of the values, from the first, are drawn; the others come with their cases alone.
    """

    name: str
    columns: Mapping[str, str]
    values: tuple[tuple[str, ...], ...]
    given: tuple[int | None, ...]
    drawn: int


def parameter_column(name: str) -> str:
    """The column that holds a parameter's value for a tried row."""
    return f"parameter__{name}"


def make_pools(rule: Rule, parameters: Mapping[str, Parameter]) -> tuple[Pool, ...]:
    """Give a pool for every fact and parameter that the conditions of a rule name."""
    turning = _Turning(rule, parameters)
    facts = dict.fromkeys(fact for node in (rule.among, rule.population, rule.flag) for fact in node.facts())
    return (
        *(_parameter_pool(rule, name, turning.policy[name]) for name in rule.parameters),
        *(_fact_pool(rule, fact, turning) for fact in facts),
    )


class _Turning:
    """Where the conditions of a rule turn: the numbers, days and texts that they and the cases name."""

    def __init__(self, rule: Rule, parameters: Mapping[str, Parameter]) -> None:
        self.policy: dict[str, tuple[Value, ...]] = {
            name: _BUILT_IN[name] if name in _BUILT_IN else _declared(parameters[name]) for name in rule.parameters
        }
        given = [value for case in rule.cases for value in case.given.values()]
        declared = [value for name in rule.parameters if name not in _BUILT_IN for value in self.policy[name]]
        years = [value for name in rule.parameters if name in _BUILT_IN for value in self.policy[name]]
        numbers = (*_COUNTING, *_numbers(declared), *_numbers(years), *_numbers(given))
        self.numbers = tuple(dict.fromkeys(numbers))
        audits = _dates([CASE_DAY, *(case.given.get("$as_of") for case in rule.cases)])
        days = [
            *_dates([*audits, *declared, *given]),
            *(date(day.year, month, last) for day in audits for month, last in _ENDS),
            *(away for day in audits for away in _moved(day, _numbers(declared))),
        ]
        self.days = tuple(dict.fromkeys(_days_away(day, step) for day in days for step in (-1, 0, 1)))
        literals = [text for node in (rule.among, rule.population, rule.flag) for text in _texts(node)]
        texts = (_OTHER_TEXT, *literals, *(value for value in given if isinstance(value, str)))
        self.texts = tuple(dict.fromkeys(texts))


def _declared(parameter: Parameter) -> tuple[Value, ...]:
    """The values of a parameter, in their order; of the many that counties and years may have, some over the range."""
    values = sorted({dated.value for dated in parameter.values}, key=_rank)
    return tuple(values[:: -(-len(values) // _MOST_VALUES)])


def _rank(value: Value) -> Decimal:
    return Decimal(value.toordinal() if isinstance(value, date) else value)


def _numbers(values: Iterable[object]) -> list[Decimal]:
    return [Decimal(v) for v in values if isinstance(v, int | Decimal) and not isinstance(v, bool)]


def _dates(values: Iterable[object]) -> list[date]:
    return [value for value in values if isinstance(value, date)]


def _moved(day: date, lengths: Sequence[Decimal]) -> Iterator[date]:
    """The days that lie some numbers of policy away, be they days, months or years."""
    for length in (int(number) for number in lengths if number == int(number) and number > 0):
        for away in (length, -length):
            if length <= _MOST_DAYS:
                yield _days_away(day, away)
            if length <= _MOST_MONTHS:
                yield _months_away(day, away)
            if length <= _MOST_YEARS:
                yield _months_away(day, away * 12)


def _days_away(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def _months_away(day: date, months: int) -> date:
    """A day some months later; one that does not exist becomes the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = min(max(year, date.min.year), date.max.year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _texts(node: Node) -> Iterator[str]:
    if node.op == "literal" and node.sort is Sort.TEXT:
        yield node.value
    for part in node.parts:
        yield from _texts(part)


def _parameter_pool(rule: Rule, name: str, declared: Sequence[Value]) -> Pool:
    """A parameter has its declared values; a case may set another, for itself alone."""
    values = list(dict.fromkeys(literal_sql(value) for value in declared))
    drawn = len(values)
    given: list[int | None] = []
    for case in rule.cases:
        value, day = case.given.get(f"${name}"), case.given.get("$as_of")
        if value is None and name == "audit_year" and isinstance(day, date):
            value = day.year
        given.append(_place(values, literal_sql(value)) if isinstance(value, int | Decimal | date) else None)
    column = parameter_column(name)
    return Pool(column, {column: ""}, tuple((value,) for value in values), tuple(given), drawn)


def _fact_pool(rule: Rule, fact: Fact, turning: _Turning) -> Pool:
    possible = [value for value in (None, *_fact_values(fact, turning)) if _possible(fact, value)]
    values = list(dict.fromkeys(fact_cells(fact, value) for value in possible))
    given: list[int | None] = []
    for case in rule.cases:
        value = case.given.get(fact.name)
        try:
            given.append(_place(values, fact_cells(fact, value)) if _possible(fact, value) else None)
        except CaseValueError:  # told when the cases are run
            given.append(None)
    return Pool(fact.name, fact_columns(fact), tuple(values), tuple(given), len(values))


def _place(values: list[T], value: T) -> int:
    """The place of a value, from 1; it is added if it is not there yet."""
    if value not in values:
        values.append(value)
    return values.index(value) + 1


def _possible(fact: Fact, value: object) -> bool:
    """Whether a fact can be so at all: many can't be unknown, some can't be 0 or less."""
    if value is None:
        return not fact.always_known
    number = value.get("n") if isinstance(value, dict) else value
    return not (fact.positive and isinstance(number, int | Decimal) and number <= 0)


def _fact_values(fact: Fact, turning: _Turning) -> Iterable[object]:
    match fact.kind:
        case Kind.BOOL:
            return (True, False)
        case Kind.CODE:
            return tuple(fact.codes)
        case Kind.TEXT:
            return turning.texts
        case Kind.DATE:
            return turning.days
        case Kind.RANGE:
            least = [number for number in _whole(turning.numbers) if number >= 0]
            return [[low, high] for low in least for high in dict.fromkeys((low, low + 1, max(least)))]
        case Kind.QUOTIENT:
            parts = [(number * among, among) for number in turning.numbers for among in _SHARED_AMONG]
            return [{"n": over + step, "d": under} for over, under in parts for step in (0, _CENT, -_CENT)]
        case Kind.INT:
            return [number + step for number in _whole(turning.numbers) for step in (0, 1, -1)]
    return [number + step for number in turning.numbers for step in (0, _CENT, -_CENT)]


def _whole(numbers: Iterable[Decimal]) -> list[Decimal]:
    return [number for number in numbers if number == int(number)]
