"""What the registry says about the households of a checklist: the facts that each question is about, kept when asked.

A run keeps the rows of flagged households only. So the values are read from its registry when the sheets are first
written, if its files are still those of the run, and are kept with the questions: whatever the registry becomes later,
the sheet shows what the audit saw.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import duckdb

from audit.accepted import Accepted, ask
from audit.contract import Personal
from audit.engine.statements import Code, Prepared, facts_table, outcome_sql
from audit.engine.values import json_value_sql
from audit.explain.published import PublishedRun
from audit.memory import lacks_room
from audit.report.masking import mask
from audit.rulebook import Rule, Rulebook

#: What the registry says of a household about a rule, as JSON, by household and rule.
Values = Mapping[tuple[str, str], str]


def read_values(
    accepted: Accepted, run: PublishedRun, rulebook: Rulebook, rules: Sequence[Rule], units: Iterable[str]
) -> Values:
    """Read what the registry says about some households, as the rules see it on the day of the run.

    Each value is a JSON object: ``rows``, how many rows of the household the rule could be about, and ``about``, those
    that it is about, each with ``who`` (the person's masked name and relation; empty where it is about the household)
    and ``facts``. Personal columns are never among the facts.

    Args:
        accepted: the registry, taken in.
        run: the run that the sample was drawn from.
        rulebook: its rules and parameters.
        rules: those that are asked about.
        units: the households.
    """
    con = accepted.con
    # DuckDB computes what stands in two columns once, ahead of both, and so outside of their TRY.
    con.execute("SET disabled_optimizers = 'common_subexpressions'")
    plan = ask(accepted, rules, rulebook.parameters, run.as_of, run.year).plan
    con.execute("CREATE OR REPLACE TEMP TABLE asked_units AS SELECT unnest(?::VARCHAR[]) AS unit", [sorted(set(units))])
    people = _people(con)
    found: dict[tuple[str, str], str] = {}
    for prepared in plan.prepared:
        try:
            rows = con.execute(_rows_sql(prepared)).fetchall()
        except duckdb.Error as error:
            if lacks_room(error):
                raise
            continue  # a rule that fails says nothing about anybody; the run told so
        by_unit: dict[str, list[tuple[str | None, int, str]]] = defaultdict(list)
        for unit, person, outcome, facts in rows:
            if unit is not None:
                by_unit[unit].append((person, outcome, facts))
        everybody = con.execute("SELECT unit FROM asked_units ORDER BY unit").fetchall()
        found |= {(unit, prepared.rule.id): _value(by_unit[unit], people) for (unit,) in everybody}
    return found


def _rows_sql(prepared: Prepared) -> str:
    """SQL for the facts of the rows that a rule could be about; a household is told of whether it is or not."""
    facts = " || ', ' || ".join(f"'\"{fact.name}\": ' || {json_value_sql(fact)}" for fact in prepared.rule.evidence)
    always = "true" if prepared.rule.subject.name == "household" else "false"
    outcome = outcome_sql(prepared, careful=True)
    told = f"CASE WHEN {always} AND o = {Code.NOT_APPLICABLE} THEN {Code.CLEAR} ELSE o END"
    return (
        f"SELECT household_id, person_id, {told}, facts FROM (SELECT household_id, person_id, subject_id, "
        f"{outcome} AS o, '{{' || {facts} || '}}' AS facts FROM {facts_table(prepared.rule.subject.name)} "
        f"SEMI JOIN asked_units ON household_id = unit) WHERE o <> {Code.NOT_COUNTED} ORDER BY household_id, subject_id"
    )


def _people(con: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """The persons of the households: masked name and relation to the head."""
    rows = con.execute(
        "SELECT person_id, name, relation FROM persons SEMI JOIN asked_units ON household_id = unit"
    ).fetchall()
    named = ((person, mask(name, Personal.NAME), relation) for person, name, relation in rows)
    return {person: f"{name} {relation}" if relation else name for person, name, relation in named}


def _value(rows: Sequence[tuple[str | None, int, str]], people: Mapping[str, str]) -> str:
    about = [
        {"who": people.get(person or "", ""), "facts": json.loads(facts, parse_float=str)}
        for person, outcome, facts in rows
        if outcome != Code.NOT_APPLICABLE
    ]
    return json.dumps({"rows": len(rows), "about": about}, ensure_ascii=False)
