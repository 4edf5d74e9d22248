"""Writes the findings of an area as a workbook for Excel and WPS: one row per finding, every cell text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from audit.contract import Personal
from audit.findings.summary import RunSummary
from audit.language import Language, text
from audit.model.shares import percent
from audit.report.areas.told import Notes, Shown, Teller
from audit.report.masking import mask
from audit.report.titles import rule_title, severity_of, severity_word
from audit.report.written import one_line
from audit.rulebook import Rulebook

BOOK = "findings.xlsx"
_MADE = datetime(2000, 1, 1)
_A4 = 9
#: Points of a line of text, and of the highest row that is made for long texts.
_LINE, _HIGHEST = 15.0, 240.0
#: The longest text that Excel takes in a cell, and the most rows in a sheet.
_CELL, _ROWS = 32_767, 1_048_575
_FINDINGS = {
    "severity": 8, "rule": 9, "title": 24, "village": 14, "household": 20, "head": 10, "about": 22, "message": 44,
    "facts": 40, "standards": 30, "remedy": 36, "presence": 8, "first_seen": 12, "source": 34, "row": 8,
}  # fmt: skip
_RULES = {
    "rule": 9, "title": 36, "severity": 8, "population": 10, "flagged": 10, "rate": 10, "undecided": 10,
    "households": 10,
}  # fmt: skip
_ABSENT = {"rule": 9, "title": 36, "subject": 24, "household": 20, "first_seen": 12, "reason": 14}
#: The columns that stay in sight while one scrolls to the right.
_FROZEN = {"findings": 5, "rules": 1, "absent": 1}


@dataclass(frozen=True)
class BookOf:
    """What a workbook is about.

    Attributes:
        con: what is of the area.
        summary: its numbers.
        rulebook: the rules as they were then.
        area: what the area is called.
        lang: the language of the workbook.
        show_personal: whether names are shown in full.
    """

    con: duckdb.DuckDBPyConnection
    summary: RunSummary
    rulebook: Rulebook
    area: str
    lang: Language
    show_personal: bool

    def head(self, name: str) -> str:
        """The heading of a column."""
        return text(f"slices.col_{name}", self.lang)

    def title(self, rule_id: str) -> str:
        """What a rule looks for."""
        rule = self.rulebook.rule(rule_id)
        return rule_title(rule, self.lang) if rule else ""


def write_book(about: BookOf, path: Path) -> Path:
    """Write the workbook; the same input gives the same bytes."""
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        title = text("slices.book_title", about.lang, area=one_line(about.area))
        book.set_properties({"title": title, "created": _MADE})
        base = {"text_wrap": True, "valign": "top", "num_format": "@"}
        cell = book.add_format(base)
        head = book.add_format({**base, "bold": True, "bg_color": "#DDEBF7", "border": 1})
        _explain(book.add_worksheet(text("slices.sheet_about", about.lang)), about, cell)
        for name, widths, rows in (
            ("findings", _FINDINGS, _finding_rows(about)),
            ("rules", _RULES, _rule_rows(about)),
            ("absent", _ABSENT, _absent_rows(about)),
        ):
            sheet = book.add_worksheet(text(f"slices.sheet_{name}", about.lang))
            _fill(sheet, [about.head(column) for column in widths], list(widths.values()), rows, (head, cell))
            sheet.freeze_panes(1, _FROZEN[name])
    return path


def _explain(sheet: Worksheet, about: BookOf, cell: Format) -> None:
    sheet.set_column(0, 0, 100)
    values = {"area": one_line(about.area), "run_id": about.summary.run_id, "as_of": about.summary.as_of}
    lines = [text(f"slices.about_{name}", about.lang, **values) for name in ("what", "clue", "elsewhere", "mask")]
    for place, line in enumerate(lines):
        sheet.write_string(place, 0, line, cell)


def _fill(
    sheet: Worksheet,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Iterator[Sequence[str]],
    formats: tuple[Format, Format],
) -> None:
    head, cell = formats
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heads[place], head)
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > _ROWS:
            break
        sheet.set_row(number, _height(row, widths))
        for place, value in enumerate(row):
            sheet.write_string(number, place, value[:_CELL], cell)
    sheet.autofilter(0, 0, max(number, 1), len(heads) - 1)


def _height(row: Sequence[str], widths: Sequence[int]) -> float:
    """The height of a row in points: WPS and LibreOffice do not fit it to wrapped text by themselves.

    A Chinese character is twice as wide as the digits in which the width of a column is counted.
    """
    lines = max(
        -(-sum(1 if one.isascii() else 2 for one in text) // width) for text, width in zip(row, widths, strict=True)
    )
    return min(_LINE * max(lines, 1), _HIGHEST)


def _finding_rows(about: BookOf) -> Iterator[Sequence[str]]:
    """The findings as they are worked through: by village and household, severe ones first, hints last."""
    message = "message" if about.lang == "zh" else "message_en"
    teller = Teller({rule.id: rule for rule in about.rulebook.rules}, about.rulebook.parameters, about.lang)
    rows = about.con.execute(f"""
        SELECT f.rule_id, coalesce(h.village_name, v.area_name, ''), coalesce(f.household_id, ''),
            coalesce(h.head_name, ''), f.subject_type, f.subject_id, coalesce(p.name, ''), f.{message}, f.evidence,
            f.presence, CAST(f.first_seen AS VARCHAR), coalesce(f.source_file, ''), coalesce(f.source_sheet, ''),
            coalesce(CAST(f.source_row AS VARCHAR), '')
        FROM findings AS f
        LEFT JOIN households AS h ON h.household_id = f.household_id
        LEFT JOIN persons AS p ON p.person_id = f.person_id
        LEFT JOIN areas AS v ON v.area_code = f.area_code AND v.area_level IN ('township', 'village')
            AND f.household_id IS NULL
        ORDER BY f.set_apart, coalesce(h.area_code, f.area_code), f.household_id IS NULL, f.household_id,
            CASE f.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, f.rule_id, f.subject_id
    """).fetchall()
    for rule_id, village, household, head, kind, subject, person, told, evidence, presence, seen, *source in rows:
        rule = teller.rules[rule_id]
        facts, standards = teller.evidence(rule, evidence, Notes())
        title = rule.subject.title if about.lang == "zh" else rule.subject.title_en
        name = person if about.show_personal else mask(person, Personal.NAME)
        file, sheet, row = source
        yield (
            severity_word(severity_of(rule, about.summary.set_apart), about.lang),
            rule_id,
            one_line(rule_title(rule, about.lang)),
            one_line(village),
            one_line(household),
            one_line(head if about.show_personal else mask(head, Personal.NAME)),
            one_line(name if kind == "household" else f"{title} {subject} {name}".strip()),
            one_line(told),
            _joined(facts, about.lang),
            _joined(standards, about.lang),
            one_line(rule.remedy if about.lang == "zh" else rule.remedy_en),
            text(f"history.{presence}", about.lang),
            seen,
            one_line(f"{file} [{sheet}]" if sheet else file),
            row,
        )


def _joined(values: Sequence[Shown], lang: Language) -> str:
    return one_line(("；" if lang == "zh" else "; ").join(f"{one.title} {one.value}" for one in values))


def _rule_rows(about: BookOf) -> Iterator[Sequence[str]]:
    for line in about.summary.rules:
        rule, counts = line.status.rule, line.counts
        if line.status.status != "evaluated":
            continue
        yield (
            rule.id,
            one_line(rule_title(rule, about.lang)),
            severity_word(severity_of(rule, about.summary.set_apart), about.lang),
            str(counts.population),
            str(counts.flagged),
            percent(counts.flagged, counts.population),
            str(counts.undecided),
            str(counts.households_flagged),
        )


def _absent_rows(about: BookOf) -> Iterator[Sequence[str]]:
    rows = about.con.execute(
        "SELECT rule_id, subject_id, coalesce(household_id, ''), coalesce(CAST(first_seen AS VARCHAR), ''), reason "
        "FROM absent ORDER BY rule_id, subject_id, finding_id"
    ).fetchall()
    for rule_id, subject, household, seen, reason in rows:
        told = text(f"history.{reason}", about.lang)
        yield rule_id, one_line(about.title(rule_id)), one_line(subject), one_line(household), seen, told
