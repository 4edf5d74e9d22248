"""Runs the statements: facts once per subject, every rule bound alone, then all rules of a subject in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from audit.contract.normalise import quote
from audit.engine.plan import Plan
from audit.engine.statements import Prepared, bind_sql, counts_sql, facts_table, long_counts_sql
from audit.errors import AuditError
from audit.rulebook.policy import Rule
from audit.subjects import SUBJECTS, load_subject

Status = Literal["evaluated", "not_evaluated", "broken"]

_COUNTS = (
    "rule_id VARCHAR, area_code VARCHAR, flagged BIGINT, clear BIGINT, undecided_inside BIGINT, "
    "undecided_about BIGINT, not_applicable BIGINT, measure_units HUGEINT, measured BIGINT"
)


@dataclass(frozen=True)
class RuleStatus:
    """What became of a rule in a run: evaluated, or not and why."""

    rule: Rule
    status: Status
    reason: AuditError | None = None


@dataclass(frozen=True)
class Evaluation:
    """The rules that were evaluated, ready to give their findings, and what became of all of them."""

    evaluated: tuple[Prepared, ...]
    statuses: tuple[RuleStatus, ...]


def make_facts(
    con: duckdb.DuckDBPyConnection, as_of: date, year: int, on_subject: Callable[[str], None] = lambda _: None
) -> None:
    """Make the facts of all subjects, each once; afterwards ``household_facts`` and so on are tables of ``con``."""
    con.execute(f"SET VARIABLE as_of = DATE {quote(as_of.isoformat())}")
    con.execute(f"SET VARIABLE as_of_digits = {as_of:%Y%m%d}")
    con.execute(f"SET VARIABLE audit_year = {year}")
    for name in SUBJECTS:
        on_subject(name)
        con.execute(f"CREATE TABLE {facts_table(name)} AS {load_subject(name).sql}")


def evaluate(con: duckdb.DuckDBPyConnection, plan: Plan) -> Evaluation:
    """Count all rules of the plan; afterwards ``rule_counts`` has one row per rule and area code.

    A rule whose SQL fails is broken alone; the others are evaluated as if it were not there.
    """
    statuses = [RuleStatus(one.rule, "not_evaluated", one.reason) for one in plan.left_out]
    con.execute(f"CREATE TABLE rule_counts ({_COUNTS})")
    evaluated: list[Prepared] = []
    for subject in SUBJECTS:
        bound = []
        for prepared in plan.prepared:
            if prepared.rule.subject.name != subject:
                continue
            problem = _try(con, bind_sql(prepared))
            if problem:
                statuses.append(_broken(prepared, problem))
            else:
                bound.append(prepared)
        counted, broken = _count(con, subject, bound)
        evaluated += counted
        statuses += broken + [RuleStatus(prepared.rule, "evaluated") for prepared in counted]
    order = [prepared.rule.id for prepared in plan.prepared] + [one.rule.id for one in plan.left_out]
    counted_rules = {row[0] for row in con.execute("SELECT DISTINCT rule_id FROM rule_counts").fetchall()}
    if con.execute("SELECT count(*) FROM rule_counts").fetchall()[0][0]:
        missed = {prepared.rule.id for prepared in evaluated if _has_subjects(con, prepared)} - counted_rules
        if missed:
            raise AuditError("engine.broken", problem=", ".join(sorted(missed)))
    statuses.sort(key=lambda one: order.index(one.rule.id))
    return Evaluation(tuple(sorted(evaluated, key=lambda one: one.rule.id)), tuple(statuses))


def _has_subjects(con: duckdb.DuckDBPyConnection, prepared: Prepared) -> bool:
    table = facts_table(prepared.rule.subject.name)
    return bool(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _count(
    con: duckdb.DuckDBPyConnection, subject: str, rules: Sequence[Prepared]
) -> tuple[list[Prepared], list[RuleStatus]]:
    """Count rules in one pass; if it fails, find out which one fails alone and leave that one out."""
    if not rules:
        return [], []
    problem = _try_count(con, subject, rules)
    if not problem:
        return list(rules), []
    if len(rules) == 1:
        return [], [_broken(rules[0], problem)]
    good, statuses = [], []
    for prepared in rules:
        alone = _try(con, counts_sql(subject, [prepared]))
        if alone:
            statuses.append(_broken(prepared, alone))
        else:
            good.append(prepared)
    counted, broken = _count(con, subject, good)
    return counted, statuses + broken


def _try_count(con: duckdb.DuckDBPyConnection, subject: str, rules: Sequence[Prepared]) -> str:
    problem = _try(con, f"CREATE OR REPLACE TEMP TABLE wide_counts AS {counts_sql(subject, rules)}")
    if not problem:
        con.execute(f"INSERT INTO rule_counts {long_counts_sql('wide_counts', rules)}")
        con.execute("DROP TABLE wide_counts")
    return problem


def _try(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    try:
        con.execute(sql)
    except duckdb.Error as error:
        return str(error).partition("\n")[0]
    return ""


def _broken(prepared: Prepared, problem: str) -> RuleStatus:
    return RuleStatus(prepared.rule, "broken", AuditError("engine.broken", problem=problem))
