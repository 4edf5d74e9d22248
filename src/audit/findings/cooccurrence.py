"""Which rules fire together on the same household: one bad date that trips four rules is then seen as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from audit.contract.normalise import quote

_EMPTY = (
    "SELECT '' AS rule_id, '' AS other_rule_id, CAST(0 AS BIGINT) AS households, CAST(0 AS BIGINT) AS households_rule, "
    "CAST(0 AS BIGINT) AS households_other WHERE false"
)


@dataclass(frozen=True)
class Together:
    """Two rules that flag the same households.

    Attributes:
        rule_id, other_rule_id: the two, in text order.
        households: households on which both have a finding.
        households_rule, households_other: households on which each of them has one.
    """

    rule_id: str
    other_rule_id: str
    households: int
    households_rule: int
    households_other: int


def cooccurrence_sql(rules: Sequence[str]) -> str:
    """SQL for ``cooccurrence.parquet``, from ``findings``.

    Each household becomes one bit per rule, and equal households are counted before any two rules are put together:
    however many households there are, few combinations of rules occur, also where every rule fires everywhere.

    Args:
        rules: the ids of the rules that may have findings.
    """
    if not rules:
        return _EMPTY
    places = ", ".join(f"({quote(rule)}, {place})" for place, rule in enumerate(sorted(rules)))
    return f"""
WITH places(rule_id, place) AS (VALUES {places}),
homes AS (
    SELECT bitstring_agg(p.place, 0, {len(rules) - 1}) AS fired
    FROM findings AS f JOIN places AS p ON p.rule_id = f.rule_id
    WHERE f.household_id IS NOT NULL
    GROUP BY f.household_id
),
combined AS (SELECT fired, count(*) AS households FROM homes GROUP BY fired),
members AS (
    SELECT c.fired, c.households, p.rule_id FROM combined AS c JOIN places AS p ON get_bit(c.fired, p.place) = 1
),
own AS (SELECT rule_id, sum(households) AS households FROM members GROUP BY rule_id),
pairs AS (
    SELECT a.rule_id, b.rule_id AS other_rule_id, sum(a.households) AS households
    FROM members AS a JOIN members AS b ON b.fired = a.fired AND b.rule_id > a.rule_id
    GROUP BY a.rule_id, b.rule_id
)
SELECT p.rule_id, p.other_rule_id, CAST(p.households AS BIGINT) AS households,
    CAST(a.households AS BIGINT) AS households_rule, CAST(b.households AS BIGINT) AS households_other
FROM pairs AS p JOIN own AS a ON a.rule_id = p.rule_id JOIN own AS b ON b.rule_id = p.other_rule_id
ORDER BY p.rule_id, p.other_rule_id
"""


def most_together(con: duckdb.DuckDBPyConnection, limit: int) -> tuple[Together, ...]:
    """The pairs of rules with the most households in common, from ``cooccurrence``."""
    rows = con.execute(
        "SELECT rule_id, other_rule_id, households, households_rule, households_other FROM cooccurrence "
        f"ORDER BY households DESC, rule_id, other_rule_id LIMIT {limit}"
    ).fetchall()
    return tuple(Together(*row) for row in rows)
