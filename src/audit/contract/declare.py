"""The words in which the tables are declared: each makes one pandera column.

A declaration reads ``money("wage_income", "工资性收入", en="Wage income")``. The pandera column carries
the check that every cell can be read as its type, and the ``Field`` as its metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandera.pandas as pa

from audit.contract.checks import canonical_parser, readable
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
        schema: the pandera schema over cells as text; its parsers give each cell's canonical spelling.
        key: the columns that name a row.
        only_required: whether a registry without this table can't be audited.
    """

    name: str
    title: str
    title_en: str
    subject: str
    schema: pa.DataFrameSchema
    key: tuple[str, ...]
    only_required: bool = False

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns in contract order."""
        return tuple((column.metadata or {})["field"] for column in self.schema.columns.values())

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The columns by canonical name."""
        return {field.name: field for field in self.fields}


def table(  # one call per table, read like a form
    name: str,
    title: str,
    en: str,
    subject: str,
    columns: list[pa.Column],
    *,
    key: tuple[str, ...] = (),
    only_required: bool = False,
) -> Table:
    """Declare a table; the key is the first required column unless it is given."""
    by_name = {str(column.name): column for column in columns}
    fields = [(column.metadata or {})["field"] for column in columns]
    key = key or (next(field.name for field in fields if field.required),)
    schema = pa.DataFrameSchema(
        by_name,
        name=name,
        title=title,
        description=en,
        unique=list(key),
        report_duplicates="exclude_first",
        strict=False,
    )
    return Table(name, title, en, subject, schema, key, only_required)


def _column(field: Field) -> pa.Column:
    return pa.Column(
        object,
        name=field.name,
        title=field.title,
        description=field.title_en,
        nullable=not field.required,
        parsers=[canonical_parser(field)],
        checks=[readable(field)],
        required=field.required,
        metadata={"field": field},
    )


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
) -> pa.Column:
    """A number that names something: kept as text, never read as a number."""
    return _column(
        Field(name, Type.IDENTIFIER, _labels(label), en, required=required, references=refers, personal=personal)
    )


def area(name: str, label: str | tuple[str, ...], *, en: str, required: bool = False) -> pa.Column:
    """An administrative area code of 12 digits; 6 or 9 digits are padded."""
    return _column(Field(name, Type.AREA, _labels(label), en, required=required))


def words(
    name: str,
    label: str | tuple[str, ...],
    *,
    en: str,
    required: bool = False,
    personal: Personal | None = None,
    note: tuple[str, str] = ("", ""),
) -> pa.Column:
    """Free text."""
    return _column(Field(name, Type.TEXT, _labels(label), en, required=required, personal=personal, note=note))


def code(
    name: str,
    label: str | tuple[str, ...],
    codes: Codes,
    *,
    en: str,
    required: bool = False,
    note: tuple[str, str] = ("", ""),
) -> pa.Column:
    """A closed list of codes with the labels they go by."""
    listed = {value: _labels(labels) for value, labels in codes.items()}
    return _column(Field(name, Type.CODE, _labels(label), en, codes=listed, required=required, note=note))


def word_set(
    name: str,
    label: str | tuple[str, ...],
    *,
    en: str,
    codes: Codes | None = None,
    note: tuple[str, str] = ("", ""),
) -> pa.Column:
    """Several words in one cell, compared as a set."""
    listed = {value: _labels(labels) for value, labels in (codes or {}).items()}
    return _column(Field(name, Type.SET, _labels(label), en, codes=listed, note=note))


def whole(name: str, label: str | tuple[str, ...], *, en: str, unit: str = "", required: bool = False) -> pa.Column:
    """A whole number."""
    return _column(Field(name, Type.INT, _labels(label), en, unit=unit, required=required))


def money(name: str, label: str | tuple[str, ...], *, en: str) -> pa.Column:
    """An amount in yuan."""
    return _column(Field(name, Type.MONEY, _labels(label), en, unit="元"))


def share(name: str, label: str | tuple[str, ...], *, en: str) -> pa.Column:
    """A share between 0 and 1; 60% is understood."""
    return _column(Field(name, Type.SHARE, _labels(label), en))


def number(name: str, label: str | tuple[str, ...], *, en: str, unit: str = "") -> pa.Column:
    """A decimal number."""
    return _column(Field(name, Type.NUMBER, _labels(label), en, unit=unit))


def yes_no(name: str, label: str | tuple[str, ...], *, en: str) -> pa.Column:
    """Yes or no."""
    return _column(Field(name, Type.BOOL, _labels(label), en))


def day(name: str, label: str | tuple[str, ...], *, en: str, note: tuple[str, str] = ("", "")) -> pa.Column:
    """A date."""
    return _column(Field(name, Type.DATE, _labels(label), en, note=note))
