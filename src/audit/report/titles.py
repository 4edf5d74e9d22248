"""What tables, columns, files and severities are called on a page."""

from __future__ import annotations

from collections.abc import Set

from audit.contract import TABLES
from audit.language import Language, text
from audit.report.masking import harmless
from audit.rulebook import Rule


def severity_word(severity: str, lang: Language) -> str:
    """The word for what ``severity_of`` gives."""
    return text("advisory.word", lang) if severity == "advisory" else text(f"report.{severity or 'indicator'}", lang)


def severity_of(rule: Rule, set_apart: Set[str]) -> str:
    """What a rule's findings count as: high, medium, low, advisory, or indicator."""
    return "advisory" if rule.id in set_apart else rule.severity or "indicator"


def rule_title(rule: Rule, lang: Language) -> str:
    """What a rule looks for, in one line."""
    return rule.title if lang == "zh" else rule.title_en


def source_name(file: str, sheet: str) -> str:
    """A file, and its sheet where it has some."""
    return f"{harmless(file)} [{harmless(sheet)}]" if sheet else harmless(file)


def table_title(table: str, lang: Language) -> str:
    """What a table is called."""
    return TABLES[table].title if lang == "zh" else TABLES[table].title_en


def column_title(table: str, column: str, lang: Language) -> str:
    """What a column is called."""
    field = TABLES[table].by_name[column]
    return field.title if lang == "zh" else field.title_en
