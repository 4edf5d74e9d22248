"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import click

from audit.errors import RunError
from audit.language import Language, text

Function = TypeVar("Function", bound=Callable[..., object])


class Day(click.ParamType[date]):
    """A date written 2024-12-31."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value}: YYYY-MM-DD", param, ctx)


def today() -> date:
    """The day on the clock here: what an audit takes when no day is given."""
    return clock().date()


def clock() -> datetime:
    """The time on the clock here, with its zone."""
    return datetime.now(UTC).astimezone()


def audited(lang: Language, *, data_required: bool = True) -> Callable[[Function], Function]:
    """The options that say what is audited and by which rules."""

    def decorate(function: Function) -> Function:
        for option in (
            click.option("--source-map", type=click.Path(path_type=Path), help=text("cli.source_map", lang)),
            rules_option(lang),
            click.option("--year", type=click.IntRange(1900, 2999), help=text("cli.year", lang)),
            click.option("--as-of", type=Day(), help=text("cli.as_of", lang)),
            click.argument("data", type=click.Path(path_type=Path), required=data_required),
        ):
            function = option(function)
        return function

    return decorate


def rules_option(lang: Language) -> Callable[[Function], Function]:
    """The folder of rules."""
    return click.option("--rules", type=click.Path(path_type=Path), help=text("cli.rules_dir", lang))


def json_option(lang: Language) -> Callable[[Function], Function]:
    """Whether to print for a program."""
    return click.option("--json", "as_json", is_flag=True, help=text("cli.json", lang))


def write_text(written: str, out: Path | None, lang: Language) -> None:
    """Write a text to a file and say so, or print it."""
    if out is None:
        click.echo(written, nl=False)
        return
    try:
        out.write_text(written, encoding="utf-8")
    except OSError as error:
        raise RunError("findings.no_output", folder=out, problem=error.strerror or "") from error
    click.echo(text("cli.written", lang, path=out))
