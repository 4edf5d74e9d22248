"""Reads ``parameters.csv``: the values of parameters by area and year, as a county keeps them in a spreadsheet.

One row is one value of a parameter that ``parameters.yaml`` declares. ``year`` means the whole of it; ``from`` and,
if it is known, ``until`` say other times. Every cell is read strictly: a misread number would be policy.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from audit.contract.cells import WHITE_SPACE
from audit.errors import AuditError, InputError
from audit.model.areas import leading_digits
from audit.model.nearest import nearest
from audit.rulebook.parameter_values import fits
from audit.rulebook.policy import DatedValue, Parameter, Value

#: The columns in their order, each with its Chinese label.
COLUMNS = {
    "parameter": "参数",
    "area": "地区",
    "year": "年度",
    "from": "起",
    "until": "止",
    "value": "数值",
    "source": "来源",
}
_REQUIRED = ("parameter", "area", "value", "source")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
#: As people write it, or as Excel does when it saves the file again.
_DAY = re.compile(r"([12][0-9]{3})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
_YEAR = re.compile("(19|2[0-9])[0-9]{2}")

#: A line number with its cells.
_Line = tuple[int, list[str]]


def add_values(
    path: Path,
    shown: str,
    parameters: Mapping[str, Parameter],
    declared: Collection[str],
    mistakes: list[AuditError],
) -> dict[str, Parameter]:
    """Give the parameters with the values of a file added; what is wrong is added to ``mistakes``.

    Args:
        path: the file.
        shown: its name as shown to people.
        parameters: the parameters without mistakes.
        declared: the names of all parameters: those with mistakes are told once, not in every row that names them.
        mistakes: the list to add to.
    """
    try:
        lines = _read_lines(path, shown)
    except AuditError as error:
        mistakes.append(error)
        return dict(parameters)
    places = _read_header(lines[0], shown, mistakes)
    added: dict[str, list[DatedValue]] = {}
    if places is not None:
        for line in lines[1:]:
            name, value = _Row(line, places, shown, mistakes).read(parameters, declared)
            if value:
                added.setdefault(name, []).append(value)
    return {name: replace(one, values=(*one.values, *added.get(name, ()))) for name, one in parameters.items()}


def _read_lines(path: Path, shown: str) -> list[_Line]:
    """The header and the lines that are not blank."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError("policy.unreadable", file=shown) from error
    lines = [(number, cells) for number, cells in _split(_decode(content, shown), shown) if any(cells)]
    if not lines:
        raise InputError("policy.no_header", file=shown, header=",".join(COLUMNS))
    return lines


def _decode(content: bytes, shown: str) -> str:
    understood = content.find(b"\0")
    if understood < 0:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                understood = max(understood, error.start)
    raise InputError("policy.encoding", file=shown, line=content.count(b"\n", 0, understood) + 1)


def _split(content: str, shown: str) -> Iterator[_Line]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, [cell.strip(WHITE_SPACE) for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise InputError("policy.broken", file=shown, line=number) from error


def _read_header(line: _Line, shown: str, mistakes: list[AuditError]) -> dict[str, tuple[int, str]] | None:
    """Of each column its place and its name as written; None if the rows can't be read by it."""
    number, cells = line
    before = len(mistakes)
    by_label = {**{name: name for name in COLUMNS}, **{label: name for name, label in COLUMNS.items()}}
    places: dict[str, tuple[int, str]] = {}
    for place, cell in enumerate(cells):
        known = by_label.get(cell.lower())
        if known is None and cell:
            close = nearest(cell, by_label)
            mistakes.append(AuditError("policy.unknown_column", file=shown, line=number, column=cell, nearest=close))
        elif known in places:
            mistakes.append(AuditError("policy.column_twice", file=shown, line=number, column=cell))
        elif known:
            places[known] = (place, cell)
    absent = [name for name in _REQUIRED if name not in places]
    if not {"year", "from"} & places.keys():
        absent.append("year")
    told = {"header": ",".join(COLUMNS), "labels": ",".join(COLUMNS.values())}
    mistakes += [AuditError("policy.column_missing", file=shown, line=number, column=name, **told) for name in absent]
    return None if len(mistakes) > before else places


class _Row:
    def __init__(
        self, line: _Line, places: Mapping[str, tuple[int, str]], shown: str, mistakes: list[AuditError]
    ) -> None:
        self.line, self.cells = line
        self.places = places
        self.shown = shown
        self.mistakes = mistakes

    def read(self, parameters: Mapping[str, Parameter], declared: Collection[str]) -> tuple[str, DatedValue | None]:
        """The parameter's name with the value; None if anything is wrong with the row."""
        before = len(self.mistakes)
        self._check_width()
        name = self._cell("parameter")
        if name not in declared:
            self._wrong("policy.unknown_parameter", "parameter", nearest=nearest(name, declared))
        area = leading_digits(self._cell("area"))
        if area is None:
            self._wrong("policy.area", "area")
        start, end = self._period()
        value = self._value(parameters[name].kind) if name in parameters else None
        source = self._cell("source")
        if not source:
            self._wrong("policy.no_source", "source")
        if len(self.mistakes) > before or area is None or start is None or value is None:
            return name, None
        return name, DatedValue(value, start, end, area, source, self.shown, self.line)

    def _cell(self, column: str) -> str:
        place = self.places[column][0] if column in self.places else len(self.cells)
        return self.cells[place] if place < len(self.cells) else ""

    def _wrong(self, key: str, column: str, **values: object) -> None:
        told = {"column": self.places[column][1], "value": self._cell(column), **values}
        self.mistakes.append(AuditError(key, file=self.shown, line=self.line, **told))

    def _check_width(self) -> None:
        """A cell under no header: a comma too many has pushed the others to the right."""
        known = {place for place, _ in self.places.values()}
        for place, cell in enumerate(self.cells):
            if cell and place not in known:
                told = {"file": self.shown, "line": self.line, "column": place + 1, "value": cell}
                self.mistakes.append(AuditError("policy.beyond", **told))

    def _period(self) -> tuple[date | None, date | None]:
        """First and last day; a year, or from with or without until."""
        dated = [column for column in ("from", "until") if self._cell(column)]
        year = self._cell("year")
        if year and dated:
            self._wrong("policy.year_and_dates", dated[0])
        elif year:
            if not _YEAR.fullmatch(year):
                self._wrong("policy.year", "year")
                return None, None
            return date(int(year), 1, 1), date(int(year), 12, 31)
        elif "from" not in dated:
            self._wrong("policy.no_start", "from" if "from" in self.places else "year")
        else:
            start = self._day("from")
            end = self._day("until") if "until" in dated else None
            if start and end and end < start:
                self._wrong("policy.until_before", "until", start=start)
            return start, end
        return None, None

    def _day(self, column: str) -> date | None:
        day = _read_day(self._cell(column))
        if day is None:
            self._wrong("policy.day", column)
        return day

    def _value(self, kind: str) -> Value | None:
        value = _read_value(self._cell("value"), kind)
        if value is None or not fits(value, kind):
            self._wrong("policy.value", "value", wanted=AuditError(f"policy.type_{kind}"))
            return None
        return value


def _read_day(cell: str) -> date | None:
    match = _DAY.fullmatch(cell)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _read_value(cell: str, kind: str) -> Value | None:
    if kind == "date":
        return _read_day(cell)
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return None
    return Decimal(cell) if match[1] else int(cell)
