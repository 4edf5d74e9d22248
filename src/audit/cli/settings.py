"""``audit settings``: what is set here, by whom, and an ``audit.toml`` to start from."""

from __future__ import annotations

import json
from pathlib import Path

import click

from audit.cli.options import json_option
from audit.cli.setting_options import given_settings, sectioned_group, setting_options
from audit.cli.tables import print_table
from audit.configuration.describe import describe_settings, example_file, origin
from audit.configuration.shown import shown
from audit.language import Language, text

_COLUMNS = ("key", "flag", "value", "origin")


def make(lang: Language) -> click.Command:
    """Make the group in one language."""

    @click.group(
        "settings", cls=sectioned_group(lang), help=text("configuration.help", lang), invoke_without_command=True
    )
    @setting_options(lang)
    @json_option(lang)
    @click.pass_context
    def group(context: click.Context, /, *, config: Path | None, as_json: bool, **_flags: object) -> None:
        if context.invoked_subcommand:
            return
        found = given_settings(context, config)
        if as_json:
            click.echo(json.dumps(describe_settings(found, lang), ensure_ascii=False, indent=1))
            return
        rows = [
            (one.setting.key, one.setting.flag, shown(one.setting, one.value) or "–", origin(one, lang))
            for one in found
        ]
        print_table("", [(text(f"configuration.head_{column}", lang), False) for column in _COLUMNS], rows)

    @group.command("example", help=text("configuration.help_example", lang))
    def example() -> None:
        click.echo(example_file(lang), nl=False)

    return group
