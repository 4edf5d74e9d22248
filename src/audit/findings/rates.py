"""Counts and rates of every rule at every level of area, from the counts per area code."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from audit.contract.normalise import quote
from audit.engine.run import Evaluated
from audit.engine.statements import MEASURE_DIGITS, SHARED_OUT, Code, outcomes_table, picked_sql
from audit.model.areas import DIGITS

#: ``rule_counts`` has measures in whole units, this many to a cent.
_CENT = SHARED_OUT * 10 ** (MEASURE_DIGITS - 2)
#: A quotient that was cut off is too small by less than one unit; snapping to 8 digits first keeps exact ties exact.
_SNAP = SHARED_OUT * 10 ** (MEASURE_DIGITS - 8)


#: Households of flagged subjects, counted by rule and area code; and those, few, that are flagged in several places.
FLAGGED_HOMES = "flagged_homes (rule_id VARCHAR, area_code VARCHAR, households BIGINT)"
SCATTERED_HOMES = "scattered_homes (rule_id VARCHAR, area_code VARCHAR, household_id VARCHAR)"

_COUNTED = (
    "flagged",
    "clear",
    "undecided_inside",
    "undecided_about",
    "not_applicable",
    "measure_units",
    "measured",
)
#: A code with all villages of a township as one: the levels above are counted from far fewer rows.
_WITHOUT_VILLAGE = "substr(area_code, 1, 9) || CASE substr(area_code, 10) WHEN '000' THEN '000' ELSE '001' END"


def count_homes(con: duckdb.DuckDBPyConnection, evaluated: Sequence[Evaluated]) -> None:
    """Count the households of the flagged subjects of each rule; afterwards both tables above are there.

    One rule at a time, and a household with all its flagged subjects in one place only by its place: so memory does not
    grow with rules and levels. A household with flagged subjects in several places counts once at every level, so
    it is kept with all its places. Rules about households need none of this: each household is flagged once.
    """
    con.execute(f"CREATE OR REPLACE TABLE {FLAGGED_HOMES}")
    con.execute(f"CREATE OR REPLACE TABLE {SCATTERED_HOMES}")
    flagging = {row[0] for row in con.execute("SELECT DISTINCT rule_id FROM rule_counts WHERE flagged > 0").fetchall()}
    for one in evaluated:
        rule = one.prepared.rule
        if rule.subject.name == "household" or rule.id not in flagging:
            continue
        flagged = (
            f"FROM {outcomes_table(rule.subject.name)} "
            f"WHERE household_id IS NOT NULL AND {picked_sql(one.place)} = {Code.FLAGGED}"
        )
        con.execute(
            "CREATE OR REPLACE TEMP TABLE homes AS "
            f"SELECT household_id, min(area_code) AS place, max(area_code) AS last {flagged} GROUP BY household_id"
        )
        con.execute(
            f"INSERT INTO flagged_homes SELECT {quote(rule.id)}, place, count(*) FROM homes "
            "WHERE place IS NOT DISTINCT FROM last GROUP BY place"
        )
        con.execute(
            f"INSERT INTO scattered_homes SELECT DISTINCT {quote(rule.id)}, area_code, household_id {flagged} "
            "AND household_id IN (SELECT household_id FROM homes WHERE place <> last)"
        )
    con.execute("DROP TABLE IF EXISTS homes")


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
    """SQL for ``rates.parquet`` (contract.md, section 5), from ``rule_counts`` and what ``count_homes`` counted."""
    counts, homes, scattered = [], [], []
    for level, code, inside in _levels():
        place = f"rule_id, '{level}' AS area_level, {code} AS area_code"
        source = "rule_counts" if level == "village" else "townships"
        counts.append(f"SELECT {place}, {', '.join(_COUNTED)} FROM {source} WHERE {inside}")
        homes.append(f"SELECT {place}, households FROM flagged_homes WHERE {inside}")
        scattered.append(f"SELECT {place}, household_id FROM scattered_homes WHERE {inside}")
    *above, villages = counts
    rules = [one.prepared.rule for one in evaluated]
    own = ", ".join(quote(rule.id) for rule in rules if rule.subject.name == "household") or "''"
    measured = ", ".join(quote(rule.id) for rule in rules if rule.measure) or "''"
    sums = ", ".join(f"sum({column}) AS {column}" for column in _COUNTED)
    return f"""
WITH townships AS MATERIALIZED (
    SELECT rule_id, {_WITHOUT_VILLAGE} AS area_code, {sums} FROM rule_counts GROUP BY ALL
),
counted AS (
    SELECT rule_id, area_level, area_code,
        CAST(flagged + clear + undecided_inside AS BIGINT) AS population,
        CAST(flagged AS BIGINT) AS flagged,
        CAST(clear AS BIGINT) AS clear,
        CAST(undecided_inside + undecided_about AS BIGINT) AS undecided,
        CAST(not_applicable AS BIGINT) AS not_applicable,
        coalesce(measure_units, 0) AS units,
        CAST(coalesce(measured, 0) AS BIGINT) AS measured
    FROM (
        -- Of each rule and village there is one row already.
        {villages}
        UNION ALL
        SELECT rule_id, area_level, area_code, {sums} FROM ({" UNION ALL ".join(above)}) GROUP BY ALL
    )
    WHERE flagged + clear + undecided_inside + undecided_about + not_applicable > 0
),
homes AS (
    SELECT rule_id, area_level, area_code, CAST(sum(households) AS BIGINT) AS households
    FROM (
        FROM ({" UNION ALL ".join(homes)})
        UNION ALL
        SELECT rule_id, area_level, area_code, count(DISTINCT household_id) FROM ({" UNION ALL ".join(scattered)})
        GROUP BY ALL
    )
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
