"""A group of commands that are imported when they are asked for, so that help answers at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

import click
from click.exceptions import NoSuchCommand

from audit.language import Language, text


class LazyGroup(click.Group):
    """A group whose commands are imported one by one.

    Args:
        name: the group's name.
        lang: the language of its help.
        section: the section of the catalogue with its help and a line for each command.
        commands: by name, in the order of use, the module that makes a command and the function in it.
    """

    def __init__(self, name: str, lang: Language, section: str, commands: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(name, help=text(f"{section}.help", lang), no_args_is_help=True)
        self.lang = lang
        self.section = section
        self.made = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of use."""
        return list(self.made)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.made:
            return None
        module, function = self.made[cmd_name]
        make: Callable[[Language], click.Command] = getattr(import_module(module), function)
        return make(self.lang)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is asked for; of one that is not there the nearest are told."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=self.made, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section(text("cli.commands", self.lang)):
            lines = ((name, text(f"{self.section}.{name.replace('-', '_')}", self.lang)) for name in self.made)
            formatter.write_dl(list(lines))
