"""The SQL that tries a rule: many rows of facts, drawn from pools, and how often each condition is true and false.

Every row starts from one of the rule's cases and changes some of its facts, a few of them, many, or all; so rows near
to where a condition turns are frequent, however many conditions must meet. Nothing here runs a query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from audit.contract.normalise import quote
from audit.engine.exact import condition_sql
from audit.engine.pools import Pool, parameter_column
from audit.rulebook.expression import FALSE, TRUE, Node
from audit.rulebook.policy import Rule

#: How many rows each rule is tried on.
ROWS = 20_000
#: Of 100 facts that a case gives, how many keep its value in a row: one share is drawn for each row.
_KEPT = (100, 90, 60, 0)


@dataclass(frozen=True)
class Part:
    """One side of an ``and`` or ``or``, within a condition of a rule.

    Attributes:
        key: ``among``, ``population`` or ``flag``.
        node: the part itself.
        without: the whole condition without it.
    """

    key: str
    node: Node
    without: Node


def conditions_of(rule: Rule) -> dict[str, Node]:
    """The conditions of a rule by their keys, in the order in which they are asked."""
    return {"among": rule.among, "population": rule.population, "flag": rule.flag}


def parts_of(rule: Rule) -> tuple[Part, ...]:
    """All parts of the conditions of a rule that could be left out."""
    return tuple(Part(key, *found) for key, whole in conditions_of(rule).items() for found in _left_out(whole))


def _left_out(node: Node) -> Iterator[tuple[Node, Node]]:
    """Each part of an ``and`` or ``or``, with the condition that remains without it."""
    for place, part in enumerate(node.parts):
        chained = node.op in {"and", "or"}
        if chained and part.op != node.op:
            neutral = TRUE if node.op == "and" else FALSE
            yield part, _with(node, place, neutral)
        for found, rest in _left_out(part):
            yield found, _with(node, place, rest)


def _with(node: Node, place: int, part: Node) -> Node:
    return replace(node, parts=(*node.parts[:place], part, *node.parts[place + 1 :]))


def trial_sql(rule: Rule, pools: tuple[Pool, ...], parts: tuple[Part, ...]) -> str:
    """SQL that counts, over many rows, how often the conditions of a rule are true and false.

    Gives one row: of among, population where among is true, and flag where both are true, how often each is true
    and how often false; then how often each part changes the outcome.
    """
    parameters = {name: parameter_column(name) for name in rule.parameters}
    tried = [f"{_safe(node, parameters)} AS {key}_holds" for key, node in conditions_of(rule).items()]
    tried += [f"{_safe(part.without, parameters)} AS without_{place}" for place, part in enumerate(parts)]
    asked = {"among": "true", "population": "among_holds", "flag": "among_holds AND population_holds"}
    counts = [
        f"count(*) FILTER ({where} AND {answer} {key}_holds)" for key, where in asked.items() for answer in ("", "NOT")
    ]
    counts += [
        f"count(*) FILTER ({asked[part.key]} AND {part.key}_holds IS DISTINCT FROM without_{place})"
        for place, part in enumerate(parts)
    ]
    return (
        f"WITH facts AS MATERIALIZED ({rows_sql(pools, len(rule.cases))}), "
        f"tried AS MATERIALIZED (SELECT {', '.join(tried)} FROM facts) SELECT {', '.join(counts)} FROM tried"
    )


def _safe(node: Node, parameters: Mapping[str, str]) -> str:
    """A row in which numbers grow too large to be compared decides nothing."""
    return f"TRY({condition_sql(node, parameters)})"


def rows_sql(pools: tuple[Pool, ...], cases: int) -> str:
    """SQL for the rows: the same at every run, since each value is picked by a digest of its row and its name."""
    kept = f"{list(_KEPT)}[{_drawn('kept', len(_KEPT))}]"
    start = f"SELECT i, {_drawn('case', cases)} AS started_from, {kept} AS kept FROM range({ROWS}) AS r(i)"
    places = [f"{_place_sql(pool)} AS place__{pool.name}" for pool in pools]
    columns = [
        f"{_picked(pool, place, kind)} AS {name}"
        for pool in pools
        for place, (name, kind) in enumerate(pool.columns.items())
    ]
    return f"SELECT {', '.join(['i', *columns])} FROM (SELECT i, {', '.join(places) or 'i'} FROM ({start}))"


def _digest(purpose: str) -> str:
    """A number for a row and a purpose; hashed twice, since of one hash the last bits agree for all purposes."""
    return f"hash(hash(i, {quote(purpose)}))"


def _drawn(purpose: str, number: int) -> str:
    return f"CAST(1 + {_digest(purpose)} % {number} AS BIGINT)"


def _place_sql(pool: Pool) -> str:
    given = f"[{', '.join('NULL' if place is None else str(place) for place in pool.given)}][started_from]"
    keeps = f"CASE WHEN {_digest('keep ' + pool.name)} % 100 < kept THEN {given} END"
    return f"coalesce({keeps}, {_drawn(pool.name, pool.drawn)})"


def _picked(pool: Pool, place: int, kind: str) -> str:
    value = f"[{', '.join(cells[place] for cells in pool.values)}][place__{pool.name}]"
    return f"CAST({value} AS {kind})" if kind else value
