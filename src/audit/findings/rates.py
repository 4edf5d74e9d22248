"""Counts and rates of every rule at every level of area, from the counts per area code."""

from __future__ import annotations

from collections.abc import Sequence

from audit.contract.normalise import quote
from audit.engine.run import Evaluated
from audit.engine.statements import MEASURE_DIGITS, SHARED_OUT, Code, outcomes_table, picked_sql
from audit.model.areas import DIGITS

#: ``rule_counts`` has measures in whole units, this many to a cent.
_CENT = SHARED_OUT * 10 ** (MEASURE_DIGITS - 2)
#: A quotient that was cut off is too small by less than one unit; snapping to 8 digits first keeps exact ties exact.
_SNAP = SHARED_OUT * 10 ** (MEASURE_DIGITS - 8)


def flagged_households_sql(evaluated: Sequence[Evaluated]) -> str:
    """SQL for the households of the flagged subjects of each rule: rule_id, area_code, household_id, each once."""
    return "\nUNION ALL\n".join(
        f"SELECT DISTINCT {quote(one.prepared.rule.id)} AS rule_id, area_code, household_id "
        f"FROM {outcomes_table(one.prepared.rule.subject.name)} "
        f"WHERE household_id IS NOT NULL AND {picked_sql(one.place)} = {Code.FLAGGED}"
        for one in evaluated
        if one.prepared.rule.subject.name != "household"
    )


def _levels() -> list[tuple[str, str, str]]:
    """Level, SQL for its area code, SQL for the rows that belong to it."""
    levels = [("all", "CAST(NULL AS VARCHAR)", "true")]
    for level, digits in DIGITS.items():
        zeros = "0" * (12 - digits)
        # An area code names an area of this level unless all its further digits are zeros: 139901000000 is a county.
        above = {"province": 0, "county": 2, "township": 6, "village": 9}[level]
        inside = f"area_code IS NOT NULL AND substr(area_code, {above + 1}) <> '{'0' * (12 - above)}'"
        levels.append((level, f"substr(area_code, 1, {digits}) || '{zeros}'", inside))
    return levels


def _half_up(over: str, under: str) -> str:
    return f"(sign({over}) * ((2 * abs({over}) + {under}) // (2 * {under})))"


def _cents(units: str, share: str) -> str:
    """SQL for units shared out and rounded half up, away from zero, to two places."""
    snapped = f"({_half_up(units, str(_SNAP))} * {_SNAP})"
    cents = _half_up(snapped, f"(CAST({share} AS HUGEINT) * {_CENT})")
    return f"CAST(CAST({cents} AS DECIMAL(36,0)) * 0.01 AS DECIMAL(38,2))"


def rates_sql(evaluated: Sequence[Evaluated]) -> str:
    """SQL for ``rates.parquet`` (contract.md, section 5), from ``rule_counts`` and ``flagged_households``."""
    counts, homes = [], []
    for level, code, inside in _levels():
        counts.append(
            f"SELECT rule_id, '{level}' AS area_level, {code} AS area_code, flagged, clear, undecided_inside, "
            f"undecided_about, not_applicable, measure_units, measured FROM rule_counts WHERE {inside}"
        )
        homes.append(
            f"SELECT rule_id, '{level}' AS area_level, {code} AS area_code, household_id "
            f"FROM flagged_households WHERE {inside}"
        )
    rules = [one.prepared.rule for one in evaluated]
    own = ", ".join(quote(rule.id) for rule in rules if rule.subject.name == "household") or "''"
    measured = ", ".join(quote(rule.id) for rule in rules if rule.measure) or "''"
    total = "flagged + clear + undecided_inside + undecided_about + not_applicable"
    return f"""
WITH counted AS (
    SELECT rule_id, area_level, area_code,
        CAST(sum(flagged) + sum(clear) + sum(undecided_inside) AS BIGINT) AS population,
        CAST(sum(flagged) AS BIGINT) AS flagged,
        CAST(sum(clear) AS BIGINT) AS clear,
        CAST(sum(undecided_inside) + sum(undecided_about) AS BIGINT) AS undecided,
        CAST(sum(not_applicable) AS BIGINT) AS not_applicable,
        coalesce(sum(measure_units), 0) AS units,
        CAST(coalesce(sum(measured), 0) AS BIGINT) AS measured
    FROM ({" UNION ALL ".join(counts)})
    WHERE {total} > 0
    GROUP BY rule_id, area_level, area_code
),
homes AS (
    SELECT rule_id, area_level, area_code, count(DISTINCT household_id) AS households
    FROM ({" UNION ALL ".join(homes)})
    GROUP BY rule_id, area_level, area_code
)
SELECT c.rule_id, c.area_level, c.area_code, c.population, c.flagged, c.clear, c.undecided, c.not_applicable,
    CASE WHEN c.population > 0 THEN CAST(c.flagged AS DOUBLE) / c.population END AS rate,
    CASE WHEN c.flagged + c.clear > 0 THEN CAST(c.flagged AS DOUBLE) / (c.flagged + c.clear) END AS decided_rate,
    CASE WHEN c.rule_id IN ({own}) THEN c.flagged ELSE coalesce(h.households, 0) END AS households_flagged,
    CASE WHEN c.rule_id IN ({measured}) THEN {_cents("c.units", "1")} END AS measure_sum,
    CASE WHEN c.rule_id IN ({measured}) AND c.measured > 0 THEN {_cents("c.units", "c.measured")} END AS measure_mean
FROM counted AS c
LEFT JOIN homes AS h ON h.rule_id = c.rule_id AND h.area_level = c.area_level
    AND h.area_code IS NOT DISTINCT FROM c.area_code
ORDER BY c.rule_id, CASE c.area_level WHEN 'all' THEN 0 WHEN 'province' THEN 1 WHEN 'county' THEN 2
    WHEN 'township' THEN 3 ELSE 4 END, c.area_code
"""
