"""The SQL that compares the findings of two policies, as text: changes and workload. Nothing here runs a query.

``old_findings`` and ``new_findings`` are the findings of the policies, ``old_rates`` and ``new_rates`` their rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from audit.contract.normalise import quote


class Change(StrEnum):
    """What becomes of a finding under the new policy.

    A finding that only one policy has although the other did not ask its rule there at all is neither gained nor
    lost: nobody knows.
    """

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"
    NOT_EVALUATED = "not_evaluated"


CHANGES_TABLE = (
    "change VARCHAR, finding_id VARCHAR, rule_id VARCHAR, severity VARCHAR, severity_old VARCHAR, "
    "subject_type VARCHAR, subject_id VARCHAR, household_id VARCHAR, area_code VARCHAR, evidence_old VARCHAR, "
    "evidence_new VARCHAR, message_old VARCHAR, message_new VARCHAR, message_en_old VARCHAR, message_en_new VARCHAR, "
    "source_file VARCHAR, source_row BIGINT"
)
#: What is counted of each rule and area: the findings of both policies, and those that change.
COUNTED = ("old", "new", *Change)
_COUNTS = [f"{unit}_{what}" for unit in ("findings", "households") for what in COUNTED]
WORKLOAD_TABLE = "rule_id VARCHAR, area_level VARCHAR, area_code VARCHAR, " + ", ".join(
    f"{name} BIGINT" for name in _COUNTS
)
#: Where the values of parameters come from says nothing about the household.
_FACTS = "json_merge_patch({evidence}, '{{\"parameters\": null}}')"


def changes_sql(rule_id: str, asked_old: str, asked_new: str) -> str:
    """SQL for the findings of one rule that the policies do not have alike, by subject.

    Args:
        rule_id: the rule.
        asked_old: SQL that is true of an area code where the old policy asked the rule, or has no such rule.
        asked_new: the same of the new policy.
    """
    own = f"WHERE rule_id = {quote(rule_id)}"
    both = ("rule_id", "subject_type", "subject_id", "household_id", "area_code", "source_file", "source_row")
    either = ", ".join(f"coalesce(n.{name}, o.{name}) AS {name}" for name in both)
    return f"""
WITH joined AS (
    SELECT finding_id, o.rule_id IS NOT NULL AS was, n.rule_id IS NOT NULL AS is_now, {either},
        o.severity AS severity_old, n.severity AS severity_new, o.evidence AS evidence_old, n.evidence AS evidence_new,
        o.message AS message_old, n.message AS message_new,
        o.message_en AS message_en_old, n.message_en AS message_en_new
    FROM (FROM old_findings {own}) AS o FULL JOIN (FROM new_findings {own}) AS n USING (finding_id)
),
judged AS (
    SELECT *, CASE
        WHEN NOT is_now THEN CASE WHEN {asked_new} THEN '{Change.LOST}' ELSE '{Change.NOT_EVALUATED}' END
        WHEN NOT was THEN CASE WHEN {asked_old} THEN '{Change.GAINED}' ELSE '{Change.NOT_EVALUATED}' END
        WHEN severity_old <> severity_new OR message_old <> message_new OR message_en_old <> message_en_new
            THEN '{Change.CHANGED}'
        WHEN evidence_old = evidence_new THEN NULL
        WHEN {_FACTS.format(evidence="evidence_old")} <> {_FACTS.format(evidence="evidence_new")}
            THEN '{Change.CHANGED}'
        END AS change
    FROM joined
)
SELECT change, finding_id, rule_id, coalesce(severity_new, severity_old) AS severity, severity_old, subject_type,
    subject_id, household_id, area_code, evidence_old, evidence_new, message_old, message_new, message_en_old,
    message_en_new, source_file, source_row
FROM judged WHERE change IS NOT NULL ORDER BY subject_id, finding_id
"""


def township_sql(area_code: str) -> str:
    """SQL for the code of the township in which an area lies; null for a county or an unknown area."""
    return f"CASE WHEN substr({area_code}, 7) <> '000000' THEN substr({area_code}, 1, 9) || '000' END"


def counted_sql(rule_id: str | None) -> str:
    """SQL that counts findings, and distinct households with such a finding, everywhere and by township.

    Args:
        rule_id: the rule, or None to count over all rules.
    """
    own = "" if rule_id is None else f"WHERE rule_id = {quote(rule_id)}"
    kinds = ", ".join(f"count(*) FILTER (what = '{what}') AS n_{what}" for what in COUNTED)
    findings = ", ".join(f"sum(n_{what})" for what in COUNTED)
    households = ", ".join(f"count(*) FILTER (n_{what} > 0 AND household_id IS NOT NULL)" for what in COUNTED)
    listed = " UNION ALL ".join(
        f"SELECT {what} AS what, {township_sql('area_code')} AS township, household_id FROM {table} {own}"
        for what, table in (("'old'", "old_findings"), ("'new'", "new_findings"), ("change", "changes"))
    )
    return f"""
