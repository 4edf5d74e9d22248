"""Prints what was read and what each rule counted, of an audit or of a tryout."""

from __future__ import annotations

from collections.abc import Sequence, Set

from audit.cli.tables import console, print_table
from audit.findings.summary import InputLine, RuleLine, left_out
from audit.language import Language, text
from audit.model.shares import percent

_ROWS = ("rows_read", "rows_accepted", "rows_quarantined")


def print_inputs(inputs: Sequence[InputLine], lang: Language) -> None:
    """Print how many rows of each sheet went where; derived rows count where they were read."""
    rows: list[tuple[str, ...]] = [
        (
            line.table,
            f"{line.file} [{line.sheet}]" if line.sheet else line.file,
            f"{line.rows_read:,}",
            f"{line.rows_accepted:,}",
            f"{line.rows_quarantined:,}",
            text("cli.derived", lang) if line.derived else "",
        )
        for line in inputs
    ]
    counted = [line for line in inputs if not line.derived]
    totals = (sum(getattr(line, name) for line in counted) for name in _ROWS)
    rows.append((text("cli.total", lang), "", *(f"{total:,}" for total in totals), ""))
    heads = ("table", "file", *_ROWS, "note")
    print_table("", [(text(f"cli.{head}", lang), head in _ROWS) for head in heads], rows)


def print_rules(lines: Sequence[RuleLine], set_apart: Set[str], lang: Language) -> None:
    """Print what each rule counted, and why the others were not asked."""
    columns = ("rule", "rule_title", "severity", "share", "rate", "undecided", "not_applicable", "state")
    numbers = {"share", "rate", "undecided", "not_applicable"}
    print_table(
        "",
        [(text(f"cli.{head}", lang), head in numbers) for head in columns],
        [_rule_row(line, set_apart, lang) for line in lines if line.status.status != "not_evaluated"],
    )
    for reason, rules in left_out(lines):
        ids = ", ".join(rule.id for rule in rules)
        console().print(text("cli.left_out", lang, reason=reason.message(lang), rules=ids))


def _rule_row(line: RuleLine, set_apart: Set[str], lang: Language) -> tuple[str, ...]:
    rule, counts = line.status.rule, line.counts
    title = rule.title if lang == "zh" else rule.title_en
    severity = text("advisory.word" if rule.id in set_apart else f"cli.{rule.severity or 'indicator'}", lang)
    if line.status.status != "evaluated":
        reason = line.status.reason.message(lang) if line.status.reason else ""
        return (rule.id, title, severity, "", "", "", "", f"{text(f'cli.{line.status.status}', lang)} {reason}")
    return (
        rule.id,
        title,
        severity,
        f"{counts.flagged:,} / {counts.population:,}",
        percent(counts.flagged, counts.population),
        f"{counts.undecided:,}",
        f"{counts.not_applicable:,}",
        "",
    )
