"""Runs the statements: facts once per subject, every rule bound alone, then all rules of a subject in one pass."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from audit.contract.normalise import quote
from audit.engine.parted import make_in_parts
from audit.engine.plan import Plan
from audit.engine.statements import (
    Prepared,
    bind_sql,
    combined_sql,
    counts_sql,
    facts_sql,
    facts_table,
    flagged_sql,
    flagged_table,
    outcomes_sql,
    outcomes_table,
)
from audit.engine.values_in_force import InForce
from audit.errors import AuditError
from audit.memory import lacks_room
from audit.rulebook.policy import Rule
from audit.subjects import SUBJECTS, shared_sql
from audit.subjects.asked import select_sql, tables_read

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
class Evaluated:
    """A rule that was evaluated, with its place among the outcomes of its subject.

    Attributes:
        prepared: the rule.
        place: its place.
        careful: whether the numbers of some row were too large to be compared.
    """

    prepared: Prepared
    place: int
    careful: bool = False


@dataclass(frozen=True)
class Evaluation:
    """The rules that were evaluated, ready to give their findings, and what became of all of them."""

    evaluated: tuple[Evaluated, ...]
    statuses: tuple[RuleStatus, ...]


def make_facts(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    year: int,
    in_force: Mapping[str, InForce],
    columns: Mapping[str, Collection[str]],
    on_subject: Callable[[str], None] = lambda _: None,
    spent: Collection[str] = (),
    parts: int = 1,
) -> None:
    """Make the facts asked for, each once; afterwards ``household_facts`` and so on are tables of ``con``.

    Args:
        con: the database with the accepted tables.
        as_of: the day of the audit.
        year: the audit year.
        in_force: the parameters' values, for facts that count by one.
        columns: of each subject to make, the columns of its facts.
        on_subject: called with the name of each subject.
        spent: accepted tables that nobody reads afterwards: each is dropped as soon as no further subject needs it.
        parts: in how many parts the facts of households are made: each needs that much less memory.
    """
    con.execute(f"SET VARIABLE as_of = DATE {quote(as_of.isoformat())}")
    con.execute(f"SET VARIABLE as_of_digits = {as_of:%Y%m%d}")
    con.execute(f"SET VARIABLE audit_year = {year}")
    con.execute(shared_sql())
    reads = {name: tables_read(name, columns[name], spent) for name in columns}
    left = set(spent)
    for name in SUBJECTS:
        later = {table for subject, tables in reads.items() for table in tables}
        for table in sorted(left - later):
            con.execute(f"DROP TABLE {table}")
        left &= later
        if name not in columns:
            con.execute(f"DROP TABLE IF EXISTS {facts_table(name)}")
            continue
        on_subject(name)
        select = facts_sql(select_sql(name, columns[name]), in_force)
        if name == "household" and parts > 1:
            make_in_parts(con, facts_table(name), select, parts)
        else:
            con.execute(f"CREATE OR REPLACE TABLE {facts_table(name)} AS {select}")
        del reads[name]
    for table in sorted(left):
        con.execute(f"DROP TABLE {table}")


def drop_facts(con: duckdb.DuckDBPyConnection) -> None:
    """Let go of what only rules and findings read: all facts but those of households, and all outcomes."""
    for name in SUBJECTS:
        tables = [outcomes_table(name), flagged_table(name), *([facts_table(name)] if name != "household" else [])]
        for table in tables:
            con.execute(f"DROP TABLE IF EXISTS {table}")


def evaluate(con: duckdb.DuckDBPyConnection, plan: Plan) -> Evaluation:
    """Decide all rules of the plan, subject by subject, in one pass over the subject's facts.

    Afterwards ``rule_counts`` has one row per rule and area code, and the flagged table of each subject the facts of
    the subjects that have a finding. A rule whose SQL fails is broken alone; the others are evaluated as if it were
    not there. A row whose numbers are too large to be compared is undecided.
    What an earlier policy left in these tables is replaced.
    """
    statuses = [RuleStatus(one.rule, "not_evaluated", one.reason) for one in plan.left_out]
    con.execute(f"CREATE OR REPLACE TABLE rule_counts ({_COUNTS})")
    evaluated: list[Evaluated] = []
    for subject in SUBJECTS:
        own = [prepared for prepared in plan.prepared if prepared.rule.subject.name == subject]
        bound, broken = _bind(con, own)
        statuses += broken
        if not bound:
            continue
        kept, careful, broken = _decide(con, subject, bound)
        statuses += broken + [RuleStatus(prepared.rule, "evaluated") for prepared in kept]
        evaluated += [Evaluated(one, place, one.rule.id in careful) for place, one in enumerate(kept)]
        if kept:
            _count(con, subject, kept)
    order = [prepared.rule.id for prepared in plan.prepared] + [one.rule.id for one in plan.left_out]
    statuses.sort(key=lambda one: order.index(one.rule.id))
    return Evaluation(tuple(sorted(evaluated, key=lambda one: one.prepared.rule.id)), tuple(statuses))


def _bind(con: duckdb.DuckDBPyConnection, rules: Sequence[Prepared]) -> tuple[list[Prepared], list[RuleStatus]]:
    """The rules that fit their facts: asked all at once, and one by one only if that fails."""
    if not rules or not _try(con, bind_sql(rules)):
        return list(rules), []
    bound, statuses = [], []
    for prepared in rules:
        if problem := _try(con, bind_sql([prepared])):
            statuses.append(_broken(prepared, problem))
        else:
            bound.append(prepared)
    return bound, statuses


def _decide(
    con: duckdb.DuckDBPyConnection, subject: str, rules: Sequence[Prepared]
) -> tuple[list[Prepared], Set[str], list[RuleStatus]]:
    """Make the outcomes of all rules at once; if that fails, find out which rules need care and which are broken."""
    if not _try(con, _outcomes(subject, rules, frozenset())):
        return list(rules), frozenset(), []
    # DuckDB computes what stands twice in a row only once, ahead of both, and so outside of the TRY around them.
    con.execute("SET disabled_optimizers = 'common_subexpressions'")
    careful: set[str] = set()
    kept, statuses = [], []
    for prepared in rules:
        own = {prepared.rule.id}
        if _try(con, _outcomes(subject, [prepared], frozenset())):
            careful |= own
            if problem := _try(con, _outcomes(subject, [prepared], own)):
                statuses.append(_broken(prepared, problem))
                continue
        kept.append(prepared)
    if kept:
        con.execute(_outcomes(subject, kept, careful))
    con.execute("RESET disabled_optimizers")
    return kept, careful, statuses


def _outcomes(subject: str, rules: Sequence[Prepared], careful: Set[str]) -> str:
    return f"CREATE OR REPLACE TABLE {outcomes_table(subject)} AS {outcomes_sql(subject, rules, careful)}"


def _count(con: duckdb.DuckDBPyConnection, subject: str, rules: Sequence[Prepared]) -> None:
    con.execute(f"CREATE TEMP TABLE combined AS {combined_sql(subject, rules)}")
    con.execute(f"INSERT INTO rule_counts {counts_sql('combined', rules)}")
    con.execute("DROP TABLE combined")
    con.execute(f"CREATE OR REPLACE TABLE {flagged_table(subject)} AS {flagged_sql(subject, rules)}")


def _try(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    try:
        con.execute(sql)
    except duckdb.Error as error:
        if lacks_room(error):
            raise
        return str(error).partition("\n")[0]
    return ""


def _broken(prepared: Prepared, problem: str) -> RuleStatus:
    return RuleStatus(prepared.rule, "broken", AuditError("engine.broken", problem=problem))
