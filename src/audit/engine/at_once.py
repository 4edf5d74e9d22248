"""Decides rules while their facts are made, for whoever asks only once: of the facts only those of findings stay.

One pass per subject counts the outcomes by place and gathers the facts of flagged subjects; no table of all facts is
written. A nightly audit reads facts again for its pages, and makes such tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import duckdb

from audit.engine.facts import make_shared_tables, make_table, place_facts, select_facts_sql
from audit.engine.statements import (
    Prepared,
    at_once_sql,
    counts_sql,
    facts_table,
    findings_mask_sql,
    flagged_table,
    gathered_sql,
    outcomes_table,
)
from audit.engine.values_in_force import InForce
from audit.subjects.asked import asked_columns


class AtOnce:
    """The facts of a registry that lies ready, subject by subject, each made when its rules are decided.

    Args:
        con: the database with the accepted tables.
        as_of: the day of the audit.
        year: the audit year.
        in_force: the parameters' values, for facts that count by one.
        parts: in how many parts households are decided: each needs that much less memory.
        on_subject: called with the name of each subject.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        as_of: date,
        year: int,
        in_force: Mapping[str, InForce],
        parts: int = 1,
        on_subject: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._con, self._in_force, self._parts, self._on_subject = con, in_force, parts, on_subject
        self._columns: Mapping[str, frozenset[str]] = {}
        self._kept: set[str] = set()
        self._shared: set[str] = set()
        place_facts(con, as_of, year)

    def lay_out(self, subject: str, rules: Sequence[Prepared]) -> None:
        """Make views of the facts that a subject's rules ask for, and of those they are made from."""
        self._on_subject(subject)
        self._columns = asked_columns({subject: [fact for one in rules for fact in one.rule.facts]})
        for name in self._columns:
            if name in self._kept:  # its own rules are decided; no view can replace a table
                self._con.execute(f"DROP TABLE {facts_table(name)}")
                self._kept.remove(name)
            select = self._select(name)
            make_shared_tables(self._con, select, self._shared)
            self._con.execute(f"CREATE OR REPLACE VIEW {facts_table(name)} AS {select}")

    def decide(self, subject: str, rules: Sequence[Prepared]) -> None:
        """Decide and count the rules of the subject that was laid out last.

        Afterwards its outcomes and its flagged table have the subjects that some rule flags, with their facts.

        Raises:
            duckdb.Error: some row's numbers are too large to be compared, or a rule is broken.
        """
        sql = at_once_sql(rules, self._select(subject), self._columns[subject])
        make_table(self._con, "combined", subject, sql, self._parts)
        outcomes = outcomes_table(subject)
        self._con.execute(f"CREATE OR REPLACE TABLE {outcomes} AS {gathered_sql('combined', rules)}")
        flagged = f"SELECT * FROM {outcomes} WHERE {findings_mask_sql(rules)}"
        self._con.execute(f"CREATE OR REPLACE VIEW {flagged_table(subject)} AS {flagged}")
        self._con.execute(f"INSERT INTO rule_counts {counts_sql('combined', rules)}")
        self._con.execute("DROP TABLE combined")

    def keep(self, subject: str) -> None:
        """Make a table of the facts of the subject that was laid out last: rules that need care read them again."""
        self._con.execute(f"DROP VIEW {facts_table(subject)}")
        make_table(self._con, facts_table(subject), subject, self._select(subject), self._parts)
        self._kept.add(subject)

    def _select(self, subject: str) -> str:
        return select_facts_sql(subject, self._columns[subject], self._in_force)
