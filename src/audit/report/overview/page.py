"""The context of the overview: frozen values, harmless already, that the template only lays out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.findings.summary import InputLine, RunSummary
from audit.history.absent import REASONS
from audit.history.presence import PRESENCES
from audit.language import Language, text
from audit.model.shares import percent
from audit.report.ground import Ground, Night
from audit.report.links import INDEX, QUARANTINE, RULES, rule_page
from audit.report.masking import harmless
from audit.report.titles import rule_title, source_name, table_title


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the overview, with what it is a part of, and the page that tells more."""

    title: str
    count: str
    share: str = ""
    style: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a small table: a word and a number."""

    title: str
    count: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since the run before; without a run before, a sentence says so."""

    told: str
    here: tuple[Counted, ...]
    gone: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class GateState:
    """What the gate said."""

    style: str
    told: str
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rules that were not evaluated for one reason: their ids, titles and pages."""

    reason: str
    rules: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class InputRow:
    """One sheet that was read as one table."""

    table: str
    file: str
    derived: bool
    read: str
    accepted: str
    quarantined: str
    digest: str


def tiles(summary: RunSummary, lang: Language, townships_at: str = f"{INDEX}#townships") -> tuple[Tile, ...]:
    """The state of the county in numbers, each with its denominator."""
    findings = sum(summary.findings.values())
    undecided = sum(line.counts.undecided for line in summary.rules)
    rules = sum(1 for line in summary.rules if line.counts.undecided)
    flagged = percent(summary.flagged_households, summary.households)
    shown = [
        Tile(text("report.households", lang), f"{summary.households:,}", _persons(summary, lang)),
        Tile(
            text("report.flagged_households", lang),
            f"{summary.flagged_households:,}",
            text("overview.of_households", lang, share=flagged),
            page=townships_at,
        ),
        *(
            Tile(
                text(f"report.findings_{severity}", lang),
                f"{summary.findings[severity]:,}",
                text("overview.of_findings", lang, share=percent(summary.findings[severity], findings)),
                severity,
                RULES,
            )
            for severity in ("high", "medium", "low")
        ),
        Tile(
            text("report.undecided", lang),
            f"{undecided:,}",
            text("overview.undecided_rules", lang, rules=rules),
            page=RULES,
        ),
        Tile(
            text("report.rows_quarantined", lang),
            f"{summary.rows_quarantined:,}",
            text("overview.of_rows", lang, rows=f"{summary.rows_read:,}"),
            page=QUARANTINE,
        ),
        Tile(text("report.cell_faults", lang), f"{summary.cell_faults:,}", page=f"{QUARANTINE}#cells"),
    ]
    if summary.set_apart:
        told = text("overview.not_counted", lang)
        shown.append(Tile(text("advisory.word", lang), f"{summary.advisory_findings:,}", told, "advisory", RULES))
    return tuple(shown)


def _persons(summary: RunSummary, lang: Language) -> str:
    return text("overview.persons", lang, persons=f"{summary.persons:,}")


def changes(night: Night, lang: Language) -> Changes:
    """What became of the findings since the run before."""
    if night.before is None:
        return Changes(text("overview.no_run_before", lang), (), ())
    told = text("overview.compared", lang, run=night.before.run_id, as_of=night.before.as_of)
    here = tuple(Counted(text(f"history.{name}", lang), f"{night.presence[name]:,}") for name in PRESENCES)
    gone = tuple(Counted(text(f"history.{name}", lang), f"{night.absent[name]:,}") for name in REASONS)
    return Changes(told, here, gone)


def gate_state(night: Night, lang: Language) -> GateState:
    """What the gate said when the extract came in; whether the run was released stands on the gate's page."""
    verdict = night.verdict
    state = "held" if verdict.stop else "warned" if verdict.warnings else "passed"
    style = {"held": "stop", "warned": "warn", "passed": ""}[state]
    failed = (*verdict.stops, *verdict.warnings)
    told = text("gate_page.index_held", lang) if state == "held" else text(f"gate_page.{state}", lang)
    return GateState(style, told, tuple(harmless(one.title if lang == "zh" else one.title_en) for one in failed))


def left_out(summary: RunSummary, lang: Language) -> tuple[LeftOut, ...]:
    """The rules that were not evaluated, by reason."""
    return tuple(
        LeftOut(
            harmless(reason.message(lang)),
            tuple((rule.id, harmless(rule_title(rule, lang)), rule_page(rule.id)) for rule in rules),
        )
        for reason, rules in summary.not_evaluated
    )


def input_rows(lines: Sequence[InputLine], lang: Language) -> tuple[InputRow, ...]:
    """What was read, by table and sheet."""
    return tuple(
        InputRow(
            table_title(line.table, lang),
            source_name(line.file, line.sheet),
            line.derived,
            f"{line.rows_read:,}",
            f"{line.rows_accepted:,}",
            f"{line.rows_quarantined:,}",
            line.sha256,
        )
        for line in lines
    )


def broken(ground: Ground) -> tuple[tuple[str, str, str], ...]:
    """The rules that failed while they were run: id, reason and page."""
    return tuple(
        (
            line.status.rule.id,
            harmless(line.status.reason.message(ground.lang) if line.status.reason else ""),
            rule_page(line.status.rule.id),
        )
        for line in ground.summary.rules
        if line.status.status == "broken"
    )
