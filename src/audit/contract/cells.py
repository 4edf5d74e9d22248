"""How a cell is read: the spellings of contract.md, section 1, in Python.

Hand-edited workbooks are read with these functions, one cell at a time. Registries are read by the SQL of
``audit.contract.normalise``; a property test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from audit.contract.fields import Field, Type

#: What str.strip() of all white space means here: ASCII white space, no-break space, ideographic space,
#: the byte order mark and the zero-width space.
WHITE_SPACE = " \t\n\r\v\f\u00a0\u3000\ufeff\u200b"
BLANK_MARKS = frozenset({"", "-", "--", "/", "无数据", "NULL", "N/A"})
TRUE = frozenset({"是", "有", "1", "TRUE", "Y", "√"})
FALSE = frozenset({"否", "无", "0", "FALSE", "N", "×"})
SEPARATORS = re.compile("[,，、;；]")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{2}")
NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
WHOLE = re.compile(r"[+-]?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.0+)?")
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?( 00:00:00(\.0+)?)?")
EXCEL_EPOCH = date(1899, 12, 30)
EARLIEST_YEAR = 1800
WRAPPED = re.compile(r'="(.*)"', re.DOTALL)

_MONEY_LIMIT = Decimal(10) ** 12
_SIX = Decimal("0.000001")
_EIGHT = Decimal("0.00000001")
_TEN = Decimal("0.0000000001")


class UnreadableError(Exception):
    """The cell holds something that is not a value of its type."""

    def __init__(self, reason: str = "unreadable") -> None:
        super().__init__(reason)
        self.reason = reason


def fold(value: str) -> str:
    """Write full-width digits, letters and brackets as plain ones."""
    return value.translate(FULL_WIDTH)


def tidy(value: str, field: Field) -> str | None:
    """Trim a cell, unwrap ``="..."``, and give None for a blank mark."""
    value = value.strip(WHITE_SPACE)
    if wrapped := WRAPPED.fullmatch(value):
        value = wrapped[1].strip(WHITE_SPACE)
    if field.folded:
        value = fold(value)
    if value.upper() in BLANK_MARKS or (value == "无" and field.type in _NOTHING and not field.codes):
        return None
    return value


_NOTHING = frozenset({Type.TEXT, Type.IDENTIFIER, Type.SET})


def read_date(value: str) -> date:
    """Read a date in any of the spellings met in exports."""
    try:
        if match := YEAR_FIRST.fullmatch(value):
            found = date(int(match[1]), int(match[2]), int(match[3]))
        elif value.isascii() and value.isdigit() and len(value) == 8:
            found = date(int(value[:4]), int(value[4:6]), int(value[6:]))
        elif value.isascii() and value.isdigit() and len(value) == 6:
            found = date(int(value[:4]), int(value[4:]), 1)
        elif value.isascii() and value.isdigit() and len(value) == 5 and value[0] != "0":
            found = EXCEL_EPOCH + timedelta(days=int(value))
        else:
            raise UnreadableError
    except ValueError as error:
        raise UnreadableError from error
    if found.year < EARLIEST_YEAR:
        raise UnreadableError
    return found


def _decimal(value: str, step: Decimal) -> Decimal:
    if not NUMBER.fullmatch(value):
        raise UnreadableError
    found = Decimal(value.replace(",", ""))
    if abs(found) >= _MONEY_LIMIT:
        raise UnreadableError
    return found.quantize(step, rounding="ROUND_HALF_UP")


def read_number(value: str) -> Decimal:
    """Read a number or an amount; thousands separators are understood."""
    return _decimal(value, _SIX)


def read_share(value: str) -> Decimal:
    """Read a share between 0 and 1; 60% is 0.6."""
    bare = value.removesuffix("%")
    found = _decimal(value, _TEN) if bare == value else _decimal(bare.rstrip(WHITE_SPACE), _EIGHT) / 100
    if not 0 <= found <= 1:
        raise UnreadableError
    return found


def read_int(value: str) -> int:
    """Read a whole number; 12.0 is 12."""
    if not WHOLE.fullmatch(value):
        raise UnreadableError
    return int(value.replace(",", "").partition(".")[0])


def read_bool(value: str) -> bool:
    """Read yes or no in any of the spellings met in exports."""
    if value.upper() in TRUE:
        return True
    if value.upper() in FALSE:
        return False
    raise UnreadableError


def read_area(value: str) -> str:
    """Read an area code; province to township codes of 6 or 9 digits are padded with zeros."""
    if not (value.isascii() and value.isdigit() and len(value) in {6, 9, 12}):
        raise UnreadableError(_lost_digits(value))
    return value.ljust(12, "0")


def read_identifier(value: str) -> str:
    """Read a number that names something; one that Excel turned into a number has lost digits."""
    if SCIENTIFIC.fullmatch(value):
        raise UnreadableError("excel_number")
    return value


def _lost_digits(value: str) -> str:
    return "excel_number" if SCIENTIFIC.fullmatch(value) else "unreadable"


def code_spellings(field: Field) -> Mapping[str, str]:
    """Every accepted spelling of a code list, folded and upper-cased, with its code."""
    return {
        fold(spelling).replace(" ", "").upper(): code
        for code, labels in field.codes.items()
        for spelling in (code, *labels)
    }


def _read_code(value: str, field: Field) -> str:
    try:
        return code_spellings(field)[value.replace(" ", "").upper()]
    except KeyError:
        raise UnreadableError from None


def _read_set(value: str, field: Field) -> str:
    words = {word.strip(WHITE_SPACE) for word in SEPARATORS.split(value)} - {""}
    if field.codes:
        words = {_read_code(word, field) for word in words}
    if not words:
        raise UnreadableError
    return ",".join(sorted(words))


_READERS: Mapping[Type, Callable[[str], object]] = {
    Type.TEXT: str,
    Type.IDENTIFIER: read_identifier,
    Type.AREA: read_area,
    Type.INT: read_int,
    Type.MONEY: read_number,
    Type.SHARE: read_share,
    Type.NUMBER: read_number,
    Type.BOOL: read_bool,
    Type.DATE: read_date,
}


def read_cell(value: str, field: Field) -> object:
    """Read one cell as its column's type; None if it is blank.

    Raises:
        UnreadableError: the cell holds something else, with the reason used in quarantine.
    """
    tidied = tidy(value, field)
    if tidied is None:
        return None
    if field.type is Type.CODE:
        return _read_code(tidied, field)
    if field.type is Type.SET:
        return _read_set(tidied, field)
    return _READERS[field.type](tidied)
