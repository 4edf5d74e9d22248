"""Which rules an audit can evaluate with the columns and the policy it has, and why not the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from audit.engine.statements import Prepared, prepare
from audit.engine.values_in_force import InForce, built_in
from audit.errors import AuditError
from audit.rulebook.policy import Rule


@dataclass(frozen=True)
class NotEvaluated:
    """A rule that is left out of a run, with the reason."""

    rule: Rule
    reason: AuditError


@dataclass(frozen=True)
class Plan:
    """What will be evaluated and what will not."""

    prepared: tuple[Prepared, ...]
    left_out: tuple[NotEvaluated, ...]


def make_plan(
    rules: Sequence[Rule], in_force: Mapping[str, InForce], present: Set[str], as_of: date, year: int
) -> Plan:
    """Decide for each rule whether it can be evaluated.

    Args:
        rules: all rules.
        in_force: the parameters' values for the year.
        present: the columns that the registry has, as ``table.column``.
        as_of: the day of the audit.
        year: the audit year.
    """
    tables = {column.partition(".")[0] for column in present}
    values = {**{name: one.sql for name, one in in_force.items()}, **built_in(as_of, year)}
    prepared: list[Prepared] = []
    left_out: list[NotEvaluated] = []
    for rule in rules:
        missing = sorted({column for fact in rule.deciding for column in fact.needs.missing(present)})
        absent = sorted({column.partition(".")[0] for column in missing} - tables)
        own = [in_force[name] for name in rule.parameters if name in in_force]
        unusable = [one.parameter.name for one in own if not one.usable]
        if absent:
            reason = AuditError("engine.needs_tables", tables=", ".join(absent))
        elif missing:
            reason = AuditError("engine.needs_columns", columns=", ".join(missing))
        elif unusable:
            reason = AuditError("engine.no_value", name=", ".join(unusable), day=f"{year}-12-31")
        else:
            prepared.append(prepare(rule, values, in_force))
            continue
        left_out.append(NotEvaluated(rule, reason))
    return Plan(tuple(prepared), tuple(left_out))
