"""The pandera side of the contract: a schema per table, made from its declaration.

Each column has a parser that gives each cell's value, and the check that it has one. Only those who hold a frame
against the contract import it: pandera takes most of a second to start.
"""

from __future__ import annotations

import math
from functools import cache

import pandas as pd
import pandera.pandas as pa

from audit.contract.cells import UnreadableError, read_cell
from audit.contract.fields import Field
from audit.contract.tables import TABLES


@cache
def schema_of(table: str) -> pa.DataFrameSchema:
    """The pandera schema of a table's cells as text; its parsers give each cell's canonical spelling."""
    declared = TABLES[table]
    return pa.DataFrameSchema(
        {field.name: _column(field) for field in declared.fields},
        name=declared.name,
        title=declared.title,
        description=declared.title_en,
        unique=list(declared.key),
        report_duplicates="exclude_first",
        strict=False,
    )


def _column(field: Field) -> pa.Column:
    return pa.Column(
        object,
        name=field.name,
        title=field.title,
        description=field.title_en,
        nullable=not field.required,
        parsers=[canonical_parser(field)],
        checks=[readable(field)],
        required=field.required,
        metadata={"field": field},
    )


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
