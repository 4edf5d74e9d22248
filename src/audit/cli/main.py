"""The command ``audit``: parses, calls the library, prints. Each command is imported when it is used."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import click
from click.exceptions import NoArgsIsHelpError

from audit.cli.help_frame import frame_in
from audit.cli.lazy import LazyGroup
from audit.cli.usage_error import told
from audit.configuration.site_file import site_language
from audit.errors import AuditError, defect_place
from audit.language import LANGUAGES, Language, text

#: Command, module that makes it.
COMMANDS = {
    "run": "audit.cli.run",
    "explain": "audit.cli.explain",
    "try": "audit.cli.tryout",
    "rehearse": "audit.cli.rehearse",
    "sample": "audit.cli.sample",
    "history": "audit.cli.history",
    "diff": "audit.cli.diff",
    "release": "audit.cli.release",
    "slice": "audit.cli.slice",
    "report": "audit.cli.report",
    "rules": "audit.cli.rules",
    "facts": "audit.cli.facts",
    "parameters": "audit.cli.parameters",
    "gate": "audit.cli.gate",
    "data": "audit.cli.data",
    "map": "audit.cli.map",
    "generate": "audit.cli.generate",
    "schedule": "audit.cli.schedule",
    "replicate": "audit.cli.replicate",
    "settings": "audit.cli.settings",
}
NOT_RUN = 2
INTERRUPTED = 130


def take_language(arguments: Sequence[str]) -> tuple[Language, str | None, list[str]]:
    """Take ``--lang`` out of the arguments, wherever it stands; else AUDIT_LANG, else the site's, else Chinese.

    Returns:
        The language, what ``--lang`` says, and the other arguments.
    """
    rest = list(arguments)
    flag = _take(rest, "--lang")
    config = _take(list(arguments), "--config")
    set_elsewhere = os.environ.get("AUDIT_LANG") or site_language(Path(config) if config else None, Path())
    chosen = flag if flag is not None else set_elsewhere or "zh"
    for lang in LANGUAGES:
        if lang == chosen:
            return lang, flag, rest
    raise click.UsageError(text("cli.unknown_language", "zh", lang=chosen))


def _take(arguments: list[str], option: str) -> str | None:
    """Take an option with its value out of the arguments; empty if it has none."""
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == option:
            value = value or (arguments[place + 1] if place + 1 < len(arguments) else "")
            del arguments[place : place + (1 if "=" in argument else 2)]
            return value
    return None


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives the exit code and shows no traceback."""
    lang: Language = "zh"
    try:
        lang, flag, rest = take_language(arguments)
        group = LazyGroup("audit", lang, "cli", {name: (module, "make") for name, module in COMMANDS.items()})
        click.version_option(metadata.version("household-audit"), prog_name="audit")(group)
        group.params.append(click.Option(["--lang"], help=text("cli.lang", lang), type=click.Choice(LANGUAGES)))
        click.Context.formatter_class = frame_in(lang)
        # Commands that list settings say who has chosen the language.
        code = group.main(args=rest, prog_name="audit", standalone_mode=False, obj=flag)
        return code if isinstance(code, int) else 0
    except NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return NOT_RUN
    except click.ClickException as error:
        click.echo(told(error, lang), err=True)
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
        click.echo(text("cli.defect", lang, place=defect_place(error), kind=type(error).__name__), err=True)
        return NOT_RUN


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))
