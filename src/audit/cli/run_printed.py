"""Prints what an audit found: rows, households, rules, and where the report is."""

from __future__ import annotations

from audit.cli.counts_printed import print_inputs, print_rules
from audit.cli.tables import console
from audit.gate import warning
from audit.language import Language, text
from audit.pipeline import AuditResult


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
