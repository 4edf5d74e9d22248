"""Lists the subjects about which one rule can't decide: whom to ask, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.accepted import accepted_registry, ask
from audit.database import Settings
from audit.engine.statements import undecided_sql
from audit.rulebook import Rule, Rulebook


@dataclass(frozen=True)
class Undecided:
    """Subjects about which a rule can't decide.

    Attributes:
        columns: subject, household, area, file, row, then the facts that the rule names.
        rows: the first of them, in the order of their ids.
        count: how many there are in all.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    count: int


def list_undecided(
    data: Path,
    rule: Rule,
    rulebook: Rulebook,
    *,
    as_of: date,
    year: int | None = None,
    source_map: Path | None = None,
    limit: int = 100,
) -> Undecided:
    """List the subjects about which one rule can't decide, with the facts that it names.

    Raises:
        AuditError: the rule can't be evaluated with the columns of this registry, or the data can't be read.
    """
    audit_year = as_of.year if year is None else year
    with accepted_registry(data, source_map, Settings()) as accepted:
        plan = ask(accepted, [rule], rulebook.parameters, as_of, audit_year).plan
        if plan.left_out:
            raise plan.left_out[0].reason
        found = accepted.con.execute(
            "SELECT u.* EXCLUDE (source_no, source_row), s.file AS source_file, u.source_row "
            f"FROM ({undecided_sql(plan.prepared[0])}) AS u LEFT JOIN source_files AS s ON s.no = u.source_no "
            "ORDER BY u.subject_id"
        )
        columns = tuple(str(column[0]) for column in found.description or ())
        rows = found.fetchall()
    return Undecided(columns, tuple(rows[:limit]), len(rows))
