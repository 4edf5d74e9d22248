"""``audit replicate``: the source plan's printed figures beside those of an audit of its own sample."""

from __future__ import annotations

import json
from pathlib import Path

import click

from audit.cli.options import json_option, rules_option
from audit.cli.tables import console, print_table
from audit.language import Language, text
from audit.replicate import Compared, replicate

DIFFERENT = 1


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("replicate", help=text("replicate.help", lang))
    @click.option("--data", type=click.Path(path_type=Path), help=text("replicate.data", lang))
    @rules_option(lang)
    @json_option(lang)
    def command(data: Path | None, rules: Path | None, as_json: bool) -> int:
        result = replicate(rules, data)
        if as_json:
            click.echo(json.dumps([_record(one) for one in result.figures], ensure_ascii=False, indent=1))
            return 0 if result.whole else DIFFERENT
        heads = ("section", "figure", "printed", "found", "state")
        rows = [
            (
                one.figure.section,
                text(f"replicate.{one.figure.key}", lang),
                one.figure.printed,
                one.found,
                text(f"replicate.{_state(one)}", lang),
            )
            for one in result.figures
        ]
        print_table("", [(text(f"replicate.{head}", lang), head in {"printed", "found"}) for head in heads], rows)
        out = console()
        for one in result.figures:
            if one.figure.note and not one.same:
                out.print(text(one.figure.note, lang))
        same = sum(one.same for one in result.figures)
        explained = sum(one.explained and not one.same for one in result.figures)
        out.print(text("replicate.result", lang, same=same, explained=explained, count=len(result.figures)))
        return 0 if result.whole else DIFFERENT

    return command


def _state(one: Compared) -> str:
    if one.same:
        return "same"
    return "explained" if one.explained else "differs"


def _record(one: Compared) -> dict[str, object]:
    return {
        "figure": text(f"replicate.{one.figure.key}", "zh"),
        "figure_en": text(f"replicate.{one.figure.key}", "en"),
        "section": one.figure.section,
        "printed": one.figure.printed,
        "found": one.found,
        "state": _state(one),
        "note": text(one.figure.note, "zh") if one.figure.note else None,
        "note_en": text(one.figure.note, "en") if one.figure.note else None,
    }
