"""The subjects of rules and the facts known about each: one SELECT and one declaration per subject.

``household.sql`` makes the facts once per run; ``household.yaml`` says what each fact means, which columns it
needs and when it is unknown. A rule may name these facts and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources

import yaml

from audit.contract import TABLES
from audit.subjects.needs import Needs, parse_needs

#: In the order in which their facts are made: posts look at their holders' facts, households at their defects'.
SUBJECTS = (
    "defect",
    "household",
    "person",
    "post",
    "industry_support",
    "dividend_contract",
    "renovation",
    "yard_wall",
    "pairing",
    "helper",
    "training_need",
    "loan_application",
    "loan_product",
    "village",
    "village_post_type",
    "township",
    "project",
    "allocation",
    "asset",
    "proceeds",
    "notice",
    "hotline",
    "appointment",
    "subsidy_payment",
)
#: What several subjects share, made before the first of them.
SHARED = "shared.sql"
#: Tables that several subjects are made from, one SELECT each; made once, when the first of these is.
SHARED_TABLES = ("posts_with_holders",)


class Kind(StrEnum):
    """What kind of value a fact is."""

    BOOL = "bool"
    INT = "int"
    MONEY = "money"
    NUMBER = "number"
    QUOTIENT = "quotient"
    RANGE = "range"
    TEXT = "text"
    CODE = "code"
    DATE = "date"


@dataclass(frozen=True)
class Fact:
    """One thing known about a subject.

    Attributes:
        name: as rules name it.
        kind: what kind of value it is. A quotient is kept as two columns, ``name__n`` over ``name__d``;
            a range, a count with unknown rows, as its least and its most, ``name__lo`` and ``name__hi``.
        title: Chinese title.
        title_en: English title.
        unit: of an amount, in Chinese.
        needs: the columns it is made of.
        needs_text: the same as it is declared, ``a.x and (b.y or b.z)``.
        unknown: when it is unknown, in Chinese.
        unknown_en: the same in English.
        positive: whether it is over 0 wherever it is known.
        codes: for codes, the Chinese and English labels.
        parameters: the parameters that decide which rows it counts.
        always_known: whether it is never unknown.
    """

    name: str
    kind: Kind
    title: str
    title_en: str
    unit: str
    needs: Needs
    needs_text: str
    unknown: str
    unknown_en: str
    positive: bool = False
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)
    parameters: tuple[str, ...] = ()
    always_known: bool = False


@dataclass(frozen=True)
class Subject:
    """What rules are about: a household, a person, a post.

    Attributes:
        name: as rules name it; also the ``subject_type`` of findings.
        table: the table whose rows it is made of.
        title: Chinese title.
        title_en: English title.
        sql: the SELECT that makes its facts.
        facts: by name, in the order of the declaration.
    """

    name: str
    table: str
    title: str
    title_en: str
    sql: str
    facts: Mapping[str, Fact]


@cache
def load_subject(name: str) -> Subject:
    """Give a subject with its facts."""
    folder = resources.files(__name__)
    declared = yaml.load(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    facts = {fact: _fact(fact, entry) for fact, entry in declared["facts"].items()}
    sql = folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return Subject(name, declared["table"], declared["title"], declared["title_en"], sql, facts)


@cache
def shared_sql() -> str:
    """Give the statements that make what several subjects share."""
    return resources.files(__name__).joinpath(SHARED).read_text(encoding="utf-8")


@cache
def shared_table_sql(name: str) -> str:
    """Give the SELECT of a table that several subjects are made from."""
    return resources.files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _fact(name: str, entry: dict[str, object]) -> Fact:
    return Fact(
        name=name,
        kind=Kind(str(entry["type"])),
        title=str(entry["title"]),
        title_en=str(entry["title_en"]),
        unit=str(entry.get("unit", "")),
        needs=parse_needs(str(entry["needs"])),
        needs_text=" ".join(str(entry["needs"]).split()),
        unknown=str(entry["unknown"]),
        unknown_en=str(entry["unknown_en"]),
        positive=bool(entry.get("positive", False)),
        codes=_codes(entry),
        parameters=tuple(str(entry.get("parameters", "")).split()),
        always_known=bool(entry.get("always_known", False)),
    )


def _codes(entry: dict[str, object]) -> dict[str, tuple[str, str]]:
    if "of" in entry:
        table, _, column = str(entry["of"]).partition(".")
        return {code: (labels[0], code) for code, labels in TABLES[table].by_name[column].codes.items()}
    english = entry.get("codes_en", {})
    chinese = entry.get("codes", {})
    if not isinstance(chinese, dict) or not isinstance(english, dict):
        return {}
    return {str(code): (str(label), str(english[code])) for code, label in chinese.items()}
