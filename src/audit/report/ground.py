"""What all builders of pages stand on: the run's tables, its numbers, its policy, and how its pages look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import jinja2

from audit.findings.summary import RunSummary
from audit.gate import Verdict
from audit.language import Language
from audit.measured import MeasuredPrecision
from audit.report.layout import Frame, Head, write_page
from audit.rulebook import Rulebook
from audit.runs.record import Run


@dataclass(frozen=True)
class Night:
    """What a run is held against.

    Attributes:
        before: the run it was compared with, if there is one.
        verdict: what the gate says.
        presence: findings by presence.
        absent: findings of the run before that are gone, by reason.
        measured: how often inspectors found each rule right, by rule id.
    """

    before: Run | None
    verdict: Verdict
    presence: Mapping[str, int]
    absent: Mapping[str, int]
    measured: Mapping[str, MeasuredPrecision] = field(default_factory=dict)


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
        night: what the run is held against.
        show_personal: whether personal data are shown in full.
        areas: whether the run has pages of its areas, to which others may link.
        names: what areas are called, by their 12 digits.
    """

    con: duckdb.DuckDBPyConnection
    folder: Path
    templates: jinja2.Environment
    frame: Frame
    summary: RunSummary
    rulebook: Rulebook
    night: Night
    show_personal: bool = False
    areas: bool = True
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def lang(self) -> Language:
        """The language of the pages."""
        return self.frame.lang

    def write(self, template: str, head: Head, **context: object) -> Path:
        """Lay a page out and write it to its place."""
        return write_page(self.folder, self.templates, template, self.frame, head, **context)
