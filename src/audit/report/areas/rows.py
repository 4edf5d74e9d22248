"""The rows behind the area pages, as they are read: nothing here is masked yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class VillageRow:
    """One village of a township in numbers, or what is known of the township only.

    Attributes:
        township, village: 12 digits, or ``unknown``.
        names: county, township and village as the registry calls them.
        households: registered households.
        flagged: households with a finding that is counted.
        findings: findings that are counted, ``severe`` the severe ones, ``hints`` those set apart.
        fresh: counted findings that are new or have come back.
        pages: pages of the village; 0 without a finding. ``sheet_pages`` have a household on them.
    """

    township: str
    village: str
    names: tuple[str, str, str]
    households: int
    flagged: int
    findings: int
    severe: int
    hints: int
    fresh: int
    pages: int
    sheet_pages: int


@dataclass(frozen=True, slots=True)
class Found:
    """One finding."""

    rule_id: str
    set_apart: bool
    subject_type: str
    subject_id: str
    person: str
    message: str
    evidence: str
    presence: str
    first_seen: date
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Home:
    """A household as its row in the registry says."""

    head: str | None
    phone: str | None
    member_count: int | None
    household_type: str | None
    lifted_year: int | None
    monitor_category: str | None
    risk_cleared: bool | None
    deregistered_on: date | None
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Income:
    """One year's income of a household; every amount in yuan, None where it is not known."""

    year: int
    population: int | None
    wage_income: Decimal | None
    post_income: Decimal | None
    production_income: Decimal | None
    property_income: Decimal | None
    share_dividend: Decimal | None
    transfer_income: Decimal | None
    production_expense: Decimal | None
    net_income: Decimal | None
    net_income_per_capita: Decimal | None
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household."""

    person_id: str
    name: str | None
    relation: str | None
    sex: str | None
    age: int | None
    id_number: str | None
    health: str | None
    labour_ability: str | None
    student_status: str | None
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Post:
    """One public-welfare post held by a person of a household."""

    holder: str | None
    post_type: str | None
    started_on: date | None
    ended_on: date | None
    annual_pay: Decimal | None
    attendance_days: int | None


@dataclass(frozen=True, slots=True)
class Past:
    """A finding of an earlier run that is not found now, and why."""

    rule_id: str
    subject_type: str
    subject_id: str
    first_seen: date
    last_seen: date
    state: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A flagged household, or another subject of findings, with all that its card shows.

    Attributes:
        kind, id: ``household`` and its number, or the type and the number of another subject.
        village: 12 digits, or ``unknown``; ``page`` its page there.
        part: the part of the page in which it stands.
        findings, hints: how many there are; ``found`` has the first of them.
        members_in_all, posts_in_all, past_in_all: how many there are of the others.
    """

    kind: str
    id: str
    village: str
    page: int
    part: int
    findings: int
    severe: int
    hints: int
    home: Home | None
    found: tuple[Found, ...]
    incomes: tuple[Income, ...]
    members: tuple[Member, ...]
    posts: tuple[Post, ...]
    past: tuple[Past, ...]
    members_in_all: int
    posts_in_all: int
    past_in_all: int
