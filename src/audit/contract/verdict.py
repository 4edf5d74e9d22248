"""What pandera itself says about a frame of text cells: used for hand-edited workbooks and to test the SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd
from pandera.errors import SchemaErrors

from audit.contract.cells import UnreadableError
from audit.contract.declare import Table
from audit.contract.schema import schema_of


@dataclass(frozen=True)
class Verdict:
    """Pandera's answer for a frame.

    Attributes:
        faults: (row, column, reason) of every cell that can't be read, or is missing though it is required;
            rows are places in the frame, from 0.
        refused: rows that can't be accepted: a required cell is bad, or an identifier has lost digits.
        repeated: rows whose key an earlier accepted row has.
        values: the cells as read; None where blank or unreadable.
    """

    faults: frozenset[tuple[int, str, str]]
    refused: frozenset[int]
    repeated: frozenset[int]
    values: pd.DataFrame


def judge(frame: pd.DataFrame, table: Table) -> Verdict:
    """Hold a frame of text cells against a table of the contract with pandera.

    Args:
        frame: one row per row, columns by canonical name, cells text or None.
        table: the table.
    """
    frame = frame.reset_index(drop=True)
    parsed, failures = _validate(frame, table)
    faults = set()
    for column, row in failures[failures["schema_context"] == "Column"][["column", "index"]].itertuples(index=False):
        cell = parsed.at[int(row), str(column)]
        faults.add((int(row), str(column), cell.reason if isinstance(cell, UnreadableError) else "missing"))
    refused = {row for row, column, reason in faults if table.by_name[column].required or reason == "excel_number"}
    values = pd.DataFrame(
        {str(name): pd.Series([_known(cell) for cell in cells], dtype=object) for name, cells in parsed.items()}
    )
    # Keys are compared as read, not as spelled: pandera compares whole rows before it reads the cells.
    standing = frame.assign(**{key: [str(cell) for cell in values[key]] for key in table.key}).drop(
        index=sorted(refused)
    )
    _, again = _validate(standing, table)
    repeated = {int(row) for row in again[again["schema_context"] == "DataFrameSchema"]["index"]}
    return Verdict(frozenset(faults), frozenset(refused), frozenset(repeated), values)


def _known(cell: object) -> object:
    return None if isinstance(cell, UnreadableError) else cell


def _validate(frame: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frame with each cell read, and pandera's failure cases."""
    try:
        parsed = schema_of(table.name).validate(frame, lazy=True)
    except SchemaErrors as found:
        return cast("pd.DataFrame", found.data), found.failure_cases
    return parsed, pd.DataFrame({"schema_context": [], "column": [], "index": []})
