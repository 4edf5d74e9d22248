"""What intake tells the contract: which sheet feeds which table, and where each column comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

Shape = Literal["rows", "one_per", "sum_by"]


@dataclass(frozen=True)
class Source:
    """One sheet of one file, or one table of a database, in reading order.

    Attributes:
        no: its place in the reading order, from 0.
        path: where the file is; None for a table of a database server.
        file: its name relative to the registry, with forward slashes; for a server, the database's address.
        sheet: the sheet's name, empty if there is none.
        relation: what stands after FROM.
        source_row: SQL for the row's number in the sheet or line in the file, the first being 1.
        headers: the relation's columns with the headers as read, in order.
        types: the DuckDB type of each of the relation's columns.
        rows_read: rows below the header that are neither wholly empty nor totals, as the reader counted them.
        blank: SQL that is true for wholly empty rows still in the relation.
        digest: SHA-256 of what was read, where there is no file to take it of.
    """

    no: int
    path: Path | None
    file: str
    sheet: str
    relation: str
    source_row: str
    headers: tuple[tuple[str, str], ...]
    types: Mapping[str, str]
    rows_read: int
    blank: str
    digest: str = ""

    def sha256(self, files: Mapping[Path, str]) -> str:
        """The digest of what it holds, given those of the files."""
        return files[self.path] if self.path else self.digest


@dataclass(frozen=True)
class RawColumn:
    """Where one column of the contract comes from.

    Attributes:
        sql: expression over the relation's columns.
        type: its DuckDB type; VARCHAR means text that is still to be read.
        shown: SQL text of the value as read, for quarantine and cell faults.
        fault: SQL that is true where the value is already known to be unreadable.
        unit: factor to yuan a year.
        percent: whether plain numbers are per cent.
        codes: further spellings with their codes.
    """

    sql: str
    type: str
    shown: str
    fault: str = "false"
    unit: Decimal = Decimal(1)
    percent: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Feed:
    """How one source fills one table.

    Attributes:
        table: the table's name.
        source: where the rows are.
        columns: the contract's columns that the source has.
        shape: one row each, one row per key, or rows summed by key.
        by: the key columns of the last two shapes.
        grain: whether the source's rows count as rows of this table.
        in_place: whether every cell was seen to be its own value, so that the rows can be read where they lie.
        whole: whether it is known that no row is refused.
    """

    table: str
    source: Source
    columns: Mapping[str, RawColumn]
    shape: Shape = "rows"
    by: tuple[str, ...] = ()
    grain: bool = True
    in_place: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Seen:
    """A file as it was before it was read.

    Attributes:
        size: in bytes.
        changed_ns: when it was last written.
        sha256: the digest of its content.
    """

    size: int
    changed_ns: int
    sha256: str


@dataclass(frozen=True)
class Registry:
    """Everything that a registry holds, described and ready to be accepted.

    Attributes:
        feeds: in contract order of the tables, then in reading order.
        sources: in reading order.
        unread: files and sheets that no table claims.
        source_map: the source map that was used, if any.
        seen: the files of the sources and the source map, as they were before they were read.
    """

    feeds: tuple[Feed, ...]
    sources: tuple[Source, ...]
    unread: tuple[str, ...]
    source_map: Path | None
    seen: Mapping[Path, Seen] = field(default_factory=dict)

    @property
    def digests(self) -> dict[Path, str]:
        """The SHA-256 of each file that was read."""
        return {path: one.sha256 for path, one in self.seen.items()}
