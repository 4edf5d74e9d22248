"""Decides rules on facts that have been made: every rule bound alone, then all rules of a subject in one pass."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Literal

import duckdb

from audit.engine.at_once import AtOnce
from audit.engine.plan import Plan
from audit.engine.statements import (
    Prepared,
    bind_sql,
    combined_sql,
    counts_sql,
    facts_table,
    flagged_sql,
    flagged_table,
    outcomes_sql,
    outcomes_table,
)
from audit.errors import AuditError
from audit.memory import lacks_room
from audit.rulebook.policy import Rule
from audit.subjects import SUBJECTS

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


#: The rules that could be decided, the ids of those that need care, and what became of the others.
_Decided = tuple[list[Prepared], Set[str], list[RuleStatus]]


def drop_facts(con: duckdb.DuckDBPyConnection) -> None:
    """Let go of what only rules and findings read: all facts but those of households, and all outcomes."""
    for name in SUBJECTS:
        tables = [outcomes_table(name), flagged_table(name), *([facts_table(name)] if name != "household" else [])]
        for table in tables:
            con.execute(f"DROP TABLE IF EXISTS {table}")


def evaluate(con: duckdb.DuckDBPyConnection, plan: Plan, at_once: AtOnce | None = None) -> Evaluation:
    """Decide all rules of the plan, subject by subject, in one pass over the subject's facts.

    Afterwards ``rule_counts`` has one row per rule and area code, and the flagged table of each subject the facts of
    the subjects that have a finding. A rule whose SQL fails is broken alone; the others are evaluated as if it were
    not there. A row whose numbers are too large to be compared is undecided.
    What an earlier policy left in these tables is replaced.

    Args:
        con: the database with the facts.
        plan: the rules.
        at_once: if no facts have been made, who makes them for each subject in turn; outcomes and facts stay only of
            subjects that some rule flags then.
    """
    statuses = [RuleStatus(one.rule, "not_evaluated", one.reason) for one in plan.left_out]
    con.execute(f"CREATE OR REPLACE TABLE rule_counts ({_COUNTS})")
    evaluated: list[Evaluated] = []
    for subject in SUBJECTS:
        own = [prepared for prepared in plan.prepared if prepared.rule.subject.name == subject]
        if own and at_once:
            at_once.lay_out(subject, own)
        bound, broken = _bind(con, own)
        statuses += broken
        if not bound:
            continue
        kept, careful, broken = _decide_at_once(at_once, subject, bound) or _decide(con, subject, bound)
        statuses += broken + [RuleStatus(prepared.rule, "evaluated") for prepared in kept]
        evaluated += [Evaluated(one, place, one.rule.id in careful) for place, one in enumerate(kept)]
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


def _decide_at_once(at_once: AtOnce | None, subject: str, rules: Sequence[Prepared]) -> _Decided | None:
    """Decide and count all rules while their facts are made; None if they have to be decided on facts that stay."""
    if at_once is None:
        return None
    try:
        at_once.decide(subject, rules)
    except duckdb.Error as error:
        if lacks_room(error):
            raise
        at_once.keep(subject)
        return None
    return list(rules), frozenset(), []


def _decide(con: duckdb.DuckDBPyConnection, subject: str, rules: Sequence[Prepared]) -> _Decided:
    """Make the outcomes of all rules and count them; if that fails, find out which need care and which are broken."""
    if not _try(con, _outcomes(subject, rules, frozenset())):
        _count(con, subject, rules)
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
    if kept:
        _count(con, subject, kept)
    return kept, careful, statuses


def _outcomes(subject: str, rules: Sequence[Prepared], careful: Set[str]) -> str:
    return f"CREATE OR REPLACE TABLE {outcomes_table(subject)} AS {outcomes_sql(subject, rules, careful)}"


def _count(con: duckdb.DuckDBPyConnection, subject: str, rules: Sequence[Prepared]) -> None:
    con.execute(f"CREATE TEMP TABLE combined AS {combined_sql(outcomes_table(subject), rules)}")
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
