"""Options that commands about samples share."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, TypeVar

import click

from audit.cli.options import clock
from audit.configuration import settings_in_force
from audit.errors import RunError
from audit.language import Language, text
from audit.sampling.chance import DISTRIBUTIONS, Distribution, Rate
from audit.sampling.layout import FOLDER, Samples
from audit.sampling.plan import AIMS, Aim, Plan
from audit.sampling.plan.aims import (
    plan_claim,
    plan_discovery,
    plan_hand_picked,
    plan_margin,
    plan_two_stage,
    question_of,
)
from audit.sampling.plan.margin import Margin

Function = TypeVar("Function", bound=Callable[..., object])

#: Where a command keeps the file of settings that its line names.
_CONFIG = "audit.cli.sample.config"


class RateType(click.ParamType[Rate]):
    """A rate written 0.05 or 5%."""

    name = "RATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Rate:
        """Read the rate; what can't be read is told by the library."""
        return value if isinstance(value, Rate) else Rate.read(str(value))


def samples_options(lang: Language) -> Callable[[Function], Function]:
    """Where runs and samples are: what a flag does not say is taken from the settings of the site."""

    def decorate(function: Function) -> Function:
        place = click.Path(path_type=Path, file_okay=False)
        for option in (
            click.option(
                "--samples", "folder", type=place, callback=_set_elsewhere("samples"),
                help=text("sample_command.samples", lang),
            ),
            click.option("--out", type=place, callback=_set_elsewhere("out"), help=text("sample_command.out", lang)),
            click.option(
                "--config", type=click.Path(path_type=Path), metavar="FILE", is_eager=True, expose_value=False,
                callback=_keep_config, help=text("configuration.config", lang),
            ),
        ):  # fmt: skip
            function = option(function)
        return function

    return decorate


def _keep_config(context: click.Context, _option: click.Parameter, config: Path | None) -> None:
    """Keep the file of settings that is named, for the options that are read after it."""
    context.meta[_CONFIG] = config


def _set_elsewhere(name: str) -> Callable[[click.Context, click.Parameter, Path | None], Path | None]:
    """What the environment or the file of settings says about a folder if no flag names it."""

    def value(context: click.Context, _option: click.Parameter, flag: Path | None) -> Path | None:
        if flag is not None:
            return flag
        found = settings_in_force({}, os.environ, context.meta.get(_CONFIG), Path())
        return next((one.value for one in found if one.setting.name == name and isinstance(one.value, Path)), None)

    return value


def actor_option(lang: Language) -> Callable[[Function], Function]:
    """Who does it."""
    return click.option("--by", metavar="NAME", help=text("sample_command.by", lang))


def actor(by: str | None) -> str:
    """Who does it: as named, else the name of the account."""
    return by or getpass.getuser()


def now() -> datetime:
    """The time in UTC."""
    return clock().astimezone(UTC)


def samples_of(out: Path, folder: Path | None) -> Samples:
    """The folder of samples: as named, else beside the runs."""
    return Samples(folder or out / FOLDER)


class PlanFlags(TypedDict):
    """What the options of a plan say."""

    aim: Aim
    distribution: Distribution
    confidence: Rate
    tolerable: Rate | None
    expected: Rate | None
    borne: int | None
    n: int | None
    c1: int
    c2: int
    margin: Rate | None
    share: Rate
    cluster: int
    alike: Rate | None
    unresolved: Rate


def plan_options(lang: Language) -> Callable[[Function], Function]:
    """What a sample is to show."""
    rate, count = RateType(), click.IntRange(0)

    def decorate(function: Function) -> Function:
        for option in (
            click.option("--unresolved", type=rate, default="0", help=text("sample_command.unresolved", lang)),
            click.option("--alike", type=rate, help=text("sample_command.alike", lang)),
            click.option("--cluster", type=click.IntRange(1), default=1, help=text("sample_command.cluster", lang)),
            click.option("--share", type=rate, default="0.5", help=text("sample_command.share", lang)),
            click.option("--margin", type=rate, help=text("sample_command.margin", lang)),
            click.option("--c2", type=count, default=1, help=text("sample_command.c_two", lang)),
            click.option("--c1", type=count, default=0, help=text("sample_command.c_one", lang)),
            click.option("--n", type=click.IntRange(1), help=text("sample_command.n", lang)),
            click.option("--borne", type=count, help=text("sample_command.borne", lang)),
            click.option("--expected", type=rate, help=text("sample_command.expected", lang)),
            click.option("--tolerable", type=rate, help=text("sample_command.tolerable", lang)),
            click.option("--confidence", type=rate, default="0.95", help=text("sample_command.confidence", lang)),
            click.option(
                "--distribution",
                type=click.Choice(DISTRIBUTIONS),
                default="hypergeometric",
                help=text("sample_command.distribution", lang),
            ),
            click.option("--aim", type=click.Choice(AIMS), default="claim", help=text("sample_command.aim", lang)),
        ):
            function = option(function)
        return function

    return decorate


def plan_of(flags: PlanFlags, population: int) -> Plan:
    """The plan that the options ask for.

    Raises:
        RunError: an option that the aim needs is missing, or the plan is not possible.
    """
    if flags["aim"] == "margin":
        if flags["margin"] is None:
            raise RunError("sampling.margin_missing")
        asked = Margin(flags["margin"], flags["share"], flags["unresolved"], flags["cluster"], flags["alike"])
        return plan_margin(population, flags["confidence"], asked)
    if flags["tolerable"] is None:
        raise RunError("sampling.tolerable_missing", aim=flags["aim"])
    question = question_of(
        population, flags["confidence"], flags["tolerable"], flags["distribution"], flags["expected"]
    )
    if flags["aim"] == "two_stage":
        return plan_two_stage(question, flags["c1"], flags["c2"])
    if flags["n"] is not None:
        return plan_hand_picked(question, flags["n"], flags["borne"])
    return plan_discovery(question) if flags["aim"] == "discovery" else plan_claim(question, flags["borne"] or 0)


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """Read options written NAME=VALUE; a stratum's name may hold an equals sign, its value may not.

    Raises:
        RunError: one has no equals sign, or a name is there twice.
    """
    found: dict[str, str] = {}
    for one in given:
        name, sign, value = one.rpartition("=")
        if not sign or not value or name in found:
            raise RunError("sampling.pair_wrong", option=option, value=one)
        found[name] = value
    return found
