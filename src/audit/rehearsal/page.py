"""Writes the page of a rehearsal: it opens from its folder, without a network, with personal data masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb

from audit.contract import Personal
from audit.language import Language, section, text
from audit.rehearsal.compare import Change
from audit.rehearsal.summary import RehearsalSummary
from audit.rehearsal.tables import RULE_COLUMNS, WORK_COLUMNS, rule_rows, township_rows
from audit.report.layout import Frame, Head, environment, write_page
from audit.report.links import INDEX
from audit.report.masking import harmless, mask
from audit.rulebook import Rule
from audit.rulebook.policy import Chosen
from audit.subjects import load_subject

#: So many households are shown of those that gain a finding, and of those that lose one; all are in the file.
HOUSEHOLDS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter with its values under both policies, one line per area."""

    name: str
    title: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextRow:
    """A part of a rule under both policies."""

    rule_id: str
    title: str
    part: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FindingCard:
    """A gained or lost finding."""

    rule_id: str
    title: str
    about: str
    message: str


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A household with its gained or lost findings; without number for findings of no household."""

    household_id: str
    head: str
    village: str
    findings: tuple[FindingCard, ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """The first households with a finding that is gained or lost.

    Attributes:
        change: ``gained`` or ``lost``.
        households: the first of them.
        note: how many are shown of how many there are.
    """

    change: str
    households: tuple[HouseholdCard, ...]
    note: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A household to visit."""

    rank: int
    household_id: str
    head: str
    village: str
    gained: str
    lost: str
    ticket: str


def build_page(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    summary: RehearsalSummary,
    *,
    lang: Language = "zh",
    show_personal: bool = False,
) -> Path:
    """Write ``index.html``.

    Args:
        con: the rehearsal's database: changes, drawn if there is a draw, households.
        folder: where the page goes.
        summary: the rehearsal's numbers.
        lang: language of the page.
        show_personal: whether names are shown in full.

    Returns:
        The page written.
    """
    people = _People(lang, show_personal)
    rules = {line.rule.id: line.rule for line in summary.rules}
    lines = list(zip(summary.rules, rule_rows(summary, lang), strict=True))
    asked = [line.asked for line in summary.rules if not line.told]
    told = {"run_id": summary.run_id, "as_of": summary.as_of, "year": summary.year}
    return write_page(
        folder,
        environment("audit.rehearsal"),
        "rehearsal.html.j2",
        Frame(summary.run_id, summary.as_of, lang),
        Head(INDEX, text("rehearsal.title", lang), subtitle=text("rehearsal.subtitle", lang, **told)),
        t=section("rehearsal", lang),
        summary=summary,
        parameters=_parameter_rows(summary, lang),
        texts=_text_rows(summary, rules, lang),
        rules=[row for line, row in lines if line.told],
        alike=[row for line, row in lines if not line.told],
        alike_words=text("rehearsal.alike", lang, unchanged=asked.count(True), unasked=asked.count(False)),
        rule_columns=RULE_COLUMNS,
        townships=township_rows(summary, lang),
        work_columns=WORK_COLUMNS,
        visits=_visit_rows(con, people) if summary.seed is not None else None,
        seed=harmless(summary.seed),
        affected=[_affected(con, change, rules, people) for change in (Change.GAINED, Change.LOST)],
    )


@dataclass(frozen=True)
class _People:
    """How people are shown."""

    lang: Language
    show_personal: bool

    def name(self, value: str) -> str:
        return harmless(value) if self.show_personal else harmless(mask(value, Personal.NAME))


def _parameter_rows(summary: RehearsalSummary, lang: Language) -> tuple[ParameterRow, ...]:
    return tuple(
        ParameterRow(
            one.parameter.name,
            one.parameter.title if lang == "zh" else one.parameter.title_en,
            _values(one.old, lang),
            _values(one.new, lang),
        )
        for one in summary.parameters
    )


