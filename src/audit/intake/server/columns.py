"""How a server's columns are read: each type as SQL for the server and as the DuckDB type it arrives in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.contract.normalise import name

_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")
_MOST_DIGITS = 38
_WHOLE = frozenset({"smallint", "integer", "bigint"})
_IN_THEIR_OWN_ORDER = frozenset({*_WHOLE, "numeric", "real", "double precision", "date", "boolean"})
#: Types that hold no text and no number: pictures, fingerprints, attachments.
_NOT_READ = frozenset({"bytea"})


@dataclass(frozen=True)
class ServerColumn:
    """One column of a table or view.

    Attributes:
        name: as the database calls it.
        kind: its type in the database's words, such as ``numeric(12,2)``.
        comment: what the database's owner wrote about it.
        key: its place in the primary key, from 1; 0 if it is no part of it.
    """

    name: str
    kind: str
    comment: str
    key: int

    @property
    def readable(self) -> bool:
        """Whether values of its type can be read."""
        return self.kind not in _NOT_READ

    @property
    def sql(self) -> str:
        """SQL for a value as it is sent: always text that says the value exactly."""
        column = name(self.name)
        if self.kind.endswith("[]"):
            return f"array_to_string({column}, ',')"
        if self.kind.startswith("timestamp"):
            return f"{column}::date::text"
        if self.kind == "money":
            return f"{column}::numeric::text"
        return f"{column}::text"

    @property
    def order(self) -> str:
        """SQL that sorts by it alike on every server, whatever language its texts are sorted in."""
        kind = self.kind.partition("(")[0]
        return name(self.name) if kind in _IN_THEIR_OWN_ORDER else f'({name(self.name)}::text) COLLATE "C"'

    @property
    def type(self) -> str:
        """The DuckDB type that holds its values exactly; text where none does."""
        if self.kind in _WHOLE:
            return "BIGINT"
        if self.kind == "boolean":
            return "BOOLEAN"
        if self.kind == "date" or self.kind.startswith("timestamp"):
            return "DATE"
        if (numeric := _NUMERIC.fullmatch(self.kind)) and int(numeric[2]) <= int(numeric[1]) <= _MOST_DIGITS:
            return f"DECIMAL({numeric[1]},{numeric[2]})"
        return "VARCHAR"


def copy_sql(schema: str, table: str, columns: list[ServerColumn]) -> str:
    """SQL with which the server sends a table as CSV: in the order of its primary key, else of all its columns."""
    key = sorted((column for column in columns if column.key), key=lambda column: column.key)
    order = ", ".join(column.order for column in key or columns)
    cells = ", ".join(column.sql for column in columns)
    return f"COPY (SELECT {cells} FROM {name(schema)}.{name(table)} ORDER BY {order}) TO STDOUT (FORMAT csv)"
