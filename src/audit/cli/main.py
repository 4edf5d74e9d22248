"""The command ``audit``: parses, calls the library, prints. Each command is imported when it is used."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module, metadata

import click

from audit.errors import AuditError
from audit.language import LANGUAGES, Language, text

#: Command, module that makes it.
COMMANDS = {
    "run": "audit.cli.run",
    "explain": "audit.cli.explain",
    "rehearse": "audit.cli.rehearse",
    "rules": "audit.cli.rules",
    "facts": "audit.cli.facts",
    "parameters": "audit.cli.parameters",
    "data": "audit.cli.data",
    "map": "audit.cli.map",
    "generate": "audit.cli.generate",
    "schedule": "audit.cli.schedule",
    "replicate": "audit.cli.replicate",
}
NOT_RUN = 2
INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for, so that help answers at once."""

    def __init__(self, lang: Language) -> None:
        super().__init__("audit", help=text("cli.help", lang), no_args_is_help=True)
        self.lang = lang

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).make(self.lang)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section(text("cli.commands", self.lang)):
            formatter.write_dl([(name, text(f"cli.{name}", self.lang)) for name in COMMANDS])


def take_language(arguments: Sequence[str]) -> tuple[Language, list[str]]:
    """Take ``--lang`` out of the arguments, wherever it stands; else AUDIT_LANG, else Chinese."""
    rest = list(arguments)
    chosen = os.environ.get("AUDIT_LANG", "zh")
    for place, argument in enumerate(rest):
        name, _, value = argument.partition("=")
        if name == "--lang":
            chosen = value or (rest[place + 1] if place + 1 < len(rest) else "")
            del rest[place : place + (1 if value else 2)]
            break
    for lang in LANGUAGES:
        if lang == chosen:
            return lang, rest
    raise click.UsageError(text("cli.unknown_language", "zh", lang=chosen))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives the exit code and shows no traceback."""
    lang: Language = "zh"
    try:
        lang, rest = take_language(arguments)
        group = LazyGroup(lang)
        click.version_option(metadata.version("household-audit"), prog_name="audit")(group)
        group.params.append(click.Option(["--lang"], help=text("cli.lang", lang), type=click.Choice(LANGUAGES)))
        code = group.main(args=rest, prog_name="audit", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return NOT_RUN
    except AuditError as error:
        click.echo(error.message(lang), err=True)
        return NOT_RUN
    except (click.Abort, KeyboardInterrupt):
        click.echo(text("cli.interrupted", lang), err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("AUDIT_DEBUG"):
            raise
        click.echo(text("cli.defect", lang, place=_place(error), kind=type(error).__name__), err=True)
        return NOT_RUN


def _place(error: Exception) -> str:
    """Where a defect showed: file and line, never values, which may be personal."""
    trace = error.__traceback__
    place = "?"
    while trace:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).startswith("audit"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))
