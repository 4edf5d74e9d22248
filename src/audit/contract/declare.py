"""The words in which the tables are declared: each makes one column.

A declaration reads ``money("wage_income", "工资性收入", en="Wage income")``. From the same declaration come the pandera
schema (``schema``) and the SQL (``stage``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from audit.contract.fields import Field, Personal, Type

Codes = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Table:
    """One table of the contract.

    Attributes:
        name: canonical name, such as ``households``.
        title: Chinese title.
        title_en: English title.
        subject: its rows as subjects of a rule: the name in the singular.
        fields: the columns in contract order.
        key: the columns that name a row.
        only_required: whether a registry without this table can't be audited.
    """

    name: str
    title: str
    title_en: str
    subject: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    only_required: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The columns by canonical name."""
        return {field.name: field for field in self.fields}


def table(  # one call per table, read like a form
    name: str,
    title: str,
    en: str,
    subject: str,
    columns: list[Field],
    *,
    key: tuple[str, ...] = (),
    only_required: bool = False,
) -> Table:
    """Declare a table; the key is the first required column unless it is given."""
    key = key or (next(field.name for field in columns if field.required),)
    return Table(name, title, en, subject, tuple(columns), key, only_required)


def _labels(label: str | tuple[str, ...]) -> tuple[str, ...]:
    return (label,) if isinstance(label, str) else label


def identifier(
    name: str,
    label: str | tuple[str, ...],
    *,
    en: str,
    required: bool = False,
    refers: str | None = None,
    personal: Personal | None = None,
) -> Field:
    """A number that names something: kept as text, never read as a number."""
    return Field(name, Type.IDENTIFIER, _labels(label), en, required=required, references=refers, personal=personal)


def area(name: str, label: str | tuple[str, ...], *, en: str, required: bool = False) -> Field:
    """An administrative area code of 12 digits; 6 or 9 digits are padded."""
    return Field(name, Type.AREA, _labels(label), en, required=required)


def words(
    name: str,
    label: str | tuple[str, ...],
    *,
    en: str,
    required: bool = False,
    personal: Personal | None = None,
    note: tuple[str, str] = ("", ""),
) -> Field:
    """Free text."""
    return Field(name, Type.TEXT, _labels(label), en, required=required, personal=personal, note=note)


def code(
    name: str,
    label: str | tuple[str, ...],
    codes: Codes,
    *,
    en: str,
    required: bool = False,
    note: tuple[str, str] = ("", ""),
) -> Field:
    """A closed list of codes with the labels they go by."""
    listed = {value: _labels(labels) for value, labels in codes.items()}
    return Field(name, Type.CODE, _labels(label), en, codes=listed, required=required, note=note)


def word_set(
    name: str,
    label: str | tuple[str, ...],
    *,
    en: str,
    codes: Codes | None = None,
    note: tuple[str, str] = ("", ""),
) -> Field:
    """Several words in one cell, compared as a set."""
    listed = {value: _labels(labels) for value, labels in (codes or {}).items()}
    return Field(name, Type.SET, _labels(label), en, codes=listed, note=note)


def whole(name: str, label: str | tuple[str, ...], *, en: str, unit: str = "", required: bool = False) -> Field:
    """A whole number."""
    return Field(name, Type.INT, _labels(label), en, unit=unit, required=required)


def money(name: str, label: str | tuple[str, ...], *, en: str) -> Field:
    """An amount in yuan."""
    return Field(name, Type.MONEY, _labels(label), en, unit="元")


def share(name: str, label: str | tuple[str, ...], *, en: str) -> Field:
    """A share between 0 and 1; 60% is understood."""
    return Field(name, Type.SHARE, _labels(label), en)


def number(name: str, label: str | tuple[str, ...], *, en: str, unit: str = "") -> Field:
    """A decimal number."""
    return Field(name, Type.NUMBER, _labels(label), en, unit=unit)


def yes_no(name: str, label: str | tuple[str, ...], *, en: str) -> Field:
    """Yes or no."""
    return Field(name, Type.BOOL, _labels(label), en)


def day(name: str, label: str | tuple[str, ...], *, en: str, note: tuple[str, str] = ("", "")) -> Field:
    """A date."""
    return Field(name, Type.DATE, _labels(label), en, note=note)
