"""``audit gate``: checks what is expected of an extract, and shows what came of holding one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from audit.cli.options import json_option, rules_option
from audit.cli.tables import console
from audit.gate import Held, Verdict, find_gate, load_gate, read_verdict
from audit.gate.record import verdict_record
from audit.language import Language, text


def make(lang: Language) -> click.Command:
    """Make the group in one language."""
    group = click.Group("gate", help=text("gate_command.help", lang), no_args_is_help=True)

    @group.command("check", help=text("gate_command.help_check", lang))
    @rules_option(lang)
    def check(rules: Path | None) -> None:
        file = find_gate(rules)
        gate = load_gate(file)
        stops = sum(1 for one in gate.expectations if one.severity == "stop")
        warns = len(gate.expectations) - stops
        click.echo(text("gate_command.right", lang, file=file, stops=stops, warns=warns, runs=gate.runs))

    @group.command("show", help=text("gate_command.help_show", lang))
    @click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
    @json_option(lang)
    def show(run: Path, as_json: bool) -> None:
        verdict = read_verdict(run)
        if as_json:
            click.echo(json.dumps(verdict_record(verdict), ensure_ascii=False, indent=1))
        else:
            _print(verdict, lang)

    return group


def _print(verdict: Verdict, lang: Language) -> None:
    out = console()
    state = "held" if verdict.stop else "warned" if verdict.warnings else "passed"
    out.print(text(f"gate_page.{state}", lang), style="bold")
    runs = ", ".join(verdict.compared) or text("gate_command.none", lang)
    out.print(text("gate_command.compared", lang, runs=runs))
    for name in verdict.damaged:
        out.print(text("gate_command.damaged", lang, run=name))
    for held in (*verdict.stops, *verdict.warnings, *(one for one in verdict.held if not one.failed)):
        for line in _lines(held, lang):
            out.print(line, soft_wrap=True)


def _lines(held: Held, lang: Language) -> list[str]:
    counts = text("gate_page.counts", lang, **_counts(held))
    line = text(
        "gate_command.line",
        lang,
        severity=text(f"gate_page.{held.severity}", lang),
        status=text(f"gate_page.seen_{held.status.value}", lang),
        title=held.title if lang == "zh" else held.title_en,
        id=held.id,
        counts=counts,
    )
    return [line, *(f"    {one.told(lang)}" for one in held.failures)]


def _counts(held: Held) -> dict[str, str]:
    return {name: f"{getattr(held, name):,}" for name in ("passed", "failed", "not_applicable")}
