"""Reads ``parameters.yaml``: every policy number with its dates, areas and sources."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from audit.errors import AuditError
from audit.model.areas import leading_digits
from audit.model.document import Document, Key, Plain
from audit.rulebook.parameter_values import KINDS, fits
from audit.rulebook.policy import DatedValue, Parameter, Value

_KEYS = ("title", "title_en", "unit", "unit_en", "type", "carry_forward", "values")
_VALUE_KEYS = ("value", "from", "until", "area", "source")


def read_parameters(document: Document, mistakes: list[AuditError]) -> dict[str, Parameter]:
    """Read all parameters; what is wrong is added to ``mistakes``."""
    if not isinstance(document.value, dict):
        mistakes.append(AuditError("rulebook.not_a_mapping", file=document.file, line=1))
        return {}
    found = {}
    for name, entry in document.value.items():
        reader = _Reader(document, name, mistakes)
        if parameter := reader.parameter(entry):
            found[name] = parameter
    return found


class _Reader:
    def __init__(self, document: Document, name: str, mistakes: list[AuditError]) -> None:
        self.document = document
        self.name = name
        self.mistakes = mistakes

    def _wrong(self, key: str, /, *path: Key, **values: object) -> None:
        line = self.document.line(self.name, *path)
        self.mistakes.append(AuditError(key, file=self.document.file, line=line, **values))

    def parameter(self, entry: Plain) -> Parameter | None:
        before = len(self.mistakes)
        if not isinstance(entry, dict):
            self._wrong("rulebook.not_a_mapping")
            return None
        for key in entry:
            if key not in _KEYS:
                self._wrong("rulebook.unknown_key", key, key=key, nearest=", ".join(_KEYS))
        for key in ("title", "type", "values"):
            if key not in entry:
                self._wrong("rulebook.key_missing", key=key)
        kind = str(entry.get("type", ""))
        if kind not in KINDS:
            self._wrong("rulebook.unknown_type", "type", value=kind, nearest=", ".join(KINDS))
        values = self._values(entry.get("values"), kind)
        if len(self.mistakes) > before:
            return None
        title, unit = str(entry["title"]), str(entry.get("unit") or "")
        return Parameter(
            name=self.name,
            title=title,
            title_en=str(entry.get("title_en") or title),
            unit=unit,
            unit_en=str(entry.get("unit_en") or unit),
            kind=kind,
            carry_forward=entry.get("carry_forward") is True,
            values=values,
            file=self.document.file,
            line=self.document.line(self.name),
        )

    def _values(self, listed: Plain, kind: str) -> tuple[DatedValue, ...]:
        if not isinstance(listed, list) or not listed:
            self._wrong("rulebook.no_values", "values")
            return ()
        return tuple(found for place, item in enumerate(listed) if (found := self._value(item, place, kind)))

    def _value(self, item: Plain, place: int, kind: str) -> DatedValue | None:
        if not isinstance(item, dict):
            self._wrong("rulebook.not_a_mapping", "values", place)
            return None
        for key in item:
            if key not in _VALUE_KEYS:
                self._wrong("rulebook.unknown_key", "values", place, key, key=key, nearest=", ".join(_VALUE_KEYS))
        value, start, end = item.get("value"), item.get("from"), item.get("until")
        source = str(item.get("source") or "")
        if not fits(value, kind):
            self._wrong("rulebook.value_type", "values", place, "value", value=value, type=kind)
            return None
        if not isinstance(start, date) or not (end is None or (isinstance(end, date) and start <= end)):
            self._wrong("rulebook.value_dates", "values", place)
            return None
        area = leading_digits(str(item.get("area") or ""))
        if area is None:
            self._wrong("rulebook.value_area", "values", place, "area", value=item["area"])
        if not source.strip():
            self._wrong("rulebook.value_source", "values", place)
        line = self.document.line(self.name, "values", place)
        return DatedValue(_number(value), start, end, area or "", source, self.document.file, line)


def _number(value: Plain) -> Value:
    assert isinstance(value, int | Decimal | date)  # what fits has let through
    return value
