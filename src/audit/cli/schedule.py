"""``audit schedule``: prints ready-made files that run the audit every night."""

from __future__ import annotations

import sys
from datetime import time
from pathlib import Path

import click

from audit.cli.options import write_text
from audit.configuration.site_file import read_site_file
from audit.errors import ConfigurationError
from audit.language import Language, text
from audit.schedules import KINDS, Kind, Site, write_schedule

#: Settings that name what an audit writes into.
WRITTEN = ("out", "scratch", "reuse", "log")


class TimeOfDay(click.ParamType[time]):
    """A time written 02:30."""

    name = "HH:MM"

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """Read the time."""
        hour, _, minute = str(value).partition(":")
        if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
            self.fail(f"{value}: {text('schedules.not_a_time', self.lang)}", param, ctx)
        return time(int(hour), int(minute))


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("schedule", help=text("schedules.help", lang))
    @click.argument("kind", type=click.Choice(KINDS))
    @click.option("--at", type=TimeOfDay(lang), default="02:30", show_default=True, help=text("schedules.at", lang))
    @click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        default="audit.toml",
        help=text("schedules.config", lang),
    )
    @click.option("--user", default="", help=text("schedules.run_as", lang))
    @click.option("--zone", default="", help=text("schedules.zone_option", lang))
    @click.option("--out", type=click.Path(path_type=Path, file_okay=False), help=text("schedules.out", lang))
    def schedule(kind: Kind, at: time, config: Path, user: str, zone: str, out: Path | None) -> None:
        site = Site(_program(), config.absolute(), at, user, zone, _written(config.absolute()))
        files = write_schedule(kind, site, lang)
        if not config.is_file():
            click.echo(text("schedules.no_config", lang, file=site.config), err=True)
        for place, file in enumerate(files):
            if out is not None:
                write_text(file.text, out / file.name, lang)
                continue
            if file.place:
                click.echo(("\n" if place else "") + f"# {file.place}")
            click.echo(file.text, nl=False)

    return schedule


def _written(config: Path) -> tuple[Path, ...]:
    """The folders beside that of the settings into which an audit with these settings writes.

    Raises:
        ConfigurationError: the settings have mistakes: better told now than at night.
    """
    if not config.is_file():
        return ()
    site = read_site_file(config)
    if site.mistakes:
        raise ConfigurationError("configuration.mistakes", list(site.mistakes))
    paths = {name: path.resolve() for name in WRITTEN if isinstance(path := site.values.get(name), Path)}
    folders = dict.fromkeys(path.parent if name == "log" else path for name, path in paths.items())
    return tuple(folder for folder in folders if not folder.is_relative_to(config.parent.resolve()))


def _program() -> tuple[str, ...]:
    """The command ``audit`` beside this Python, so that a schedule needs no PATH; else its module."""
    script = Path(sys.executable).with_name("audit")
    return (str(script),) if script.is_file() else (sys.executable, "-m", "audit")
