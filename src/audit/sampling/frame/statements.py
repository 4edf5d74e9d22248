"""The SQL of frames, as text: who is in one, and the lines of which its digest is taken. Nothing here runs a query.

``homes`` are the registered households, ``concerns`` the findings that count for the frame: rule, severity, household.
``classes`` gives villages their distance class, ``verified`` lists the households verified recently.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from audit.contract.normalise import quote
from audit.sampling.frame.record import Population
from audit.sampling.layout import FRAME_COLUMNS

#: From the least to the most severe; a place in this list is compared, never the word.
SEVERITIES = ("low", "medium", "high")
#: What a visit settles: the number of findings, or findings weighed 1, 2 and 4 by severity.
SIZES = ("findings", "severity")


def homes_sql(run: Path, areas: Sequence[str]) -> str:
    """The registered households of a run within some areas (leading digits); no areas mean everywhere."""
    inside = " OR ".join(f"starts_with(area_code, {quote(area)})" for area in areas) or "true"
    return (
        "SELECT household_id AS unit_id, area_code AS village, substr(area_code, 1, 9) || '000' AS township "
        f"FROM read_parquet({quote(str(run / 'households.parquet'))}) WHERE {inside}"
    )


def findings_sql(run: Path, rules: Collection[str]) -> str:
    """The findings of some rules in a run that concern a household."""
    listed = ", ".join(quote(rule) for rule in sorted(rules)) or "''"
    return (
        "SELECT household_id AS unit_id, rule_id, severity, finding_id "
        f"FROM read_parquet({quote(str(run / 'findings.parquet'))}) "
        f"WHERE household_id IS NOT NULL AND rule_id IN ({listed})"
    )


def changes_sql(rehearsal: Path, rules: Collection[str]) -> str:
    """The findings that only one policy of a rehearsal has; no rules mean all."""
    listed = f"AND rule_id IN ({', '.join(quote(rule) for rule in sorted(rules))})" if rules else ""
    return (
        "SELECT household_id AS unit_id, rule_id, severity, finding_id "
        f"FROM read_parquet({quote(str(rehearsal / 'changes.parquet'))}) "
        f"WHERE household_id IS NOT NULL AND change IN ('gained', 'lost') {listed}"
    )


def difference_sql(one: str, other: str) -> str:
    """The findings that only one of two runs has."""
    return (
        f"WITH one AS ({one}), other AS ({other}) "
        "SELECT unit_id, rule_id, severity, finding_id FROM one ANTI JOIN other USING (finding_id) UNION ALL "
        "SELECT unit_id, rule_id, severity, finding_id FROM other ANTI JOIN one USING (finding_id)"
    )


def frame_sql(population: Population, size: str) -> str:
    """The rows of a frame, sorted by household, with the columns of ``FRAME_COLUMNS``."""
    rank = f"list_position({list(SEVERITIES)}, c.severity)"
    measure = "count(*)" if size == "findings" else f"sum(CAST(power(2, {rank} - 1) AS BIGINT))"
    kept = "WHERE f.unit_id IS NULL" if population == "unflagged" else "WHERE f.unit_id IS NOT NULL"
    columns = {
        **{name: f"h.{name}" for name in ("unit_id", "township", "village")},
        "severity": f"coalesce({list(SEVERITIES)}[f.worst], '')",
        "rule": "coalesce(f.rule, '')",
        "distance_class": "coalesce(d.distance_class, '')",
        "recently_verified": "v.unit_id IS NOT NULL",
        "n_findings": "coalesce(f.n_findings, 0)",
        "rules": "coalesce(f.rules, [])",
        "size_measure": "coalesce(f.size_measure, 0)",
        "phone_group": "''",
    }
    shown = ", ".join(f"CAST({columns[name]} AS {kind}) AS {name}" for name, kind in FRAME_COLUMNS.items())
    return f"""
WITH counted AS (SELECT rule_id, count(DISTINCT unit_id) AS households FROM concerns GROUP BY rule_id),
flagged AS (
    SELECT c.unit_id, count(*) AS n_findings, max({rank}) AS worst, list_sort(list(DISTINCT c.rule_id)) AS rules,
        arg_min(c.rule_id, (n.households, c.rule_id)) AS rule, {measure} AS size_measure
    FROM concerns AS c JOIN counted AS n USING (rule_id)
    GROUP BY c.unit_id
)
SELECT {shown}
FROM homes AS h
LEFT JOIN flagged AS f ON f.unit_id = h.unit_id
LEFT JOIN classes AS d ON d.village = h.village
LEFT JOIN verified AS v ON v.unit_id = h.unit_id
{kept}
ORDER BY h.unit_id
"""


def lines_sql(rows: str) -> str:
    """One line of text per household of a frame, with all that the frame says of it, in the order of its rows."""
    cells = ", ".join(
        "array_to_string(rules, ',')" if kind.endswith("[]") else f"CAST({name} AS VARCHAR)"
        for name, kind in FRAME_COLUMNS.items()
    )
    return f"SELECT concat_ws(chr(31), {cells}) || chr(10) AS line FROM ({rows})"
