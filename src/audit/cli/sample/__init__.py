"""``audit sample``: from the plan of a sample to what it says about the audit."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import click

from audit.language import Language, text

#: Command, module that makes it; each module has one function ``make_<command>``.
COMMANDS = {
    "plan": "plan",
    "frame": "frame",
    "draw": "draw",
    "list": "look",
    "replace": "acts",
    "extend": "acts",
    "second-stage": "acts",
    "second-visits": "acts",
    "discard": "acts",
    "verify": "look",
    "explain": "look",
    "sheets": "sheets",
    "record": "record",
    "estimate": "estimate",
}


class SampleGroup(click.Group):
    """A group whose commands are imported when they are asked for: distributions take a while to load."""

    def __init__(self, lang: Language) -> None:
        super().__init__("sample", help=text("sample_command.help", lang), no_args_is_help=True)
        self.lang = lang

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{COMMANDS[cmd_name]}")
        make_command: Callable[[Language], click.Command] = getattr(module, f"make_{_plain(cmd_name)}")
        return make_command(self.lang)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section(text("cli.commands", self.lang)):
            formatter.write_dl([(name, text(f"sample_command.{_plain(name)}", self.lang)) for name in COMMANDS])


def _plain(name: str) -> str:
    return name.replace("-", "_")


def make(lang: Language) -> click.Command:
    """Make the group in one language."""
    return SampleGroup(lang)