SELECT {"NULL" if rule_id is None else quote(rule_id)} AS rule_id, area_level, area_code, {findings}, {households}
FROM (
    SELECT area_level, CASE WHEN area_level = 'township' THEN township END AS area_code, household_id, {kinds}
    FROM ({listed}), (VALUES ('all'), ('township')) AS levels(area_level)
    WHERE area_level = 'all' OR township IS NOT NULL
    GROUP BY ALL
)
GROUP BY area_level, area_code
"""


def workload_sql(rules: Sequence[str]) -> str:
    """SQL for ``workload.parquet``, from ``counted``: every rule with findings, then all rules together.

    What a policy did not ask in an area is not known there: null, not 0. The population of all rules together is the
    registered households.

    Args:
        rules: ids of the rules that may have findings under at least one of the policies.
    """
    listed = ", ".join(quote(rule) for rule in rules) or "''"
    asked = f"WHERE area_level IN ('all', 'township') AND rule_id IN ({listed})"
    counts = []
    for unit in ("findings", "households"):
        counts += [
            f"CASE WHEN p.population_{side} IS NOT NULL THEN coalesce(c.{unit}_{side}, 0) END AS {unit}_{side}"
            for side in ("old", "new")
        ]
        counts += [f"coalesce(c.{unit}_{change}, 0) AS {unit}_{change}" for change in Change]
    return f"""
WITH asked AS (
    SELECT 'old' AS side, rule_id, area_level, area_code, population FROM old_rates {asked}
    UNION ALL
    SELECT 'new', rule_id, area_level, area_code, population FROM new_rates {asked}
),
homes AS (SELECT {township_sql("area_code")} AS township, count(*) AS homes FROM household_facts GROUP BY 1),
populations AS (
    SELECT rule_id, area_level, area_code, max(population) FILTER (side = 'old') AS population_old,
        max(population) FILTER (side = 'new') AS population_new
    FROM asked GROUP BY ALL
    UNION ALL
    SELECT NULL, 'all', NULL, coalesce(sum(homes), 0), coalesce(sum(homes), 0) FROM homes
    UNION ALL
    SELECT NULL, 'township', coalesce(h.township, c.area_code), coalesce(h.homes, 0), coalesce(h.homes, 0)
    FROM (FROM homes WHERE township IS NOT NULL) AS h
    FULL JOIN (FROM counted WHERE rule_id IS NULL AND area_level = 'township') AS c ON c.area_code = h.township
)
SELECT p.rule_id, p.area_level, p.area_code, CAST(p.population_old AS BIGINT) AS population_old,
    CAST(p.population_new AS BIGINT) AS population_new, {", ".join(counts)}
FROM populations AS p
LEFT JOIN counted AS c ON c.rule_id IS NOT DISTINCT FROM p.rule_id AND c.area_level = p.area_level
    AND c.area_code IS NOT DISTINCT FROM p.area_code
ORDER BY p.rule_id NULLS LAST, p.area_level, p.area_code
"""


def visits_sql(seed: str, visits: int) -> str:
    """SQL for the households to visit among those on which the policies disagree: the smallest tickets.

    A household's ticket depends on the seed and its own id alone, so that the draw stays as it is when other
    households come and go.

    Args:
        seed: what the draw starts from.
        visits: how many households at most.
    """
    ticket = f"sha256(concat_ws(chr(31), 'prn1', {quote(seed)}, 'household', household_id))"
    rules = ", ".join(
        f"string_agg(DISTINCT c.rule_id, ', ' ORDER BY c.rule_id) FILTER (c.change = '{change}') AS {change}_rules"
        for change in (Change.GAINED, Change.LOST)
    )
    return f"""
WITH disagreed AS (
    SELECT c.household_id, coalesce(min(h.area_code), min(c.area_code)) AS area_code, {rules}
    FROM changes AS c LEFT JOIN households AS h ON h.household_id = c.household_id
    WHERE c.change IN ('{Change.GAINED}', '{Change.LOST}') AND c.household_id IS NOT NULL
    GROUP BY c.household_id
)
SELECT row_number() OVER (ORDER BY ticket, household_id) AS rank, *
FROM (SELECT {ticket} AS ticket, * FROM disagreed)
ORDER BY ticket, household_id LIMIT {visits}
"""