def _values(chosen: Sequence[Chosen], lang: Language) -> tuple[str, ...]:
    shown = [
        text(
            "rehearsal.value",
            lang,
            value=one.dated.value,
            area=one.dated.area or text("rehearsal.everywhere", lang),
            state=text(f"rehearsal.{one.state.value}", lang),
            source=one.dated.source,
        )
        for one in chosen
    ]
    return tuple(harmless(one) for one in shown) or (text("rehearsal.no_parameter", lang),)


def _text_rows(summary: RehearsalSummary, rules: dict[str, Rule], lang: Language) -> tuple[TextRow, ...]:
    other = "message_en" if lang == "zh" else "message"
    return tuple(
        TextRow(
            one.rule_id,
            rules[one.rule_id].title if lang == "zh" else rules[one.rule_id].title_en,
            text(f"rehearsal.part_{one.part}", lang),
            harmless(one.old),
            harmless(one.new),
        )
        for one in summary.texts
        if one.part != other
    )


def _visit_rows(con: duckdb.DuckDBPyConnection, people: _People) -> tuple[VisitRow, ...]:
    rows = con.execute("""
        SELECT v.rank, v.household_id, coalesce(h.head_name, ''), coalesce(h.village_name, v.area_code, ''),
            coalesce(v.gained_rules, ''), coalesce(v.lost_rules, ''), v.ticket
        FROM drawn AS v LEFT JOIN households AS h ON h.household_id = v.household_id ORDER BY v.rank
    """).fetchall()
    return tuple(
        VisitRow(rank, harmless(household), people.name(head), harmless(village), gained, lost, ticket[:8])
        for rank, household, head, village, gained, lost, ticket in rows
    )


def _affected(con: duckdb.DuckDBPyConnection, change: str, rules: dict[str, Rule], people: _People) -> Affected:
    """The first households with such a finding; findings of no household come after those of households."""
    message = f"c.message{'' if people.lang == 'zh' else '_en'}_{'new' if change == Change.GAINED else 'old'}"
    # Households sort before findings of no household, which stand each for itself.
    unit = "coalesce('0' || household_id, '1' || rule_id || ' ' || subject_id)"
    (total,) = con.execute(f"SELECT count(DISTINCT {unit}) FROM changes WHERE change = '{change}'").fetchall()
    rows = con.execute(f"""
        WITH units AS (SELECT DISTINCT {unit} AS unit FROM changes WHERE change = '{change}'),
        shown AS (FROM units ORDER BY unit LIMIT {HOUSEHOLDS_SHOWN})
        SELECT s.unit, coalesce(c.household_id, ''), coalesce(h.head_name, ''), coalesce(h.village_name, ''),
            c.rule_id, c.subject_type, c.subject_id, {message}
        FROM (SELECT *, {unit} AS unit FROM changes WHERE change = '{change}') AS c
        JOIN shown AS s ON s.unit = c.unit
        LEFT JOIN households AS h ON h.household_id = c.household_id
        ORDER BY s.unit, c.rule_id, c.subject_id
    """).fetchall()
    cards = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        findings = list(group)
        _, household, head, village = findings[0][:4]
        cards.append(
            HouseholdCard(
                harmless(household),
                people.name(head),
                harmless(village),
                tuple(_finding(*finding[4:], rules=rules, lang=people.lang) for finding in findings),
            )
        )
    note = text("rehearsal.shown", people.lang, shown=f"{len(cards):,}", count=f"{total[0]:,}")
    return Affected(change, tuple(cards), note)


def _finding(
    rule_id: str, subject_type: str, subject_id: str, message: str, *, rules: dict[str, Rule], lang: Language
) -> FindingCard:
    subject = load_subject(subject_type)
    kind = subject.title if lang == "zh" else subject.title_en
    return FindingCard(
        rule_id,
        rules[rule_id].title if lang == "zh" else rules[rule_id].title_en,
        "" if subject_type == "household" else harmless(f"{kind} {subject_id}"),
        harmless(message),
    )
