"""The tables of a rehearsal as people read them, on the terminal and on the page."""

from __future__ import annotations

from dataclasses import dataclass

from audit.language import Language, text
from audit.rehearsal.summary import RehearsalSummary, RuleLine, RuleSide, TownshipLine, Workload
from audit.report.masking import harmless


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule under both policies; ``cells`` are the columns ``RULE_COLUMNS``."""

    id: str
    title: str
    cells: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """The workload of one township; ``households`` and ``findings`` are the columns ``WORK_COLUMNS``."""

    title: str
    code: str
    population: str
    households: tuple[str, ...]
    findings: tuple[str, ...]


#: Flagged of the population under each policy, then the findings that change.
RULE_COLUMNS = ("flagged_old", "flagged_new", "gained", "lost", "changed", "not_evaluated")
WORK_COLUMNS = ("old", "new", "gained", "lost", "changed", "not_evaluated")


def rule_rows(summary: RehearsalSummary, lang: Language) -> tuple[RuleRow, ...]:
    """Every rule of both policies."""
    return tuple(
        RuleRow(
            line.rule.id,
            line.rule.title if lang == "zh" else line.rule.title_en,
            (_share(line.old), _share(line.new), *_changes(line.findings)),
            _state(line, lang),
        )
        for line in summary.rules
    )


def township_rows(summary: RehearsalSummary, lang: Language) -> tuple[TownshipRow, ...]:
    """Every township, and last the whole registry, which also has what lies in no township."""
    rows = [_township(line, harmless(line.title) or line.code) for line in summary.townships]
    return (*rows, _township(summary.total, text("rehearsal.total", lang)))


def _township(line: TownshipLine, title: str) -> TownshipRow:
    return TownshipRow(title, line.code, f"{line.population:,}", _counts(line.households), _counts(line.findings))


def _share(side: RuleSide) -> str:
    return "–" if side.flagged is None else f"{side.flagged:,} / {side.population:,}"


def _changes(work: Workload | None) -> tuple[str, ...]:
    if work is None:
        return ("",) * 4
    return tuple(f"{count:,}" for count in (work.gained, work.lost, work.changed, work.not_evaluated))


def _counts(work: Workload) -> tuple[str, ...]:
    return (*("–" if count is None else f"{count:,}" for count in (work.old, work.new)), *_changes(work))


def _state(line: RuleLine, lang: Language) -> str:
    """Where a rule is missing or was not evaluated, and why."""
    if line.old.status == "absent":
        told = [text("rehearsal.only_new", lang), _trouble(line.new, "new", lang)]
    elif line.new.status == "absent":
        told = [text("rehearsal.only_old", lang), _trouble(line.old, "old", lang)]
    elif _reason(line.old, lang) == _reason(line.new, lang) and line.old.status == line.new.status:
        told = [_trouble(line.new, "both", lang)]
    else:
        told = [_trouble(line.old, "old", lang), _trouble(line.new, "new", lang)]
    return " ".join(one for one in told if one)


def _trouble(side: RuleSide, which: str, lang: Language) -> str:
    if side.status not in {"not_evaluated", "broken"}:
        return ""
    policy = text(f"rehearsal.{which}_policy", lang)
    return text(f"rehearsal.side_{side.status}", lang, policy=policy, reason=_reason(side, lang))


def _reason(side: RuleSide, lang: Language) -> str:
    return side.reason.message(lang) if side.reason else ""
