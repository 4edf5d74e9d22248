"""Runs the cases of a rule: each is one row of facts, and the rule must say what the case says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import duckdb

from audit.contract.normalise import quote
from audit.engine.exact import sides_sql
from audit.engine.statements import Code, facts_table, outcome_sql, prepare
from audit.engine.values_in_force import all_in_force, built_in, literal_sql
from audit.errors import AuditError
from audit.rulebook.policy import Case, Outcome, Rule, Rulebook
from audit.subjects import Fact, Kind, Subject
from audit.subjects.asked import fact_names

#: The day of the audit in every case that doesn't say otherwise.
CASE_DAY = date(2024, 12, 31)
_OUTCOMES = {
    Code.FLAGGED: Outcome.FLAGGED,
    Code.CLEAR: Outcome.CLEAR,
    Code.INSIDE: Outcome.UNDECIDED,
    Code.ABOUT: Outcome.UNDECIDED,
    Code.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
    Code.NOT_COUNTED: Outcome.NOT_COUNTED,
}
#: As the facts of a registry are stored, so that a case meets the same limits.
_SQL_TYPES = {
    Kind.BOOL: "BOOLEAN",
    Kind.INT: "BIGINT",
    Kind.MONEY: "DECIMAL(18,6)",
    Kind.NUMBER: "DECIMAL(18,10)",
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.DATE: "DATE",
}
_PAIRS = {Kind.QUOTIENT: ("DECIMAL(20,6)", "INTEGER"), Kind.RANGE: ("BIGINT", "BIGINT")}


def run_cases(rulebook: Rulebook, rules: tuple[Rule, ...] | None = None) -> list[AuditError]:
    """Run all cases of some rules, by default of all; gives what is wrong, nothing if all is right.

    Every ``< <= > >=`` of a rule must have a case in which both sides are equal: its boundary.
    """
    with duckdb.connect() as con:
        return [mistake for rule in rules or rulebook.rules for mistake in _run(con, rulebook, rule)]


def _run(con: duckdb.DuckDBPyConnection, rulebook: Rulebook, rule: Rule) -> list[AuditError]:
    mistakes: list[AuditError] = []
    comparisons = [*rule.population.comparisons(), *rule.flag.comparisons()]
    met: set[int] = set()
    for case in rule.cases:
        try:
            row = facts_row_sql(rule.subject, case.given)
        except CaseValueError as error:
            mistakes.append(AuditError("rulebook.case_value", file=rule.file, line=case.line, **error.values))
            continue
        parameters = _parameters(rulebook, case)
        prepared = prepare(rule, parameters)
        sides = [f"coalesce({sides_sql(node, parameters)}, false)" for node in comparisons]
        facts = facts_table(rule.subject.name)
        try:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {facts} AS {row}")
            found = con.execute(f"SELECT {', '.join([outcome_sql(prepared), *sides])} FROM {facts}").fetchall()[0]
        except duckdb.Error as error:  # a date plus a share, an amount of 40 digits
            problem = str(error).partition("\n")[0]
            words = {"about": case.about, "problem": problem}
            mistakes.append(AuditError("writing.case_broken", file=rule.file, line=case.line, **words))
            continue
        outcome = _OUTCOMES[found[0]]
        met |= {place for place, equal in enumerate(found[1:]) if equal}
        if outcome is not case.outcome:
            words = {"about": case.about, "wanted": case.outcome.value, "found": outcome.value}
            mistakes.append(AuditError("rulebook.case_failed", file=rule.file, line=case.line, **words))
    for place, node in enumerate(comparisons):
        if place not in met:
            shown = node.shown()
            line = rule.lines["cases"]
            mistakes.append(AuditError("rulebook.boundary_missing", file=rule.file, line=line, comparison=shown))
    return mistakes


def _parameters(rulebook: Rulebook, case: Case) -> dict[str, str]:
    day = case.given.get("$as_of", CASE_DAY)
    as_of = day if isinstance(day, date) else CASE_DAY
    year = case.given.get("$audit_year", as_of.year)
    in_force = all_in_force(rulebook.parameters, year if isinstance(year, int) else as_of.year)
    values = {**{name: one.sql for name, one in in_force.items()}, **built_in(as_of, as_of.year)}
    for name, value in case.given.items():
        if name.startswith("$") and isinstance(value, int | Decimal | date):
            values[name[1:]] = literal_sql(value)
    return values


class CaseValueError(Exception):
    """A case gives a fact a value of the wrong kind."""

    def __init__(self, name: str, value: object, kind: Kind) -> None:
        super().__init__(name)
        self.values = {"name": name, "value": value, "type": kind.value}


def facts_row_sql(subject: Subject, given: Mapping[str, object]) -> str:
    """SQL for one row of a subject's facts; what is not given is NULL."""
    columns = [f"CAST(NULL AS VARCHAR) AS {name}" for name in ("subject_id", "household_id", "person_id", "area_code")]
    for fact in subject.facts.values():
        columns += _columns(fact, given.get(fact.name))
    return f"SELECT {', '.join(columns)}"


def _columns(fact: Fact, value: object) -> list[str]:
    cells = fact_cells(fact, value)
    types = fact_columns(fact).items()
    return [f"CAST({cell} AS {kind}) AS {name}" for cell, (name, kind) in zip(cells, types, strict=True)]


def fact_columns(fact: Fact) -> dict[str, str]:
    """The columns in which a fact is kept, each with its SQL type."""
    types = _PAIRS.get(fact.kind) or (_SQL_TYPES[fact.kind],)
    return dict(zip(fact_names(fact), types, strict=True))


def fact_cells(fact: Fact, value: object) -> tuple[str, ...]:
    """SQL for a fact's value as rule files write it, one literal per column; None is unknown.

    Raises:
        CaseValueError: the value is not of the fact's kind.
    """
    if fact.kind is Kind.QUOTIENT:
        over, under = (
            (value.get("n"), value.get("d")) if isinstance(value, dict) else (value, None if value is None else 1)
        )
        return _decimal(fact, over), _decimal(fact, under)
    if fact.kind is Kind.RANGE:
        lo, hi = value if isinstance(value, list) and len(value) == 2 else (value, value)
        return _decimal(fact, lo), _decimal(fact, hi)
    return (_literal(fact, value),)


def _decimal(fact: Fact, value: object) -> str:
    if value is None:
        return "NULL"
    try:
        return format(Decimal(str(value)), "f")
    except InvalidOperation as error:
        raise CaseValueError(fact.name, value, fact.kind) from error


def _literal(fact: Fact, value: object) -> str:
    if value is None:
        return "NULL"
    match fact.kind:
        case Kind.INT | Kind.MONEY | Kind.NUMBER if not isinstance(value, bool):
            return _decimal(fact, value)
        case Kind.BOOL if isinstance(value, bool):
            return str(value).lower()
        case Kind.DATE if isinstance(value, date):
            return literal_sql(value)
        case Kind.TEXT if isinstance(value, str):
            return quote(value)
        case Kind.CODE if isinstance(value, str) and value in fact.codes:
            return quote(value)
    raise CaseValueError(fact.name, value, fact.kind)
