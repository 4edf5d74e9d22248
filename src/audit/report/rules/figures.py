"""What rule pages show of the subjects themselves: taken from their facts while these are still there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from audit.engine.run import Evaluated, Evaluation
from audit.engine.statements import Code, facts_table, with_outcome_sql
from audit.engine.values import shown_value_sql
from audit.language import Language
from audit.report.rules.distribution import Distribution, distribution
from audit.subjects import Fact

#: So many undecided subjects are listed on a rule's page.
UNDECIDED_SHOWN = 100


@dataclass(frozen=True)
class UndecidedRow:
    """A subject about which a rule can't decide.

    Attributes:
        subject_id: the subject.
        area_code: where it is, if that is known.
        facts: the facts that decide, as people read them, in the order of ``deciding``.
        file, sheet, row: where it stands.
    """

    subject_id: str
    area_code: str | None
    facts: tuple[str, ...]
    file: str
    sheet: str
    row: int | None


@dataclass(frozen=True)
class RuleFigures:
    """What a rule's page shows of its subjects.

    Attributes:
        distribution: of the number that the rule measures, if it measures one.
        deciding: the facts that the undecided are listed with.
        undecided: the first of them, in the order of their ids.
    """

    distribution: Distribution | None = None
    deciding: tuple[Fact, ...] = ()
    undecided: tuple[UndecidedRow, ...] = ()


def rule_figures(con: duckdb.DuckDBPyConnection, evaluation: Evaluation, lang: Language) -> Mapping[str, RuleFigures]:
    """Take from the facts what the pages of the evaluated rules show; by rule id."""
    undecided = dict(
        con.execute("SELECT rule_id, undecided FROM rates WHERE area_level = 'all' AND undecided > 0").fetchall()
    )
    figures = {}
    for one in evaluation.evaluated:
        rule = one.prepared.rule
        listed = _undecided(con, one, lang) if rule.id in undecided else ()
        figures[rule.id] = RuleFigures(distribution(con, one), rule.deciding, listed)
    con.execute("DROP TABLE IF EXISTS measured")
    return figures


def _undecided(con: duckdb.DuckDBPyConnection, one: Evaluated, lang: Language) -> tuple[UndecidedRow, ...]:
    rule = one.prepared.rule
    subject = rule.subject.name
    shown = "".join(f", {shown_value_sql(fact, lang)}" for fact in rule.deciding)
    first = con.execute(
        f"SELECT row_no FROM {with_outcome_sql(one.prepared, one.place, careful=one.careful)} "
        f"WHERE code IN ({int(Code.INSIDE)}, {int(Code.ABOUT)}) ORDER BY subject_id LIMIT {UNDECIDED_SHOWN}"
    ).fetchall()
    # Rows asked for by their numbers are read alone, whatever the size of the table.
    numbers = ", ".join(str(row_no) for (row_no,) in first)
    rows = con.execute(
        f"SELECT f.subject_id, f.area_code, s.file, s.sheet, f.source_row{shown} "
        f"FROM (SELECT * FROM {facts_table(subject)} WHERE rowid IN ({numbers})) AS f "
        "LEFT JOIN source_files AS s ON s.no = f.source_no ORDER BY f.subject_id"
    ).fetchall()
    return tuple(
        UndecidedRow(str(row[0]), row[1], tuple(map(str, row[5:])), row[2] or "", row[3] or "", row[4]) for row in rows
    )
