"""Finds the header row of a sheet and says which header feeds which column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from audit.contract.cells import WRAPPED, fold
from audit.contract.declare import Table
from audit.contract.tables import TABLES

#: Rows that are not blank and may be the header: title rows stand above it.
HEADER_WITHIN = 15
UNITS: Mapping[str, Decimal] = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "亿元": Decimal(100_000_000),
}
_SUFFIX = re.compile(r"^(.+)[(\[]([^()\[\]]+)[)\]]$")
_SPACE = re.compile(r"[\s\u00a0\u3000\ufeff\u200b]+")


@dataclass(frozen=True)
class Header:
    """One header as read.

    Attributes:
        name: as shown to people; the second of the same name is ``name#2``.
        folded: as it is compared.
        bare: the same without a unit in brackets.
        unit: factor to yuan that the header states.
        percent: whether it says per cent.
    """

    name: str
    folded: str
    bare: str
    unit: Decimal
    percent: bool


def fold_header(text: str) -> str:
    """Write a header as it is compared: plain forms, no white space, small letters."""
    text = text.strip()
    if wrapped := WRAPPED.fullmatch(text):
        text = wrapped[1]
    return _SPACE.sub("", fold(text)).lower()


def read_headers(cells: Sequence[str]) -> tuple[Header, ...]:
    """Read a header row; blank headers become 列1, 列2 by their place."""
    seen: dict[str, int] = {}
    headers = []
    for place, cell in enumerate(cells):
        shown = _SPACE.sub("", cell) or f"列{place + 1}"
        folded = fold_header(cell) or f"列{place + 1}"
        seen[folded] = seen.get(folded, 0) + 1
        if seen[folded] > 1:
            shown, folded = f"{shown}#{seen[folded]}", f"{folded}#{seen[folded]}"
        suffix = _SUFFIX.match(folded)
        unit = UNITS.get(suffix[2].split("/")[0], Decimal(1)) if suffix else Decimal(1)
        percent = "%" in folded or "百分" in folded
        headers.append(Header(shown, folded, suffix[1] if suffix else folded, unit, percent))
    return tuple(headers)


@cache
def labels_of(table_name: str) -> Mapping[str, tuple[str, int]]:
    """Every folded label of a table with its column and its rank: the canonical name and the first label are best."""
    known: dict[str, tuple[str, int]] = {}
    for field in TABLES[table_name].fields:
        for rank, label in enumerate((field.name, *field.labels)):
            known.setdefault(fold_header(label), (field.name, rank))
    return known


def by_label(headers: Sequence[Header], table: Table) -> dict[str, int]:
    """Which header feeds which column by its label alone: column, place of the header.

    Where several fit, the better label wins, then the one further left.
    """
    known = labels_of(table.name)
    best: dict[str, tuple[int, int]] = {}
    for place, header in enumerate(headers):
        found = known.get(header.folded) or known.get(header.bare)
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], place)
    return {column: place for column, (_, place) in best.items()}


def find_header(rows: Sequence[tuple[int, Sequence[str]]], known: Mapping[str, object]) -> int | None:
    """The row that has most of the known headers, as its place in ``rows``; None if no row has any."""
    best, place = 0, None
    for index, (_, cells) in enumerate(rows):
        headers = read_headers(cells)
        score = len({name for header in headers for name in (header.folded, header.bare) if name in known})
        if score > best:
            best, place = score, index
    return place
