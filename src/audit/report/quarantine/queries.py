"""The SQL behind the page and the workbook of what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import duckdb

#: Rows set aside as a whole, and cells of rows that were taken in.
Kind = Literal["quarantine", "cell_faults"]
#: So many examples are shown of each reason.
EXAMPLES = 5

#: File, sheet, table, column, reason, how many, and the first of them as (row, value).
Group = tuple[str, str, str, str, str, int, list[tuple[int, str | None]]]
#: File, sheet, table, row, column, value, reason, and the row as read in JSON; without it for a cell.
Fault = tuple[str, str, str, int, str, str | None, str, str | None]


def groups(con: duckdb.DuckDBPyConnection, kind: Kind) -> list[Group]:
    """Of each file, sheet, table, column and reason: how many, with the first of them as examples."""
    rows = con.execute(f"""
        SELECT coalesce(s.file, ''), coalesce(s.sheet, ''), t."table", t."column", t.reason, count(*),
            min_by({{'row': t.source_row, 'value': t.value}}, t.source_row, {EXAMPLES})
        FROM {kind} AS t LEFT JOIN source_files AS s ON s.no = t.source_no
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    """).fetchall()
    return [(*row[:6], [(one["row"], one["value"]) for one in row[6]]) for row in rows]


def faults(con: duckdb.DuckDBPyConnection, kind: Kind, table: str, limit: int) -> Iterator[Fault]:
    """The first rows or cells of one table that could not be read, in the order of files and rows."""
    row = 't."row"' if kind == "quarantine" else "NULL"
    found = con.execute(
        f"SELECT coalesce(s.file, ''), coalesce(s.sheet, ''), t.\"table\", t.source_row, t.\"column\", t.value, "
        f"coalesce(t.reason, ''), {row} FROM {kind} AS t LEFT JOIN source_files AS s ON s.no = t.source_no "
        f'WHERE t."table" = $1 ORDER BY t.source_no, t.source_row, t."column" LIMIT {limit}',
        [table],
    )
    while chunk := found.fetchmany(1000):
        yield from chunk
