"""What one column of the contract is: its name, type, labels, codes, unit and whether it is personal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Type(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    AREA = "area"
    CODE = "code"
    SET = "set"
    INT = "int"
    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"
    BOOL = "bool"
    DATE = "date"


class Personal(StrEnum):
    """Which part of a personal value may be shown: see ``audit.report.masking``."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    ACCOUNT = "account"

    @property
    def shown(self) -> tuple[int, int]:
        """How many characters may be shown, at the beginning and at the end: contract.md, section 5."""
        return {"name": (1, 0), "id_number": (6, 1), "phone": (3, 2), "account": (0, 4)}[self.value]


#: The type that holds a read value in DuckDB. Money keeps six decimals so that no amount met in an
#: export is rounded towards a threshold; a share keeps ten, since 1/3 % is met.
SQL_TYPES: Mapping[Type, str] = {
    Type.TEXT: "VARCHAR",
    Type.IDENTIFIER: "VARCHAR",
    Type.AREA: "VARCHAR",
    Type.CODE: "VARCHAR",
    Type.SET: "VARCHAR",
    Type.INT: "BIGINT",
    Type.MONEY: "DECIMAL(18,6)",
    Type.SHARE: "DECIMAL(18,10)",
    Type.NUMBER: "DECIMAL(18,6)",
    Type.BOOL: "BOOLEAN",
    Type.DATE: "DATE",
}


@dataclass(frozen=True)
class Field:
    """One column of a table, as declared.

    Attributes:
        name: the canonical name, as in ``contract.md``.
        type: how its cells are read.
        labels: header labels met in exports; the first is the column's Chinese title.
        title_en: the English title.
        codes: for code lists, the labels of each code; the first label is the one shown.
        unit: the unit of an amount in Chinese, or nothing.
        personal: which kind of personal value it is, or None.
        required: a row without it is quarantined.
        references: the table whose key it holds, or None.
        note: what a reader of the data dictionary should know, Chinese and English.
    """

    name: str
    type: Type
    labels: tuple[str, ...]
    title_en: str
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""
    personal: Personal | None = None
    required: bool = False
    references: str | None = None
    note: tuple[str, str] = ("", "")

    @property
    def title(self) -> str:
        """The Chinese title: the first label."""
        return self.labels[0]

    @property
    def sql_type(self) -> str:
        """The DuckDB type of a read value."""
        return SQL_TYPES[self.type]

    @property
    def folded(self) -> bool:
        """Whether full-width forms are folded before the cell is read (all but free text)."""
        return self.type is not Type.TEXT
