"""Reads ``parameters.csv``: the values of parameters by area and year, as a county keeps them in a spreadsheet.

One row is one value of a parameter that ``parameters.yaml`` declares. ``year`` means the whole of it; ``from`` and,
if it is known, ``until`` say other times. Every cell is read strictly: a misread number would be policy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from audit.contract.hand_csv import Line, Places, check_width, read_day, read_header, read_lines
from audit.errors import AuditError
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
_YEAR = re.compile("(19|2[0-9])[0-9]{2}")


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
        lines = read_lines(path, shown, COLUMNS)
    except AuditError as error:
        mistakes.append(error)
        return dict(parameters)
    places = read_header(lines[0], COLUMNS, _REQUIRED, shown, mistakes)
    if places is not None and not {"year", "from"} & places.keys():
        told = {"header": ",".join(COLUMNS), "labels": ",".join(COLUMNS.values())}
        mistakes.append(AuditError("policy.column_missing", file=shown, line=lines[0][0], column="year", **told))
        places = None
    added: dict[str, list[DatedValue]] = {}
    if places is not None:
        for line in lines[1:]:
            name, value = _Row(line, places, shown, mistakes).read(parameters, declared)
            if value:
                added.setdefault(name, []).append(value)
    return {name: replace(one, values=(*one.values, *added.get(name, ()))) for name, one in parameters.items()}


class _Row:
    def __init__(self, line: Line, places: Places, shown: str, mistakes: list[AuditError]) -> None:
        self.line, self.cells = line
        self.places = places
        self.shown = shown
        self.mistakes = mistakes

    def read(self, parameters: Mapping[str, Parameter], declared: Collection[str]) -> tuple[str, DatedValue | None]:
        """The parameter's name with the value; None if anything is wrong with the row."""
        before = len(self.mistakes)
        check_width((self.line, self.cells), self.places, self.shown, self.mistakes)
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
        day = read_day(self._cell(column))
        if day is None:
            self._wrong("policy.day", column)
        return day

    def _value(self, kind: str) -> Value | None:
        value = _read_value(self._cell("value"), kind)
        if value is None or not fits(value, kind):
            self._wrong("policy.value", "value", wanted=AuditError(f"policy.type_{kind}"))
            return None
        return value


def _read_value(cell: str, kind: str) -> Value | None:
    if kind == "date":
        return read_day(cell)
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return None
    return Decimal(cell) if match[1] else int(cell)
