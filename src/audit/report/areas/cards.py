"""Makes the cards: masks what is personal, tells the evidence, puts the two income years side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from audit.contract import TABLES, Personal
from audit.language import Language, text
from audit.report.areas.card import Card, FindingLine, IncomeLine, Incomes
from audit.report.areas.rows import Entry, Found, Home, Income, Member, Past, Post
from audit.report.areas.told import Notes, Shown, Teller, amount, shown
from audit.report.links import entry_anchor
from audit.report.masking import mask
from audit.report.titles import column_title, source_name
from audit.rulebook import Rule
from audit.subjects import load_subject

#: The parts of an income, in the order in which they are added up; a part of the one above it stands further in.
INCOME_PARTS = (
    ("wage_income", False),
    ("post_income", True),
    ("production_income", False),
    ("property_income", False),
    ("share_dividend", True),
    ("transfer_income", False),
    ("production_expense", False),
    ("net_income", False),
    ("population", False),
    ("net_income_per_capita", False),
)


@dataclass(frozen=True)
class CardMaker:
    """Makes the cards of one run.

    Attributes:
        teller: tells the evidence.
        year: the audit year.
        as_of: the day of the audit.
        show_personal: whether personal data are shown in full.
    """

    teller: Teller
    year: int
    as_of: date
    show_personal: bool

    @property
    def lang(self) -> Language:
        """The language of the cards."""
        return self.teller.lang

    def card(self, entry: Entry, notes: Notes) -> Card:
        """Make the card of an entry; the notes of its page grow."""
        lines = [self._finding(found, notes) for found in entry.found]
        home = entry.kind == "household"
        return Card(
            anchor=entry_anchor(entry.kind, entry.id),
            of_household=home,
            part=entry.part,
            page=entry.page,
            kind="" if home else kind_title(entry.kind, self.lang),
            id=shown(entry.id),
            head=self._personal(entry.home.head, Personal.NAME) if entry.home else "",
            facts=self._facts(entry.home) if home else (),
            findings=tuple(line for line in lines if line.severity != "advisory"),
            hints=tuple(line for line in lines if line.severity == "advisory"),
            counted=entry.findings,
            rest=entry.findings + entry.hints - len(lines),
            incomes=self._incomes(entry.incomes),
            members=tuple(map(self._member, entry.members)),
            posts=tuple(map(self._post, entry.posts)),
            past=tuple(map(self._past, entry.past)),
            cut=self._cut(entry),
        )

    def _personal(self, value: str | None, kind: Personal) -> str:
        return shown(value if self.show_personal else mask(value, kind))

    def _finding(self, found: Found, notes: Notes) -> FindingLine:
        rule = self.teller.rules[found.rule_id]
        facts, standards = self.teller.evidence(rule, found.evidence, notes)
        chinese = self.lang == "zh"
        source = source_name(shown(found.file), shown(found.sheet))
        return FindingLine(
            rule_id=rule.id,
            title=rule.title if chinese else rule.title_en,
            severity="advisory" if found.set_apart else rule.severity,
            about=self._about(rule, found),
            message=shown(found.message),
            facts=facts,
            standards=standards,
            remedy=rule.remedy if chinese else rule.remedy_en,
            inspect=rule.inspect if chinese else rule.inspect_en,
            presence=found.presence,
            history=text(f"areas.since_{found.presence}", self.lang, day=found.first_seen),
            source=text("report.source", self.lang, file=source, row=found.row),
        )

    def _about(self, rule: Rule, found: Found) -> str:
        if found.subject_type == "household":
            return ""
        kind = rule.subject.title if self.lang == "zh" else rule.subject.title_en
        about = text("report.about", self.lang, kind=kind, id=shown(found.subject_id))
        return f"{about} {self._personal(found.person, Personal.NAME)}".strip()

    def _facts(self, home: Home | None) -> tuple[Shown, ...]:
        """What the registry says of a household; the last says in which row."""
        if home is None:
            return (Shown(text("areas.not_listed", self.lang), ""),)
        monitored = self._code("households", "monitor_category", home.monitor_category or "")
        lines = {
            "member_count": self._blank(home.member_count),
            "phone": self._blank(self._personal(home.phone, Personal.PHONE)),
            "household_type": self._blank(self._code("households", "household_type", home.household_type or "")),
            "lifted_year": "" if home.lifted_year is None else str(home.lifted_year),
            "monitor_category": monitored or text("areas.not_monitored", self.lang),
            "risk_cleared": self._yes(home.risk_cleared) if monitored else "",
            "deregistered_on": home.deregistered_on.isoformat() if home.deregistered_on else "",
        }
        source = source_name(shown(home.file), shown(home.sheet))
        return (
            *(Shown(column_title("households", name, self.lang), value) for name, value in lines.items() if value),
            Shown(text("areas.row_of", self.lang), text("areas.place", self.lang, file=source, row=home.row)),
        )

    def _code(self, table: str, column: str, code: str) -> str:
        labels = TABLES[table].by_name[column].codes.get(code, (code,))
        return labels[0] if self.lang == "zh" else code

    def _yes(self, value: bool | None) -> str:
        return self._blank(None) if value is None else text("engine.yes" if value else "engine.no", self.lang)

    def _blank(self, value: object) -> str:
        return text("areas.blank", self.lang) if value in {None, ""} else shown(value)

    def _incomes(self, incomes: Sequence[Income]) -> Incomes | None:
        if not incomes:
            return None
        by_year = {one.year: one for one in incomes}
        before, now = by_year.get(self.year - 1), by_year.get(self.year)
        lines = []
        for name, inner in INCOME_PARTS:
            first, second = (getattr(one, name) if one else None for one in (before, now))
            if first is None and second is None:
                continue
            cells = (amount(first) or "–", amount(second) or "–", _change(first, second))
            lines.append(IncomeLine(column_title("incomes", name, self.lang), cells, inner))
        places = [
            text("areas.place", self.lang, file=source_name(shown(one.file), shown(one.sheet)), row=one.row)
            for one in (before, now)
            if one
        ]
        return Incomes(self.year - 1, self.year, tuple(lines), text("areas.listed", self.lang).join(places))

    def _member(self, member: Member) -> tuple[str, ...]:
        left = text("areas.left", self.lang, day=member.left_on) if member.left_on else ""
        return (
            self._personal(member.name, Personal.NAME),
            shown(member.relation),
            self._code("persons", "sex", member.sex or ""),
            "" if member.age is None else str(member.age),
            self._personal(member.id_number, Personal.ID_NUMBER),
            text("areas.listed", self.lang).join(shown(one) for one in (member.health, member.student_status) if one),
            self._code("persons", "labour_ability", member.labour_ability or ""),
            left,
        )

    def _post(self, post: Post) -> tuple[str, ...]:
        return (
            self._personal(post.holder, Personal.NAME),
            self._code("posts", "post_type", post.post_type or ""),
            post.started_on.isoformat() if post.started_on else "",
            post.ended_on.isoformat() if post.ended_on else "",
            amount(post.annual_pay),
            "" if post.attendance_days is None else str(post.attendance_days),
        )

    def _past(self, past: Past) -> tuple[str, ...]:
        rule = self.teller.rules.get(past.rule_id)
        title = past.rule_id if rule is None else rule.title if self.lang == "zh" else rule.title_en
        about = ""
        if past.subject_type != "household":
            kind = kind_title(past.subject_type, self.lang)
            about = text("report.about", self.lang, kind=kind, id=shown(past.subject_id))
        state = text(f"history.{past.state}", self.lang)
        return (past.rule_id, title, about, past.first_seen.isoformat(), past.last_seen.isoformat(), state)

    def _cut(self, entry: Entry) -> tuple[str, ...]:
        return tuple(
            text(f"areas.cut_{name}", self.lang, shown=len(rows), count=count)
            for name, rows, count in (
                ("members", entry.members, entry.members_in_all),
                ("posts", entry.posts, entry.posts_in_all),
                ("past", entry.past, entry.past_in_all),
            )
            if len(rows) < count
        )


def _change(before: Decimal | int | None, now: Decimal | int | None) -> str:
    if before is None or now is None:
        return ""
    change = now - before
    return f"+{amount(change)}" if change > 0 else amount(change)


def kind_title(kind: str, lang: Language) -> str:
    """What a type of subject is called."""
    subject = load_subject(kind)
    return subject.title if lang == "zh" else subject.title_en
