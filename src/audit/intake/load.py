"""Loads a sheet's rows into DuckDB as text: below the header, without blank rows and totals at the bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

import duckdb
import pyarrow as pa

from audit.contract.cells import WHITE_SPACE, fold
from audit.intake.sheets import Row

BATCH = 50_000
TOTALS = ("合计", "总计", "小计", "共计", "累计", "total")
FOOTNOTES = ("填表人", "制表", "审核人", "负责人", "备注:", "注:", "说明:", "填报")


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a row holds nothing but white space."""
    return not any(cell.strip(WHITE_SPACE) for cell in cells)


def data_rows(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows that are data: blank rows are left out, and so are totals and footnotes at the bottom.

    A row that says 合计 but has data below it is a row like any other.
    """
    waiting: list[Row] = []
    for number, cells in rows:
        if is_blank(cells):
            continue
        if _is_total(cells) or (waiting and _is_footnote(cells)):
            waiting.append((number, cells))
            continue
        yield from waiting
        waiting.clear()
        yield number, cells


def _words(cells: Sequence[str]) -> list[str]:
    filled = [fold(cell.strip(WHITE_SPACE)).replace(" ", "").lower() for cell in cells if cell.strip(WHITE_SPACE)]
    return filled[1:] if len(filled) > 1 and filled[0].isdigit() and len(filled[0]) <= 6 else filled


def _is_total(cells: Sequence[str]) -> bool:
    words = _words(cells)
    return bool(words) and words[0].rstrip(":") in TOTALS


def _is_footnote(cells: Sequence[str]) -> bool:
    words = _words(cells)
    return bool(words) and words[0].startswith(FOOTNOTES)


def load_rows(
    con: duckdb.DuckDBPyConnection, table: str, places: Sequence[int], rows: Iterator[Row], width: int
) -> tuple[int, int]:
    """Load rows into a table of text columns c1.. for the places asked for, and ``source_row``.

    Args:
        con: the database.
        table: name of the table to make.
        places: which cells of each row to keep, from 0.
        rows: data rows.
        width: how many headers there are.

    Returns:
        The number of rows, and the number of cells found beyond the last header.
    """
    columns = [f"c{place + 1}" for place in places]
    listed = "".join(f", {column} VARCHAR" for column in columns)
    con.execute(f"CREATE TABLE {table} (source_row BIGINT{listed})")
    schema = pa.schema([("source_row", pa.int64()), *((column, pa.string()) for column in columns)])
    count = beyond = 0
    while batch := list(islice(rows, BATCH)):
        arrays = [pa.array([number for number, _ in batch], pa.int64())]
        for place in places:
            arrays.append(pa.array([_cell(cells, place) for _, cells in batch], pa.string()))
        beyond += sum(1 for _, cells in batch for cell in cells[width:] if cell.strip(WHITE_SPACE))
        arrow = pa.Table.from_arrays(arrays, schema=schema)
        con.register("arriving", arrow)
        con.execute(f"INSERT INTO {table} FROM arriving")
        con.unregister("arriving")
        count += len(batch)
    return count, beyond


def _cell(cells: Sequence[str], place: int) -> str | None:
    return cells[place] if place < len(cells) else None


def peek(rows: Iterator[Row], wanted: int) -> tuple[list[Row], Iterator[Row]]:
    """The first rows that are not blank, and then all rows again, blank ones at the top left out."""
    first: list[Row] = []
    passed: list[Row] = []
    for row in rows:
        if not is_blank(row[1]):
            passed.append(row)
            first.append(row)
            if len(first) == wanted:
                break
    return first, chain(passed, rows)
