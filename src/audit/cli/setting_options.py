"""The flags of ``audit run``, made from the table of settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click
from click.core import ParameterSource

from audit.configuration import SETTINGS, InForce, Setting, Value, settings_in_force
from audit.configuration.declare import SECTIONS
from audit.configuration.describe import flags, sentence
from audit.configuration.read_value import read_text
from audit.configuration.shown import shown
from audit.errors import AuditError
from audit.language import Language, text

Function = TypeVar("Function", bound=Callable[..., object])

_METAVARS = {
    "path": "PATH",
    "log": "FILE",
    "folder": "DIR",
    "text": "TEXT",
    "number": "N",
    "seconds": "SECONDS",
    "day": "YYYY-MM-DD",
    "areas": "CODE,...",
    "address": "ADDRESS",
    "webhook": "ADDRESS",
    "command": "COMMAND",
}


class SettingType(click.ParamType[Value]):
    """What is written for a setting on the command line, read as everywhere."""

    def __init__(self, setting: Setting, lang: Language) -> None:
        self.name = setting.name
        self.setting = setting
        self.lang = lang

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Value:
        """Read the value."""
        try:
            return read_text(self.setting, str(value))
        except AuditError as error:
            self.fail(error.message(self.lang), param, ctx)


def sectioned_command(lang: Language) -> type[click.Command]:
    """A kind of command whose help lists the flags by sections, as the settings are listed everywhere."""

    class SectionedCommand(click.Command):
        def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            _write_sections(self.get_params(ctx), lang, ctx, formatter)

    return SectionedCommand


def sectioned_group(lang: Language) -> type[click.Group]:
    """A kind of group whose help lists the flags by sections, then its commands."""

    class SectionedGroup(click.Group):
        def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            _write_sections(self.get_params(ctx), lang, ctx, formatter)
            self.format_commands(ctx, formatter)

    return SectionedGroup


def _write_sections(
    parameters: Sequence[click.Parameter], lang: Language, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    section_of: dict[str | None, str] = {setting.name: setting.section for setting in SETTINGS}
    sections: dict[str, list[tuple[str, str]]] = {section: [] for section in (*SECTIONS, "run")}
    for one in parameters:
        record = one.get_help_record(ctx) if isinstance(one, click.Option) else None
        if record:
            sections[section_of.get(one.name, "run")].append(record)
    for section, records in sections.items():
        if records:
            with formatter.section(text(f"configuration.section_{section}", lang)):
                formatter.write_dl(records)


def setting_options(lang: Language) -> Callable[[Function], Function]:
    """All settings as flags, and the file of settings. The registry and the language have places of their own."""

    def decorate(function: Function) -> Function:
        config = click.option(
            "--config", type=click.Path(path_type=Path), help=text("configuration.config", lang), metavar="FILE"
        )
        function = config(function)
        for setting in reversed(SETTINGS):
            if setting.name not in {"data", "lang"}:
                function = _option(setting, lang)(function)
        return function

    return decorate


def _option(setting: Setting, lang: Language) -> Callable[[Function], Function]:
    told, default = sentence(setting, lang), shown(setting, setting.default)
    if setting.kind == "yes_no":
        return click.option(flags(setting), setting.name, is_flag=True, default=None, help=told)
    return click.option(
        setting.flag,
        setting.name,
        type=SettingType(setting, lang),
        metavar=f"[{'|'.join(setting.choices)}]" if setting.choices else _METAVARS[setting.kind],
        help=text("configuration.with_default", lang, told=told, default=default) if default else told,
    )


def given_settings(context: click.Context, config: Path | None) -> tuple[InForce, ...]:
    """The settings in force for a call: its flags, the environment, the file of settings, the defaults."""
    given = {
        setting.name: context.params[setting.name]
        for setting in SETTINGS
        if setting.name in context.params and context.get_parameter_source(setting.name) is ParameterSource.COMMANDLINE
    }
    if context.obj is not None:
        given["lang"] = context.obj
    return settings_in_force(given, os.environ, config, Path())
