"""What came of holding an extract against its expectations, as it is shown, kept and read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit.errors import AuditError
from audit.gate.expectation import Form, Severity
from audit.language import Language, text


class Status(StrEnum):
    """What became of an expectation, or of one value that it looks at; in the order in which they are shown."""

    FAILED = "failed"
    PASSED = "passed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Result:
    """One value and what came of holding it.

    Attributes:
        status: what came of it.
        reason: why it failed (unknown, below, above) or was not held; empty if it passed.
        table: the table.
        column: the column, or empty.
        code: the code, or empty.
        area_code: the township, or empty for the whole extract.
        area_name: its name, or empty.
        observed: the value; empty if it is unknown.
        lowest: the least that was expected, or empty.
        highest: the most that was expected, or empty.
        reference: the median of the last runs, or empty.
        compared: the runs compared with, newest first.
        sentence: the same in a Chinese sentence.
        sentence_en: the same in an English sentence.
    """

    status: Status
    reason: str
    table: str
    column: str
    code: str
    area_code: str
    area_name: str
    observed: str
    lowest: str
    highest: str
    reference: str
    compared: tuple[str, ...]
    sentence: str
    sentence_en: str

    def told(self, lang: Language) -> str:
        """The sentence in one language."""
        return self.sentence if lang == "zh" else self.sentence_en


@dataclass(frozen=True)
class Held:
    """One expectation and what came of it.

    Attributes:
        id, title, title_en, severity, about, about_en, remedy, remedy_en: as in ``gate.yaml``.
        metric: what was measured.
        form: how its values are written.
        passed: how many values were as expected.
        failed: how many were not.
        not_applicable: how many were not held.
        results: the first of them, those that failed before the others.
    """

    id: str
    title: str
    title_en: str
    severity: Severity
    about: str
    about_en: str
    remedy: str
    remedy_en: str
    metric: str
    form: Form
    passed: int
    failed: int
    not_applicable: int
    results: tuple[Result, ...]

    @property
    def status(self) -> Status:
        """Failed if any value is; passed only if one was really held."""
        if self.failed:
            return Status.FAILED
        return Status.PASSED if self.passed else Status.NOT_APPLICABLE

    @property
    def failures(self) -> tuple[Result, ...]:
        """The values that are not as expected, as far as they are shown."""
        return tuple(one for one in self.results if one.status is Status.FAILED)


class GateWarningError(AuditError):
    """Something about the extract is not as expected, and the audit goes on."""

    def __init__(self, held: Held) -> None:
        super().__init__("gate.note")
        self.held = held

    def message(self, lang: Language) -> str:
        """Tell what was expected, what was found first, and how much else."""
        return warning(self.held, lang)


def warning(held: Held, lang: Language) -> str:
    """An expectation that isn't met, in a line."""
    title = held.title if lang == "zh" else held.title_en
    more = text("gate.more", lang, count=f"{held.failed - 1:,}") if held.failed > 1 else ""
    return text("gate.note", lang, title=title, sentence=held.failures[0].told(lang), more=more)


@dataclass(frozen=True)
class Verdict:
    """Whether tonight's extract is plausible.

    Attributes:
        as_of: the day of the audit.
        compared: the earlier runs that were there to compare with, newest first.
        damaged: earlier runs whose profile can't be read.
        digest: SHA-256 of the file of expectations.
        held: the expectations, in the order of their file.
    """

    as_of: date
    compared: tuple[str, ...]
    damaged: tuple[str, ...]
    digest: str
    held: tuple[Held, ...]

    @property
    def stop(self) -> bool:
        """Whether the run is to be held until a person has looked."""
        return bool(self.stops)

    @property
    def stops(self) -> tuple[Held, ...]:
        """The expectations because of which the run is held."""
        return self._failed("stop")

    @property
    def warnings(self) -> tuple[Held, ...]:
        """The expectations that aren't met and that hold nothing up."""
        return self._failed("warn")

    @property
    def notes(self) -> tuple[GateWarningError, ...]:
        """The warnings as the notes of a run."""
        return tuple(GateWarningError(one) for one in self.warnings)

    def _failed(self, severity: Severity) -> tuple[Held, ...]:
        return tuple(one for one in self.held if one.severity == severity and one.status is Status.FAILED)


@dataclass(frozen=True)
class Release:
    """That a person has looked at a run that was held, and let it pass.

    Attributes:
        because: the reason in the person's own words.
        when: the day and time, as they are to be shown.
    """

    because: str
    when: str
