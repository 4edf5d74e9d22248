"""``audit history``: lists the runs, or follows a household or a finding over them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from audit.cli.options import json_option
from audit.cli.tables import console, print_table
from audit.history.absent import REASONS
from audit.history.follow import Followed, follow
from audit.history.presence import PRESENCES
from audit.language import Language, text
from audit.runs.line import Line, read_line
from audit.runs.record import Run


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("history", help=text("history.history_help", lang))
    @click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), help=text("history.out", lang))
    @click.option("--household", metavar="ID", help=text("history.history_household", lang))
    @click.option("--finding", metavar="ID", help=text("history.history_finding", lang))
    @json_option(lang)
    def history(out: Path, household: str | None, finding: str | None, as_json: bool) -> int:
        line = read_line(out)
        if line.latest and (household or finding):
            _show_followed(follow(line.latest, household=household, finding=finding), as_json, lang)
        else:
            _show_runs(line, out, as_json, lang)
        return 0

    return history


def _show_runs(line: Line, out: Path, as_json: bool, lang: Language) -> None:
    runs = sorted(line.runs.values(), key=lambda run: (run.finished, run.run_id))
    if as_json:
        click.echo(json.dumps([_plain(run, line) for run in runs], ensure_ascii=False, indent=1))
        return
    if not runs:
        console().print(text("history.no_runs", lang, folder=out))
        return
    numbers = (*PRESENCES, *REASONS)
    heads = [(text(f"history.{head}", lang), False) for head in ("run", "as_of", "state")]
    rows = [
        (
            run.run_id + (" *" if run is line.latest else ""),
            run.as_of.isoformat(),
            text(f"history.{run.state}", lang),
            *(f"{run.presence.get(name, run.absent.get(name, 0)):,}" for name in numbers),
        )
        for run in runs
    ]
    print_table("", [*heads, *((text(f"history.{name}", lang), True) for name in numbers)], rows)


def _plain(run: Run, line: Line) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "as_of": run.as_of.isoformat(),
        "state": run.state,
        "latest": run is line.latest,
        "previous": run.previous,
        "presence": dict(run.presence),
        "absent": dict(run.absent),
        "released_because": run.release.because if run.release else None,
    }


def _show_followed(found: tuple[Followed, ...], as_json: bool, lang: Language) -> None:
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1, default=str))
        return
    if not found:
        console().print(text("history.none_found", lang))
        return
    heads = ("rule", "subject", "first_seen", "last_seen", "state", "recurrences", "finding")
    rows = [
        (
            one.rule_id,
            one.subject_id,
            one.first_seen.isoformat(),
            one.last_seen.isoformat(),
            text(f"history.{one.state}", lang),
            str(one.recurrences),
            one.finding_id,
        )
        for one in found
    ]
    print_table("", [(text(f"history.{head}", lang), head == "recurrences") for head in heads], rows)
