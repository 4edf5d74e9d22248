"""What is expected of an extract before anything else is believed: the contents of ``gate.yaml`` once read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from audit.contract import TABLES, Type

Severity = Literal["stop", "warn"]
#: How a value is written.
Form = Literal["presence", "count", "share", "money", "days"]


class Metric(StrEnum):
    """What is measured. Shares lie between 0 and 1; amounts are in yuan; dates are told in days before the audit."""

    PRESENT = "present"
    ROWS_READ = "rows_read"
    ROWS = "rows"
    QUARANTINED = "quarantined"
    BLANKS = "blanks"
    SUM = "sum"
    MEAN = "mean"
    NEWEST = "newest"
    UNKNOWN_CODES = "unknown_codes"
    CODE_SHARE = "code_share"
    NEW_CODES = "new_codes"
    KEY_OVERLAP = "key_overlap"

    @property
    def form(self) -> Form:
        """How its values are written."""
        return _FORMS.get(self, "share")

    @property
    def of_columns(self) -> bool:
        """Whether it is measured column by column, and not table by table."""
        return self in _TYPES or self is Metric.BLANKS

    @property
    def in_townships(self) -> bool:
        """Whether it is also measured in each township."""
        return self in {Metric.ROWS, Metric.KEY_OVERLAP}

    @property
    def compares(self) -> bool:
        """Whether it is itself a comparison with earlier runs, so that there is nothing to take a median of."""
        return self in {Metric.KEY_OVERLAP, Metric.NEW_CODES}

    @property
    def counted(self) -> bool:
        """Whether it counts: nothing there is 0, not unknown."""
        return self in {Metric.PRESENT, Metric.ROWS_READ, Metric.ROWS}

    @property
    def rests_on_many(self) -> bool:
        """Whether it rests on a number of rows or cells, so that it says little where these are few."""
        return self not in {Metric.PRESENT, Metric.NEWEST, Metric.NEW_CODES}

    def names(self) -> tuple[str, ...]:
        """The tables, or the columns as ``table.column``, of which it can be measured."""
        if self is Metric.KEY_OVERLAP:
            return ("households",)
        if not self.of_columns:
            return tuple(TABLES)
        return tuple(
            f"{table.name}.{field.name}"
            for table in TABLES.values()
            for field in table.fields
            if (field.type in _TYPES[self] if self in _TYPES else not field.required)
        )


_FORMS: Mapping[Metric, Form] = {
    Metric.PRESENT: "presence",
    Metric.ROWS_READ: "count",
    Metric.ROWS: "count",
    Metric.NEW_CODES: "count",
    Metric.SUM: "money",
    Metric.MEAN: "money",
    Metric.NEWEST: "days",
}
_CODED = (Type.CODE, Type.BOOL)
_TYPES: Mapping[Metric, tuple[Type, ...]] = {
    Metric.SUM: (Type.MONEY,),
    Metric.MEAN: (Type.MONEY,),
    Metric.NEWEST: (Type.DATE,),
    Metric.UNKNOWN_CODES: _CODED,
    Metric.CODE_SHARE: _CODED,
    Metric.NEW_CODES: _CODED,
}


@dataclass(frozen=True)
class Bounds:
    """Between what a value should lie; None for no bound.

    Attributes:
        min: at least this.
        max: at most this.
        min_ratio: at least this times the median of the last runs.
        max_ratio: at most this times the median of the last runs.
        max_fall: at most so much below the median of the last runs.
        max_rise: at most so much above the median of the last runs.
    """

    min: Decimal | None = None
    max: Decimal | None = None
    min_ratio: Decimal | None = None
    max_ratio: Decimal | None = None
    max_fall: Decimal | None = None
    max_rise: Decimal | None = None

    @property
    def relative(self) -> bool:
        """Whether any bound depends on the last runs."""
        return any(one is not None for one in (self.min_ratio, self.max_ratio, self.max_fall, self.max_rise))


@dataclass(frozen=True)
class Expectation:
    """One expectation of an extract.

    Attributes:
        id: its name.
        title: Chinese title.
        title_en: English title.
        severity: whether a run that doesn't meet it is held, or only warned of.
        metric: what is measured.
        of: tables, or columns as ``table.column``.
        townships: whether it is measured in each township instead of over the whole extract.
        bounds: between what the value should lie.
        at_least: it is not held where the value rests on fewer rows or cells than this.
        about: why it is expected, in Chinese; may be empty.
        about_en: the same in English.
        remedy: what to do if it isn't met, in Chinese.
        remedy_en: the same in English.
    """

    id: str
    title: str
    title_en: str
    severity: Severity
    metric: Metric
    of: tuple[str, ...]
    townships: bool
    bounds: Bounds
    at_least: int
    about: str
    about_en: str
    remedy: str
    remedy_en: str


@dataclass(frozen=True)
class Gate:
    """All expectations of an extract.

    Attributes:
        runs: with how many of the last runs tonight's is compared.
        expectations: in the order of the file.
        digest: SHA-256 of the file.
    """

    runs: int
    expectations: tuple[Expectation, ...]
    digest: str

    @property
    def townships(self) -> tuple[tuple[str, str], ...]:
        """The metrics and tables that are measured in each township."""
        return tuple(
            sorted({(one.metric.value, table) for one in self.expectations if one.townships for table in one.of})
        )


#: Holds nothing up: an audit that was told to go without a gate. The extract is measured all the same.
OPEN_GATE = Gate(runs=1, expectations=(), digest="")
