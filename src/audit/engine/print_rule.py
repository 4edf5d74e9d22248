"""Prints the SQL of one rule, so that anyone can run and argue with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import sqlglot

from audit.engine.statements import Code, Prepared, facts_table, findings_sql, outcome_sql, prepare
from audit.engine.values_in_force import InForce, all_in_force, built_in
from audit.rulebook.policy import Rule, Rulebook


def rule_sql(
    rule: Rule,
    rulebook: Rulebook,
    as_of: date,
    year: int,
    *,
    findings: bool = True,
    in_force: Mapping[str, InForce] | None = None,
) -> str:
    """The SQL that counts one rule and, unless it is an indicator, the SQL that gives its findings.

    Args:
        rule: the rule.
        rulebook: whose parameters it names.
        as_of: the day of the audit.
        year: the audit year.
        findings: whether to print the second as well, which is long: it writes the evidence and the sentences.
        in_force: the parameters' values in that year, if they are known already.
    """
    in_force = all_in_force(rulebook.parameters, year) if in_force is None else in_force
    values = {**{name: one.sql for name, one in in_force.items()}, **built_in(as_of, year)}
    prepared = prepare(rule, values, in_force)
    parts = [f"-- {rule.id} {rule.title}: counts by area", _pretty(_counts(prepared))]
    if findings and not rule.indicator:
        parts += [f"-- {rule.id} {rule.title}: findings", _pretty(findings_sql(prepared, as_of.isoformat()))]
    return "\n".join(parts)


def _counts(prepared: Prepared) -> str:
    names = {Code.FLAGGED: "flagged", Code.CLEAR: "clear", Code.NOT_APPLICABLE: "not_applicable"}
    counts = [f"count(*) FILTER (outcome = {code}) AS {name}" for code, name in names.items()]
    counts.insert(2, f"count(*) FILTER (outcome IN ({Code.INSIDE}, {Code.ABOUT})) AS undecided")
    facts = facts_table(prepared.rule.subject.name)
    return (
        f"SELECT area_code, {', '.join(counts)} "
        f"FROM (SELECT area_code, {outcome_sql(prepared)} AS outcome FROM {facts}) GROUP BY area_code"
    )


@lru_cache(maxsize=1024)
def _pretty(sql: str) -> str:
    return sqlglot.transpile(sql, read="duckdb", write="duckdb", pretty=True)[0] + ";"
