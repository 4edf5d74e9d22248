"""``audit run``: audits a registry and prints what was found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from audit.cli.options import clock, json_option, today
from audit.cli.run_printed import print_known, print_summary
from audit.cli.setting_options import given_settings, sectioned_command, setting_options
from audit.cli.tables import progress_bar
from audit.configuration import run_settings
from audit.configuration.declare import SEVERITIES
from audit.language import Language, text
from audit.night import run_night
from audit.pipeline import STEPS

MET = 1
BROKEN = 2
HELD = 3


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("run", cls=sectioned_command(lang), help=text("cli.run_help", lang))
    @setting_options(lang)
    @click.argument("data", type=click.Path(path_type=Path), required=False)
    @json_option(lang)
    @click.pass_context
    def run(context: click.Context, /, *, config: Path | None, as_json: bool, **_flags: object) -> int:
        settings = run_settings(given_settings(context, config), Path())
        with progress_bar(STEPS, lang) as progress:
            result, outcome = run_night(
                settings,
                today=today(),
                clock=clock,
                warn=lambda trouble: click.echo(trouble.message(lang), err=True),
                progress=progress,
            )
        if as_json:
            click.echo((result.folder / "run.json").read_text(encoding="utf-8"), nl=False)
        elif result.computed is None:
            print_known(result, lang)
        else:
            print_summary(result, lang)
        if outcome.broken:
            return BROKEN
        if outcome.state == "held":
            return HELD
        return MET if settings.fail_on and _met(outcome.findings, settings.fail_on) else 0

    return run


def _met(findings: Mapping[str, int], severity: str) -> bool:
    """Whether there is a finding as severe as asked for, or more."""
    return any(findings[one] for one in SEVERITIES[: SEVERITIES.index(severity) + 1])
