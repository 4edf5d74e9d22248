"""``audit diff``: compares the findings of two runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from audit.cli.options import json_option
from audit.cli.tables import console, print_table
from audit.history.diff import CHANGES, RuleChanges, by_rule, compared, write_changes
from audit.language import Language, text
from audit.runs.record import read_record

REASONS = ("fixed", "not_evaluated", "unit_gone", "unknown")


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("diff", help=text("history.diff_help", lang))
    @click.argument("before")
    @click.argument("after")
    @click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), help=text("history.out", lang))
    @click.option("--list", "listed", type=click.Path(path_type=Path), help=text("history.diff_list", lang))
    @json_option(lang)
    def diff(before: str, after: str, out: Path, listed: Path | None, as_json: bool) -> int:
        with compared(read_record(out / before), read_record(out / after)) as con:
            rules = by_rule(con)
            if as_json:
                click.echo(json.dumps([asdict(rule) for rule in rules], ensure_ascii=False, indent=1))
            else:
                _show(rules, lang)
            if listed:
                write_changes(con, listed)
                console().print(text("cli.written", lang, path=listed))
        return 0

    return diff


def _show(rules: tuple[RuleChanges, ...], lang: Language) -> None:
    rows = [
        (
            rule.rule_id,
            *(f"{rule.changes[change]:,}" for change in CHANGES),
            "，".join(
                f"{text(f'history.{reason}', lang)} {rule.reasons[reason]:,}"
                for reason in REASONS
                if rule.reasons.get(reason)
            ),
        )
        for rule in rules
    ]
    total = (f"{sum(rule.changes[change] for rule in rules):,}" for change in CHANGES)
    rows.append((text("history.total", lang), *total, ""))
    heads = [(text("history.rule", lang), False), *((text(f"history.{change}", lang), True) for change in CHANGES)]
    print_table("", [*heads, (text("history.reason", lang), False)], rows)
