"""Why a finding of the last run is not in this one: fixed only with proof, else not evaluated, or its unit is gone."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from audit.contract.normalise import quote
from audit.engine.run import Evaluated
from audit.engine.statements import Code, facts_table, outcomes_table, picked_sql
from audit.history.known import FIXED, NOT_EVALUATED, OPEN, UNIT_GONE
from audit.subjects.describe import columns_of

#: Reasons in ``absent.parquet``.
REASONS = (FIXED, NOT_EVALUATED, UNIT_GONE)


def judge_absent(con: duckdb.DuckDBPyConnection, evaluated: Sequence[Evaluated]) -> None:
    """Make ``gone``: every finding that was known and open and is not in ``findings``, with the reason.

    Fixed is what the rule, asked tonight about the very same subject, no longer flags; and only if no row of that
    household or person was set aside tonight in a table that the rule reads, and no such table lost all the rows
    of the township.

    Args:
        con: the run's database: known_before, findings, set_aside, lost_places, the facts and outcomes of the subjects.
        evaluated: the rules that were evaluated tonight.
    """
    con.execute(
        "CREATE OR REPLACE TABLE missed AS SELECT k.finding_id, k.known_id, k.rule_id AS was_rule, k.subject_id "
        f"AS was_subject, n.* EXCLUDE (finding_id) FROM known_before AS k JOIN known AS n ON n.finding_id = k.known_id "
        f"WHERE k.state IN ('{OPEN}', '{NOT_EVALUATED}') "
        "AND NOT EXISTS (SELECT 1 FROM findings AS f WHERE f.finding_id = k.known_id)"
    )
    con.execute("CREATE OR REPLACE TABLE gone (finding_id VARCHAR, known_id VARCHAR, reason VARCHAR)")
    by_subject: dict[str, list[Evaluated]] = {}
    for one in evaluated:
        by_subject.setdefault(one.prepared.rule.subject.name, []).append(one)
    for subject, rules in by_subject.items():
        missed = _missed(subject, rules)
        if con.execute(f"SELECT 1 FROM ({missed}) LIMIT 1").fetchall():
            con.execute(f"CREATE OR REPLACE TABLE missed_units AS {_units_sql(subject, missed)}")
            for one in rules:
                con.execute(f"INSERT INTO gone {_reasons_sql(one)}")
    con.execute(
        f"INSERT INTO gone SELECT finding_id, known_id, '{NOT_EVALUATED}' FROM missed "
        "WHERE finding_id NOT IN (SELECT finding_id FROM gone)"
    )


def _missed(subject: str, rules: Sequence[Evaluated]) -> str:
    ids = ", ".join(quote(one.prepared.rule.id) for one in rules)
    return f"SELECT * FROM missed WHERE subject_type = {quote(subject)} AND rule_id IN ({ids})"


def _units_sql(subject: str, missed: str) -> str:
    """SQL for tonight's facts and outcomes of the subjects that are missed."""
    return (
        f"SELECT f.*, o.* EXCLUDE (row_no, area_code, household_id) FROM {facts_table(subject)} AS f "
        f"JOIN {outcomes_table(subject)} AS o ON o.row_no = f.rowid "
        f"WHERE f.subject_id IN (SELECT subject_id FROM ({missed}))"
    )


def _reasons_sql(one: Evaluated) -> str:
    rule = one.prepared.rule
    units = f"SELECT *, {picked_sql(one.place)} AS code, {one.prepared.among} AS among FROM missed_units"
    tables = sorted({column.partition(".")[0] for fact in rule.deciding for column in columns_of(fact.needs)})
    return f"""
SELECT m.finding_id, m.known_id, CASE
    WHEN u.subject_id IS NULL AND {_not_read_sql(rule.subject.table)} THEN '{NOT_EVALUATED}'
    WHEN u.subject_id IS NULL THEN '{UNIT_GONE}'
    WHEN u.code = {Code.NOT_COUNTED} AND NOT u.among THEN '{UNIT_GONE}'
    WHEN u.code IN ({Code.CLEAR}, {Code.NOT_APPLICABLE}) AND NOT {_unsure_sql(tables)} THEN '{FIXED}'
    ELSE '{NOT_EVALUATED}' END
FROM (SELECT * FROM missed WHERE rule_id = {quote(rule.id)} AND subject_type = {quote(rule.subject.name)}) AS m
LEFT JOIN ({units}) AS u ON u.subject_id = m.subject_id
"""


def _not_read_sql(table: str) -> str:
    """SQL for a subject that may well be there: its row, its household's, or its township's was not read tonight."""
    key = _in("split_part(m.subject_id, '|', 1)", f'SELECT key FROM set_aside WHERE "table" = {quote(table)}')
    return f"({key} OR {_unsure_sql(['households', 'persons', table])})"


def _unsure_sql(tables: Sequence[str]) -> str:
    """SQL for a subject of which something in these tables was set aside tonight, or not sent at all."""
    own = f'"table" IN ({", ".join(quote(table) for table in tables) or "NULL"})'
    household = _in("m.household_id", f"SELECT household_id FROM set_aside WHERE {own}")
    person = _in("m.person_id", f"SELECT person_id FROM set_aside WHERE {own}")
    township = _in("substr(m.area_code, 1, 9)", f"SELECT township FROM lost_places WHERE {own}")
    return f"({household} OR {person} OR {township})"


def _in(value: str, rows: str) -> str:
    """SQL that is true or false, never null; a mark join, so that many rows cost little."""
    return f"coalesce({value} IN (SELECT x FROM ({rows}) AS r(x) WHERE x IS NOT NULL), false)"
