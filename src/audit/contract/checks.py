"""The pandera side of the contract: a parser that gives each cell's value, and the check that it has one."""

from __future__ import annotations

import math

import pandas as pd
import pandera.pandas as pa

from audit.contract.cells import UnreadableError, read_cell
from audit.contract.fields import Field


def _value(cell: object, field: Field) -> object:
    if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return None
    try:
        return read_cell(str(cell), field)
    except UnreadableError as trouble:
        return trouble


def canonical_parser(field: Field) -> pa.Parser:
    """Read the cells of a column: each becomes its value, None for a blank, or the trouble met."""

    def parse(cells: pd.Series) -> pd.Series:
        return pd.Series([_value(cell, field) for cell in cells], index=cells.index, dtype=object)

    return pa.Parser(parse, name="read", title=f"read as {field.type}")


def readable(field: Field) -> pa.Check:
    """Check that no cell of a column was unreadable."""
    return pa.Check(
        lambda value: not isinstance(value, UnreadableError),
        element_wise=True,
        name="readable",
        error=f"readable as {field.type}",
    )
