"""Turns "this header feeds that column" into SQL over the sheet's table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.contract.declare import Table
from audit.contract.feeds import RawColumn
from audit.contract.normalise import blank_sql, name, number_sql, quote
from audit.errors import AuditError
from audit.intake.header_expression import expression_sql, parse_expression
from audit.intake.headers import Header, by_label, fold_header
from audit.intake.source_map import ColumnMap, FeedMap
from audit.model.nearest import nearest


@dataclass(frozen=True)
class Columns:
    """The columns of one sheet: the headers in order, with the name and type of each in its relation."""

    headers: tuple[Header, ...]
    names: tuple[str, ...]
    types: tuple[str, ...]

    def find(self, header: str) -> int | None:
        """The place of a header, compared as headers are; None if the sheet has none such."""
        folded = fold_header(header)
        for wanted in ("folded", "bare"):
            for place, one in enumerate(self.headers):
                if getattr(one, wanted) == folded:
                    return place
        return None

    def sql(self, place: int) -> str:
        """SQL for a cell."""
        return name(self.names[place])

    def number(self, place: int) -> str:
        """SQL for a cell read as a number."""
        if self.types[place] == "VARCHAR":
            return f"({number_sql(self.sql(place))})"
        return f"TRY_CAST({self.sql(place)} AS DECIMAL(18,6))"

    def shown(self, place: int) -> str:
        """SQL for the text of a cell."""
        return f"CAST({self.sql(place)} AS VARCHAR)"

    def unreadable(self, place: int) -> str:
        """SQL that is true where a cell is not blank and no number."""
        if self.types[place] == "VARCHAR":
            return f"(NOT {blank_sql(self.sql(place))} AND {self.number(place)} IS NULL)"
        return f"({self.sql(place)} IS NOT NULL AND {self.number(place)} IS NULL)"


def map_columns(
    columns: Columns, table: Table, feed: FeedMap | None, percent: Sequence[str], mistakes: list[AuditError], shown: str
) -> dict[str, RawColumn]:
    """Say for each column of a table that a sheet can feed where it comes from.

    Args:
        columns: the sheet's columns.
        table: the table.
        feed: what the source map says; labels do the rest.
        percent: headers whose plain numbers are per cent.
        mistakes: gets one error per header that the map names and the sheet lacks.
        shown: the source map's name for messages.
    """
    marked = {fold_header(header) for header in percent}
    found = {column: _single(columns, place, marked) for column, place in by_label(columns.headers, table).items()}
    for column, spec in (feed.columns if feed else {}).items():
        if spec.origin == "none":
            found.pop(column, None)
            continue
        places = {header: columns.find(header) for header in spec.headers}
        lacking = [header for header, place in places.items() if place is None]
        for header in lacking:
            close = nearest(header, [one.name for one in columns.headers])
            mistakes.append(AuditError("intake.map_header", file=shown, line=spec.line, name=header, nearest=close))
        if not lacking:
            known = {header: place for header, place in places.items() if place is not None}
            found[column] = _mapped(columns, spec, known, marked)
    return {field.name: found[field.name] for field in table.fields if field.name in found}


def _single(columns: Columns, place: int, marked: set[str]) -> RawColumn:
    header = columns.headers[place]
    return RawColumn(
        sql=columns.sql(place),
        type=columns.types[place],
        shown=columns.shown(place),
        unit=header.unit,
        percent=header.percent or header.folded in marked,
    )


def _mapped(columns: Columns, spec: ColumnMap, places: Mapping[str, int], marked: set[str]) -> RawColumn:
    listed = [places[header] for header in spec.headers]
    first = _single(columns, listed[0], marked) if listed else None
    unit = spec.unit if spec.unit is not None else first.unit if first and len(listed) == 1 else Decimal(1)
    shown = f"concat_ws(' | ', {', '.join(columns.shown(place) for place in listed)})" if listed else "NULL"
    fault = " OR ".join(columns.unreadable(place) for place in listed) or "false"
    if spec.origin == "header" and first:
        percent = first.percent or spec.percent
        return RawColumn(first.sql, first.type, first.shown, unit=unit, percent=percent, codes=spec.codes)
    if spec.origin == "join":
        joined = f" || {quote(spec.words)} || ".join(columns.shown(place) for place in listed)
        return RawColumn(f"({joined})", "VARCHAR", shown, codes=spec.codes)
    if spec.origin == "value":
        return RawColumn(quote(spec.words), "VARCHAR", quote(spec.words), unit=unit, codes=spec.codes)

    def number(header: str) -> str:
        place = places[header]
        return f"coalesce({columns.number(place)}, 0)" if spec.blank_is_zero else columns.number(place)

    if spec.origin == "sum":
        total = " + ".join(number(header) for header in spec.headers)
        return RawColumn(f"TRY_CAST({total} AS DECIMAL(18,6))", "DECIMAL(18,6)", shown, fault=fault, unit=unit)
    expression = expression_sql(parse_expression(spec.words), number)
    return RawColumn(expression, "DECIMAL(18,6)", shown, fault=fault, unit=unit)
