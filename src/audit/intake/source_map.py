"""Reads a source map: which file and sheet feeds which table, which header feeds which column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from audit.contract.declare import Table
from audit.contract.feeds import Shape
from audit.contract.tables import TABLES
from audit.errors import AuditError, SourceMapError
from audit.intake.header_expression import header_names, parse_expression
from audit.intake.headers import UNITS
from audit.model.document import Document, Key, Plain, read_document
from audit.model.nearest import nearest

SOURCE_KEYS = ("file", "sheet", "header_row", "encoding", "percent", "feeds")
FEED_KEYS = ("table", "one_per", "sum_by", "columns")
COLUMN_KEYS = ("header", "join", "with", "sum", "expression", "value", "unit", "per", "codes", "blank")
_ORIGINS = ("header", "join", "sum", "expression", "value")


@dataclass(frozen=True)
class ColumnMap:
    """Where one column comes from, as the map says.

    Attributes:
        origin: ``header join sum expression value``, or ``none`` for a column that is not to be taken.
        headers: the headers it is made of.
        words: the expression, the joining text or the constant.
        unit: factor to yuan a year.
        percent: whether plain numbers are per cent.
        codes: spelling, code.
        blank_is_zero: whether a blank addend counts as 0.
        line: where it stands.
    """

    origin: str
    headers: tuple[str, ...] = ()
    words: str = ""
    unit: Decimal | None = None
    percent: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    blank_is_zero: bool = False
    line: int = 1


@dataclass(frozen=True)
class FeedMap:
    """How a source fills one table, as the map says."""

    table: str
    shape: Shape
    by: tuple[str, ...]
    columns: Mapping[str, ColumnMap]
    line: int


@dataclass(frozen=True)
class SourceMap:
    """One entry of the map: files, sheet, header row and feeds."""

    pattern: str
    sheet: str | None
    header_row: int | None
    encoding: str | None
    percent: tuple[str, ...]
    feeds: tuple[FeedMap, ...]
    line: int


def read_source_map(path: Path) -> tuple[SourceMap, ...]:
    """Read a source map.

    Raises:
        SourceMapError: every mistake in it, with its line and the nearest name.
    """
    mistakes: list[AuditError] = []
    try:
        document = read_document(path, path.name)
    except AuditError as error:
        raise SourceMapError("intake.map_mistakes", [error]) from error
    sources = _Reader(document, mistakes).sources()
    if mistakes:
        raise SourceMapError("intake.map_mistakes", mistakes)
    return sources


class _Reader:
    def __init__(self, document: Document, mistakes: list[AuditError]) -> None:
        self.document = document
        self.mistakes = mistakes

    def wrong(self, key: str, /, *path: Key, **values: object) -> None:
        line = self.document.line(*path)
        self.mistakes.append(AuditError(f"intake.{key}", file=self.document.file, line=line, **values))

    def sources(self) -> tuple[SourceMap, ...]:
        root = self.document.value
        listed = root.get("sources") if isinstance(root, dict) else None
        if not isinstance(listed, list):
            self.wrong("map_no_sources")
            return ()
        return tuple(found for place, item in enumerate(listed) if (found := self.source(item, ("sources", place))))

    def _keys(self, entry: dict[str, Plain], known: tuple[str, ...], path: tuple[Key, ...]) -> None:
        for key in entry:
            if key not in known:
                self.wrong("map_unknown_key", *path, key, key=key, nearest=nearest(key, known))

    def source(self, entry: Plain, path: tuple[Key, ...]) -> SourceMap | None:
        if not isinstance(entry, dict) or not entry.get("file"):
            self.wrong("map_no_file", *path)
            return None
        self._keys(entry, SOURCE_KEYS, path)
        listed = entry.get("feeds")
        if not isinstance(listed, list) or not listed:
            self.wrong("map_no_feeds", *path)
            return None
        row = entry.get("header_row")
        if row is not None and not (isinstance(row, int) and row >= 1):
            self.wrong("map_header_row", *path, "header_row")
            row = None
        feeds = [self.feed(item, (*path, "feeds", place)) for place, item in enumerate(listed)]
        percent = entry.get("percent") or []
        return SourceMap(
            pattern=str(entry["file"]),
            sheet=str(entry["sheet"]) if entry.get("sheet") else None,
            header_row=row if isinstance(row, int) else None,
            encoding=str(entry["encoding"]) if entry.get("encoding") else None,
            percent=tuple(str(name) for name in percent) if isinstance(percent, list) else (str(percent),),
            feeds=tuple(feed for feed in feeds if feed),
            line=self.document.line(*path),
        )

    def feed(self, entry: Plain, path: tuple[Key, ...]) -> FeedMap | None:
        if not isinstance(entry, dict):
            self.wrong("map_no_table", *path)
            return None
        self._keys(entry, FEED_KEYS, path)
        table = TABLES.get(str(entry.get("table")))
        if table is None:
            self.wrong(
                "map_table", *path, "table", name=entry.get("table"), nearest=nearest(str(entry.get("table")), TABLES)
            )
            return None
        shape: Shape = "one_per" if "one_per" in entry else "sum_by" if "sum_by" in entry else "rows"
        listed = entry.get(shape) if shape != "rows" else []
        by = tuple(str(name) for name in listed) if isinstance(listed, list) else (str(listed),)
        for name in by:
            if name not in table.by_name:
                self.wrong(
                    "map_column", *path, shape, name=name, table=table.name, nearest=nearest(name, table.by_name)
                )
        if shape != "rows" and set(by) != set(table.key):
            self.wrong("map_by", *path, shape, key=", ".join(table.key), table=table.name)
        columns = entry.get("columns") or {}
        if not isinstance(columns, dict):
            self.wrong("map_columns", *path, "columns")
            return None
        found = {name: self.column(spec, table, name, (*path, "columns", name)) for name, spec in columns.items()}
        known = {name: column for name, column in found.items() if column}
        return FeedMap(table.name, shape, by, known, self.document.line(*path))

    def column(self, spec: Plain, table: Table, name: str, path: tuple[Key, ...]) -> ColumnMap | None:
        line = self.document.line(*path)
        if name not in table.by_name:
            self.wrong("map_column", *path, name=name, table=table.name, nearest=nearest(name, table.by_name))
            return None
        if spec is None:
            return ColumnMap("none", line=line)
        if not isinstance(spec, dict):
            return ColumnMap("header", (str(spec),), line=line)
        self._keys(spec, COLUMN_KEYS, path)
        origins = [key for key in _ORIGINS if key in spec]
        if len(origins) != 1:
            self.wrong("map_origin", *path, name=name, origins=", ".join(_ORIGINS))
            return None
        origin = origins[0]
        content = spec[origin]
        headers, words = self._content(origin, content, path)
        if origin == "join":
            words = str(spec.get("with") or "")
        codes = self._codes(spec.get("codes"), table, name, path)
        percent = spec.get("unit") == "%"
        unit = None if percent else self._unit(spec, path)
        return ColumnMap(origin, headers, words, unit, percent, codes, spec.get("blank") == 0, line)

    def _content(self, origin: str, content: Plain, path: tuple[Key, ...]) -> tuple[tuple[str, ...], str]:
        if origin in {"join", "sum"}:
            listed = content if isinstance(content, list) else [content]
            return tuple(str(item) for item in listed), ""
        if origin == "expression":
            try:
                return header_names(parse_expression(str(content))), str(content)
            except AuditError as error:
                self.wrong("map_expression", *path, origin, problem=error)
                return (), ""
        if origin == "value":
            return (), "" if content is None else str(content)
        return (str(content),), ""

    def _unit(self, spec: dict[str, Plain], path: tuple[Key, ...]) -> Decimal | None:
        unit, per = spec.get("unit"), spec.get("per")
        if unit is not None and str(unit) not in UNITS:
            self.wrong("map_unit", *path, "unit", name=unit, nearest=", ".join((*UNITS, "%")))
            return None
        if per not in (None, "month", "year"):
            self.wrong("map_per", *path, "per", name=per)
        months = Decimal(12) if per == "month" else Decimal(1)
        if unit is None and per is None:
            return None
        return (UNITS[str(unit)] if unit is not None else Decimal(1)) * months

    def _codes(self, listed: Plain, table: Table, name: str, path: tuple[Key, ...]) -> dict[str, str]:
        if listed is None:
            return {}
        known = table.by_name[name].codes
        if not isinstance(listed, dict) or not known:
            self.wrong("map_codes", *path, "codes", name=name)
            return {}
        for spelling, code in listed.items():
            if str(code) not in known:
                self.wrong("map_code", *path, "codes", spelling, name=code, nearest=nearest(str(code), known))
        return {str(spelling): str(code) for spelling, code in listed.items()}
