"""The facts of a case as one line that people can edit: ``lifted: true, lifted_year: 2020, pc: 3999.99``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from audit.errors import AuditError
from audit.model.document import Plain, parse_document

_QUOTED = r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\""
_WIDE = re.compile(rf"{_QUOTED}|[，：]")
_NO_SPACE = re.compile(rf"{_QUOTED}|(?P<name>(?:^|[,{{])\s*\$?[A-Za-z_]\w*)\s*:(?=\S)")
_UNKNOWN = re.compile(r":\s*(?:null|~)\s*(?=,|}|$)")
_PLAIN_MARKS = {"，": ", ", "：": ": "}


def write_given(given: Mapping[str, Plain]) -> str:
    """Write facts as one line; what is read back is the same."""
    return _mapping(given)


def read_given(line: str) -> dict[str, Plain]:
    """Read a line of facts; full-width commas and colons are understood.

    Raises:
        AuditError: the line is not written as ``name: value, name: value``.
    """
    plain = _WIDE.sub(lambda found: _PLAIN_MARKS.get(found[0], found[0]), line.strip())
    plain = _NO_SPACE.sub(lambda found: f"{found['name']}: " if found["name"] else found[0], plain)
    if plain.startswith("{") and plain.endswith("}"):
        plain = plain[1:-1]
    try:
        read = parse_document("{" + plain + "}", "").value
    except AuditError as error:
        raise AuditError("workbook.given") from error
    # A name without a value is a slip; that a fact is unknown is said by leaving it out, or by null.
    blank = [value for value in read.values() if value is None] if isinstance(read, dict) else []
    if not isinstance(read, dict) or len(blank) > len(_UNKNOWN.findall(plain)):
        raise AuditError("workbook.given")
    return read


def _mapping(facts: Mapping[str, Plain]) -> str:
    return ", ".join(f"{name}: {_value(value)}" for name, value in facts.items())


def _value(value: Plain) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | date() | None:
            return "null" if value is None else str(value)
        case Decimal():
            return format(value, "f")
        case list():
            return "[" + ", ".join(_value(item) for item in value) + "]"
        case dict():
            return "{" + _mapping(value) + "}"
    return _text(value)


def _text(value: str) -> str:
    """The plainest spelling of a text that is read back as the same text."""
    for spelling in (value, "'" + value.replace("'", "''") + "'"):
        try:
            if read_given(f"fact: {spelling}") == {"fact": value}:
                return spelling
        except AuditError:
            continue
    marks = (mark if mark.isprintable() and mark not in '"\\' else f"\\U{ord(mark):08X}" for mark in value)
    return f'"{"".join(marks)}"'
