"""A value of a rule file as the text of a cell, and back; blank means "as it is", 【清空】 means "none"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from audit.contract.cells import NUMBER, SEPARATORS, WHITE_SPACE, UnreadableError, fold, read_date
from audit.errors import AuditError
from audit.language import Language
from audit.model.document import Plain
from audit.rulebook_workbook.columns import Column, Form
from audit.rulebook_workbook.given import read_given, write_given
from audit.rulebook_workbook.words import code_of, word

#: What a cell says to empty what stands in the file.
CLEAR = frozenset({"【清空】", "【clear】"})


def tidy(cell: str) -> str:
    """A cell as it is compared: without white space around it, line breaks written one way."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip(WHITE_SPACE)


def write_value(value: Plain, column: Column, lang: Language) -> str:
    """The text of a cell."""
    match value:
        case None:
            return ""
        case bool():
            return word("flag", str(value).lower(), lang) if column.form is Form.FLAG else str(value).lower()
        case dict():
            return write_given(value)
        case list():
            return ", ".join(_listed(item, column, lang) for item in value)
        case Decimal():
            return format(value, "f")
        case str() if column.form in {Form.WORD, Form.WORDS}:
            return word(column.options, value, lang)
    return str(value)


def _listed(value: Plain, column: Column, lang: Language) -> str:
    return word(column.options, str(value), lang) if column.options else str(value)


def read_value(cell: str, column: Column) -> Plain:
    """What a cell says.

    Raises:
        AuditError: it is no value of this column.
    """
    return _READERS[column.form](tidy(cell), column)


def _read_text(cell: str, _column: Column) -> Plain:
    return {"true": True, "false": False}.get(cell, cell)


def _read_list(cell: str, column: Column) -> Plain:
    bare = fold(cell).strip("[]")
    listed = [part.strip(WHITE_SPACE) for part in SEPARATORS.split(bare)]
    return [code_of(column.options, part) if column.options else part for part in listed if part]


def _read_word(cell: str, column: Column) -> Plain:
    return code_of(column.options, cell)


def _read_flag(cell: str, column: Column) -> Plain:
    return code_of(column.options, cell) == "true"


def _read_amount(cell: str, column: Column) -> Plain:
    plain = fold(cell).replace(" ", "")
    if not NUMBER.fullmatch(plain):
        return _read_date(cell, column)
    number = Decimal(plain.replace(",", ""))
    whole = re.fullmatch(r"[+-]?[0-9,]+(\.0+)?", plain)
    return int(number) if whole else number


def _read_date(cell: str, column: Column) -> Plain:
    plain = fold(cell)
    # Only spellings that can't be a number: a serial number of Excel is refused, never guessed.
    if len(plain) > 7:
        try:
            return read_date(plain)
        except UnreadableError:
            pass
    raise AuditError("workbook.no_amount" if column.form is Form.AMOUNT else "workbook.no_date")


def _read_given(cell: str, _column: Column) -> Plain:
    return {**read_given(cell)}


_READERS: Mapping[Form, Callable[[str, Column], Plain]] = {
    Form.TEXT: _read_text,
    Form.LIST: _read_list,
    Form.WORD: _read_word,
    Form.WORDS: _read_list,
    Form.FLAG: _read_flag,
    Form.AMOUNT: _read_amount,
    Form.DATE: _read_date,
    Form.GIVEN: _read_given,
}


def same(one: Plain, other: Plain) -> bool:
    """Whether two values mean the same: 4000 and 4000.00 do, true and 1 do not; the order of facts is no matter."""
    return spelling(one) == spelling(other)


def spelling(value: Plain) -> str:
    """One spelling for each meaning."""
    match value:
        case dict():
            return "{" + ",".join(f"{name!r}:{spelling(value[name])}" for name in sorted(value)) + "}"
        case list():
            return "[" + ",".join(spelling(item) for item in value) + "]"
        case bool() | None:
            return str(value)
        case int() | Decimal():
            digits = format(Decimal(value), "f")
            return digits.rstrip("0").rstrip(".") if "." in digits else digits
        case date():
            return f"date {value}"
    return repr(value)
