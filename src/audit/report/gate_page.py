"""Writes the page of the gate: what was expected of the extract, what was found, and what to do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from audit.gate import Held, Release, Result, Status, Verdict
from audit.gate.profile import Key
from audit.gate.sentences import expected, place, written
from audit.language import Language, section, text
from audit.report.layout import WHOLE_SITE, Frame, Head, environment, write_page
from audit.report.links import GATE, INDEX
from audit.report.masking import harmless


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the overview."""

    title: str
    count: int


@dataclass(frozen=True, slots=True)
class FailedRow:
    """An expectation that is not met."""

    id: str
    title: str
    severity: str
    style: str
    about: str
    remedy: str
    sentences: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value that an expectation looks at."""

    place: str
    status: str
    observed: str
    expected: str
    reference: str
    runs: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ExpectationRow:
    """One expectation with the values that it looks at."""

    id: str
    title: str
    severity: str
    status: str
    counts: str
    values: tuple[ValueRow, ...]
    shown: str


@dataclass(frozen=True, slots=True)
class GatePage:
    """What the page shows.

    Attributes:
        run_id: the run's name.
        as_of: the day of the audit.
        state: whether the run is held, published, or published with warnings.
        meaning: what that means.
        released: who let a held run pass and why, if somebody did.
        tiles: the expectations in numbers.
        compared: the runs compared with.
        damaged: the runs that could not be compared with.
        failed: the expectations that are not met, those that hold the run first.
        command: the command that releases the run; empty if there is nothing to release.
        rows: all expectations.
    """

    run_id: str
    as_of: date
    state: str
    meaning: str
    released: Release | None
    tiles: tuple[Tile, ...]
    compared: tuple[str, ...]
    damaged: tuple[str, ...]
    failed: tuple[FailedRow, ...]
    command: str
    rows: tuple[ExpectationRow, ...]


def write_gate_page(
    folder: Path, verdict: Verdict, lang: Language = "zh", *, run_id: str, release: Release | None = None
) -> Path:
    """Write ``gate.html``.

    Args:
        folder: where the page goes.
        verdict: what came of holding the extract.
        lang: language of the page.
        run_id: the run's name, which a release asks for.
        release: that a person has let the run pass, if one has.

    Returns:
        The page written.
    """
    # Whoever runs an audit without pages has this one alone, with nothing to lead to.
    navigation = WHOLE_SITE if (folder / INDEX).is_file() else ()
    return write_page(
        folder,
        environment(),
        "gate.html.j2",
        Frame(run_id, verdict.as_of, lang, navigation=navigation),
        Head(GATE, text("gate_page.title", lang)),
        t=section("gate_page", lang),
        page=gate_page(verdict, lang, run_id, release),
    )


def gate_page(verdict: Verdict, lang: Language, run_id: str, release: Release | None = None) -> GatePage:
    """The context of the page, in one language."""
    state = "held" if verdict.stop else "warned" if verdict.warnings else "passed"
    if verdict.stop and release:
        state = "let_pass"
    counted = {
        "stops": len(verdict.stops),
        "warnings": len(verdict.warnings),
        "status_passed": sum(1 for one in verdict.held if one.status is Status.PASSED),
        "status_not_applicable": sum(1 for one in verdict.held if one.status is Status.NOT_APPLICABLE),
    }
    return GatePage(
        run_id=run_id,
        as_of=verdict.as_of,
        state=text(f"gate_page.{state}", lang),
        meaning=text(f"gate_page.{state}_meaning", lang),
        released=Release(harmless(release.because), harmless(release.when)) if release else None,
        tiles=tuple(Tile(text(f"gate_page.{name}", lang), count) for name, count in counted.items()),
        compared=tuple(map(harmless, verdict.compared)),
        damaged=tuple(map(harmless, verdict.damaged)),
        failed=tuple(_failed(one, lang) for one in (*verdict.stops, *verdict.warnings)),
        command=text("gate_page.command", lang, run_id=run_id) if state == "held" else "",
        rows=tuple(_row(one, lang) for one in verdict.held),
    )


def _failed(held: Held, lang: Language) -> FailedRow:
    sentences = tuple(harmless(one.told(lang)) for one in held.failures)
    rest = held.failed - len(sentences)
    return FailedRow(
        id=held.id,
        title=harmless(held.title if lang == "zh" else held.title_en),
        severity=text(f"gate_page.{held.severity}", lang),
        style="high" if held.severity == "stop" else "medium",
        about=harmless(held.about if lang == "zh" else held.about_en),
        remedy=harmless(held.remedy if lang == "zh" else held.remedy_en),
        sentences=sentences,
        more=text("gate_page.more", lang, count=f"{rest:,}") if rest else "",
    )


def _row(held: Held, lang: Language) -> ExpectationRow:
    counts = {"passed": held.passed, "failed": held.failed, "not_applicable": held.not_applicable}
    shown, count = len(held.results), sum(counts.values())
    return ExpectationRow(
        id=held.id,
        title=harmless(held.title if lang == "zh" else held.title_en),
        severity=text(f"gate_page.{held.severity}", lang),
        status=text(f"gate_page.seen_{held.status.value}", lang),
        counts=text("gate_page.counts", lang, **{name: f"{number:,}" for name, number in counts.items()}),
        values=tuple(_value(held, one, lang) for one in held.results),
        shown=text("gate_page.shown", lang, shown=shown, count=f"{count:,}") if shown < count else "",
    )


def _value(held: Held, result: Result, lang: Language) -> ValueRow:
    about = Key(held.metric, result.table, result.column or None, result.code or None, result.area_code or None)
    lowest, highest, observed, reference = (
        Fraction(one) if one else None for one in (result.lowest, result.highest, result.observed, result.reference)
    )
    return ValueRow(
        place=harmless(place(about, result.area_name, lang)),
        status=text(f"gate_page.status_{result.status.value}", lang),
        observed="–" if observed is None else written(held.form, observed, lang),
        expected=expected(held.form, lowest, highest, lang) or "–",
        reference="–" if reference is None else written(held.form, reference, lang),
        runs=len(result.compared),
        sentence=harmless(result.told(lang)),
    )
