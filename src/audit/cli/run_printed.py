"""Prints what an audit found: rows, households, rules, and where the report is."""

from __future__ import annotations

from collections.abc import Sequence, Set

from audit.cli.tables import console, print_table
from audit.findings.summary import InputLine, RuleLine, left_out
from audit.gate import warning
from audit.language import Language, text
from audit.model.shares import percent
from audit.pipeline import AuditResult

_ROWS = ("rows_read", "rows_accepted", "rows_quarantined")


def print_known(result: AuditResult, lang: Language) -> None:
    """Say that this has been audited already, and where that run is."""
    out = console()
    out.print(text("history.known_run", lang, run=result.run.run_id))
    if result.run.state == "held":
        out.print(text("history.held_line", lang, run=result.run.run_id), style="bold")
    out.print(text("cli.report_at", lang, path=result.folder / "index.html"))


def print_compared(result: AuditResult, lang: Language) -> None:
    """Print what changed since the run before."""
    out, run = console(), result.run
    if result.compared:
        words = {name: f"{number:,}" for name, number in {**run.presence, **run.absent}.items()}
        out.print(text("history.compared", lang, run=run.previous, as_of=result.compared.as_of, **words))
    else:
        out.print(text("history.compared_none", lang))
    if run.state == "held":
        out.print(text("history.held_line", lang, run=run.run_id), style="bold")
        for one in result.verdict.stops if result.verdict else ():
            out.print(f"  {warning(one, lang)}")
    if result.look_back_from:
        latest = {"latest": result.look_back_from.run_id, "latest_as_of": result.look_back_from.as_of}
        out.print(text("history.look_back_note", lang, as_of=run.as_of, **latest))
    if result.pruned:
        out.print(text("history.pruned", lang, runs=", ".join(result.pruned)))


def print_summary(result: AuditResult, lang: Language) -> None:
    """Print a run's numbers: rows, households, rules, and where the report is."""
    summary = result.summary
    out = console()
    out.print(text("cli.title", lang, run_id=summary.run_id, as_of=summary.as_of, year=summary.year), style="bold")
    print_inputs(summary.inputs, lang)
    for name in summary.unread:
        out.print(text("cli.unread", lang, file=name))
    for note in summary.notes:
        out.print(note.message(lang))
    counts = {"households": summary.households, "persons": summary.persons, "flagged": summary.flagged_households}
    out.print(text("cli.counts", lang, **{name: f"{number:,}" for name, number in counts.items()}))
    out.print(text("cli.findings", lang, **{name: f"{number:,}" for name, number in summary.findings.items()}))
    print_compared(result, lang)
    if summary.set_apart:
        out.print(text("advisory.line", lang, count=f"{summary.advisory_findings:,}"))
    print_rules(summary.rules, summary.set_apart, lang)
    out.print(text("cli.report_at", lang, path=result.folder / "index.html"))


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
