"""Finds by trying what no reading finds: conditions that always or never hold, parts that change nothing.

Also parameters that nothing names. Whoever writes rules learns of both before the rules are run.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from audit.engine.pools import make_pools
from audit.engine.trial import ROWS, conditions_of, parts_of, trial_sql
from audit.errors import AuditError
from audit.rulebook.expression import TRUE
from audit.rulebook.policy import Outcome, Parameter, Rule, Rulebook
from audit.subjects import SUBJECTS, load_subject


def check_rulebook(rulebook: Rulebook) -> list[AuditError]:
    """Try every rule on many rows of facts; gives what is wrong, nothing if all is right.

    What this reports beside the cases: a condition that is never true, or never false although it is not written
    ``true``; a flag that follows from the population; a part of an ``and`` or ``or`` without which nothing would
    change; a parameter that no rule names.
    """
    with duckdb.connect() as con:
        found = [mistake for rule in rulebook.rules for mistake in _try(con, rule, rulebook.parameters)]
    return found + _unused(rulebook)


def _try(con: duckdb.DuckDBPyConnection, rule: Rule, parameters: Mapping[str, Parameter]) -> list[AuditError]:
    conditions, parts = conditions_of(rule), parts_of(rule)
    try:
        counted = con.execute(trial_sql(rule, make_pools(rule, parameters), parts)).fetchall()[0]
    except duckdb.Error as error:  # a date plus a share
        problem = str(error).partition("\n")[0]
        return [AuditError("writing.broken", file=rule.file, line=rule.lines["flag"], problem=problem)]
    constant = set()
    for place, (key, node) in enumerate(conditions.items()):
        true, false = counted[2 * place : 2 * place + 2]
        if node == TRUE or (true and false):
            continue
        constant.add(key)
        if (Outcome.CLEAR if true else Outcome.FLAGGED) not in (rule.never if key == "flag" else ()):
            # What follows is asked only where this condition holds: nothing more can be said.
            return [_told(rule, key, "always" if true else "never", rule.texts[key])]
    return [
        _told(rule, part.key, "idle", part.node.shown())
        for part, changed in zip(parts, counted[2 * len(conditions) :], strict=True)
        if not changed and part.key not in constant
    ]


def _told(rule: Rule, key: str, what: str, text: str) -> AuditError:
    name = f"writing.{what}" if what == "idle" else f"writing.{key}_{what}"
    return AuditError(name, file=rule.file, line=rule.lines[key], key=key, text=text, rows=ROWS)


def _unused(rulebook: Rulebook) -> list[AuditError]:
    """Parameters that no rule and no fact names."""
    named = {name for rule in rulebook.rules for name in rule.parameters}
    named |= {name for subject in SUBJECTS for fact in load_subject(subject).facts.values() for name in fact.parameters}
    return [
        AuditError("writing.unused_parameter", file=parameter.file, line=parameter.line, name=name)
        for name, parameter in rulebook.parameters.items()
        if name not in named
    ]
