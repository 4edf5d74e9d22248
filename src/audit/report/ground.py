"""What all builders of pages stand on: the run's tables, its numbers, its policy, and how its pages look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import jinja2

from audit.findings.summary import RunSummary
from audit.language import Language
from audit.report.layout import Frame, Head, write_page
from audit.rulebook import Rule, Rulebook


@dataclass(frozen=True)
class Ground:
    """What a builder of pages is given.

    Attributes:
        con: the run's database: findings, rates, cooccurrence, households, persons, household_facts, quarantine,
            cell_faults, source_files.
        folder: the run's folder.
        templates: the templates of all pages.
        frame: what all pages say about the run.
        summary: the run's numbers.
        rulebook: the rules and parameters.
        show_personal: whether personal data are shown in full.
    """

    con: duckdb.DuckDBPyConnection
    folder: Path
    templates: jinja2.Environment
    frame: Frame
    summary: RunSummary
    rulebook: Rulebook
    show_personal: bool = False

    @property
    def lang(self) -> Language:
        """The language of the pages."""
        return self.frame.lang

    def rule_title(self, rule: Rule) -> str:
        """A rule's title in the language of the pages."""
        return rule.title if self.lang == "zh" else rule.title_en

    def write(self, template: str, head: Head, **context: object) -> Path:
        """Lay a page out and write it to its place."""
        return write_page(self.folder, self.templates, template, self.frame, head, **context)
