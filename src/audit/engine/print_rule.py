"""Prints the SQL of one rule, so that anyone can run and argue with it."""

from __future__ import annotations

from datetime import date

import sqlglot

from audit.engine.statements import counts_sql, findings_sql, prepare
from audit.engine.values_in_force import all_in_force, built_in
from audit.rulebook.policy import Rule, Rulebook


def rule_sql(rule: Rule, rulebook: Rulebook, as_of: date, year: int) -> str:
    """The SQL that counts one rule and, unless it is an indicator, the SQL that gives its findings."""
    in_force = all_in_force(rulebook.parameters, year)
    values = {**{name: one.sql for name, one in in_force.items()}, **built_in(as_of, year)}
    available = [in_force[name].available for name in rule.parameters if name in in_force]
    prepared = prepare(rule, values, available)
    parts = [f"-- {rule.id} {rule.title}: counts by area", _pretty(counts_sql(rule.subject.name, [prepared]))]
    if not rule.indicator:
        parts += [f"-- {rule.id} {rule.title}: findings", _pretty(findings_sql(prepared, as_of.isoformat()))]
    return "\n".join(parts)


def _pretty(sql: str) -> str:
    return sqlglot.transpile(sql, read="duckdb", write="duckdb", pretty=True)[0] + ";"
