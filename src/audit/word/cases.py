"""Chooses typical cases: of each section the worst findings of households, told as sentences with people masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from audit.contract.normalise import quote

#: So many cases of each section, each of another rule.
PER_SECTION = 2


@dataclass(frozen=True)
class CaseRow:
    """A finding that stands for others."""

    rule_id: str
    village: str
    head: str
    household_id: str
    message: str
    file: str
    sheet: str
    row: int


def case_rows(
    con: duckdb.DuckDBPyConnection, sections: Mapping[str, Sequence[str]], message: str
) -> dict[str, tuple[CaseRow, ...]]:
    """Cases by section: high before medium before low, then households with more findings, then by number.

    Args:
        con: the run's database.
        sections: the ids of the rules of each section.
        message: ``message`` or ``message_en``.
    """
    found: dict[str, tuple[CaseRow, ...]] = {}
    for section, rules in sections.items():
        listed = ", ".join(map(quote, rules)) or "NULL"
        rows = con.execute(f"""
            WITH ranked AS (
                SELECT f.*, CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END AS rank,
                    count(*) OVER (PARTITION BY household_id) AS together
                FROM findings AS f WHERE NOT set_apart
            ),
            best AS (
                SELECT *, row_number() OVER (PARTITION BY rule_id ORDER BY together DESC, household_id, subject_id)
                    AS place
                FROM ranked WHERE household_id IS NOT NULL AND rule_id IN ({listed})
            )
            SELECT b.rule_id, coalesce(h.village_name, ''), coalesce(h.head_name, ''), b.household_id, b.{message},
                coalesce(b.source_file, ''), coalesce(b.source_sheet, ''), b.source_row
            FROM best AS b LEFT JOIN households AS h ON h.household_id = b.household_id
            WHERE b.place = 1 ORDER BY b.rank, b.together DESC, b.rule_id LIMIT {PER_SECTION}
        """).fetchall()
        found[section] = tuple(CaseRow(*row) for row in rows)
    return found
