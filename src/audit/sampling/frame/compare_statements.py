"""The SQL of a comparison of two frames, as text: who stayed, moved, left or entered, and why.

``earlier`` and ``later`` are the rows of both frames. Of the run behind each there are ``homes_earlier`` and so on: its
registered households with their village; ``keys_earlier``: all households of its registry; ``concerns_earlier``: the
findings that count for the frame; ``others_earlier``: households with other findings that count in the run. Nothing
here runs a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.contract.normalise import quote
from audit.sampling.frame.record import PARTS, Population

#: What became of a household; who differs in a column by which frames can be divided has moved.
CHANGES = ("stayed", "moved", "left", "entered")
#: The two frames.
SIDES = ("earlier", "later")


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of one frame beside its rows.

    Attributes:
        population: who is in it.
        areas: to which areas it is narrowed down; empty for everywhere.
        rules: to which rules it is narrowed down; empty for all.
        not_evaluated: rules that were not evaluated in its run.
        known: whether its run is still there.
        keys: whether its run lists all households of the registry.
    """

    population: Population
    areas: tuple[str, ...]
    rules: tuple[str, ...]
    not_evaluated: tuple[str, ...]
    known: bool
    keys: bool


def changes_sql(earlier: Side, later: Side) -> str:
    """Every household of the two frames: ``unit_id, change, reason, moved``, then each part before and after."""
    moved = " || ".join(f"CASE WHEN a.{one} IS DISTINCT FROM b.{one} THEN ['{one}'] ELSE [] END" for one in PARTS)
    shown = ", ".join(f"a.{one} AS {one}_before, b.{one} AS {one}_after" for one in PARTS)
    return f"""
WITH both_frames AS (
    SELECT coalesce(a.unit_id, b.unit_id) AS unit_id, a.unit_id IS NULL AS entered, b.unit_id IS NULL AS gone,
        CASE WHEN a.unit_id IS NULL OR b.unit_id IS NULL THEN [] ELSE {moved} END AS moved,
        coalesce(a.rules, b.rules) AS rules, {shown}
    FROM earlier AS a FULL JOIN later AS b ON a.unit_id = b.unit_id
),
gone AS ({_reasons_sql("gone", later, earlier, "later")}),
entered AS ({_reasons_sql("entered", earlier, later, "earlier")}),
reasons AS (FROM gone UNION ALL FROM entered)
SELECT f.unit_id,
    CASE WHEN gone THEN 'left' WHEN entered THEN 'entered' WHEN len(moved) > 0 THEN 'moved' ELSE 'stayed' END AS change,
    coalesce(r.reason, '') AS reason, moved, f.* EXCLUDE (unit_id, entered, gone, moved, rules)
FROM both_frames AS f LEFT JOIN reasons AS r ON r.unit_id = f.unit_id ORDER BY f.unit_id
"""


def _reasons_sql(flag: str, side: Side, other: Side, name: str) -> str:
    """Why households are not in the frame of one side, as far as its run tells; ``unit_id, reason``."""
    chosen = f"FROM both_frames AS f WHERE {flag}"
    if not side.known:
        return f"SELECT unit_id, 'unknown' AS reason {chosen}"
    inside = " OR ".join(f"starts_with(h.village, {quote(area)})" for area in side.areas) or "true"
    listed = "CASE WHEN k.unit_id IS NULL THEN 'not_in_registry' ELSE 'deregistered' END"
    absent = listed if side.keys else "'not_registered'"
    return f"""
SELECT f.unit_id, CASE
    WHEN h.unit_id IS NULL THEN {absent}
    WHEN NOT ({inside}) THEN 'outside_areas'
    ELSE {_findings_reason(flag, side, other)} END AS reason
FROM (SELECT unit_id, rules {chosen}) AS f
LEFT JOIN homes_{name} AS h ON h.unit_id = f.unit_id
LEFT JOIN keys_{name} AS k ON k.unit_id = f.unit_id
LEFT JOIN (SELECT unit_id, list(DISTINCT rule_id) AS rules FROM concerns_{name} GROUP BY unit_id) AS c
    ON c.unit_id = f.unit_id
LEFT JOIN (SELECT DISTINCT unit_id FROM others_{name}) AS o ON o.unit_id = f.unit_id
"""


def _findings_reason(flag: str, side: Side, other: Side) -> str:
    """Why a registered household inside the areas is not in a frame: it has findings, or has none."""
    if side.population == "disagreement":
        among = ", ".join(quote(rule) for rule in side.rules)
        left_out = f"NOT list_has_any([{among}], f.rules)" if side.rules else "false"
        return f"CASE WHEN {left_out} THEN 'rules_left_out' ELSE '{'agree' if flag == 'gone' else 'disagree'}' END"
    if side.population == "unflagged":
        changed = "newly_flagged" if flag == "gone" else "no_longer_flagged"
        return f"CASE WHEN {_all_among(other.not_evaluated, 'c.rules')} THEN 'not_evaluated' ELSE '{changed}' END"
    changed = "no_longer_flagged" if flag == "gone" else "newly_flagged"
    return (
        f"CASE WHEN o.unit_id IS NOT NULL THEN 'other_rules' "
        f"WHEN {_all_among(side.not_evaluated, 'f.rules')} THEN 'not_evaluated' ELSE '{changed}' END"
    )


def _all_among(rules: Sequence[str], column: str) -> str:
    """Whether a household has findings, and of none but these rules."""
    listed = ", ".join(quote(rule) for rule in rules)
    return f"(len({column}) > 0 AND list_has_all(CAST([{listed}] AS VARCHAR[]), {column}))"
