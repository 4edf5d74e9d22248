"""``audit sample replace``, ``extend``, ``second-stage``, ``second-visits``, ``discard``: acts on a drawn sample."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from audit.cli.sample.options import actor, actor_option, now, samples_of, samples_options
from audit.cli.tables import console, print_table
from audit.language import Language, text
from audit.sampling.draw.acts import discard, extend, replace_unit, second_stage, second_visits
from audit.sampling.draw.reasons import REASONS
from audit.sampling.draw.select import Listed


def make_replace(lang: Language) -> click.Command:
    """Make the command that says that a household is not verified."""

    @click.command("replace", help=text("sample_command.replace_help", lang, codes=_reasons(lang)))
    @click.argument("sample")
    @click.argument("unit", metavar="HOUSEHOLD")
    @click.option("--reason", required=True, metavar="CODE", help=text("sample_command.reason", lang))
    @click.option("--evidence", default="", help=text("sample_command.evidence", lang))
    @click.option("--approved-by", default="", help=text("sample_command.approved_by", lang))
    @click.option("--release-reserve", is_flag=True, help=text("sample_command.release_reserve", lang))
    @actor_option(lang)
    @samples_options(lang)
    def command(
        sample: str,
        unit: str,
        reason: str,
        evidence: str,
        approved_by: str,
        release_reserve: bool,
        by: str | None,
        out: Path,
        folder: Path | None,
    ) -> None:
        done = replace_unit(
            samples_of(out, folder),
            sample,
            unit,
            reason_code=reason,
            evidence_id=evidence,
            approved_by=approved_by,
            actor=actor(by),
            now=now(),
            approve_reserve=release_reserve,
        )
        told = "sample_command.replaced" if done.in_unit else "sample_command.not_replaced"
        console().print(text(told, lang, out=done.out_unit, into=done.in_unit))

    return command


def _reasons(lang: Language) -> str:
    """The reason codes with their meaning, one line each."""
    lines = (f"  {one.code}  {text(f'sample_command.reason_{one.code}', lang)}" for one in REASONS.values())
    return "\b\n" + "\n".join(lines)  # click leaves the lines after this mark as they are


def make_extend(lang: Language) -> click.Command:
    """Make the command that visits more households."""

    @click.command("extend", help=text("sample_command.extend_help", lang))
    @click.argument("sample")
    @click.option("--n", type=click.IntRange(1), required=True, help=text("sample_command.more", lang))
    @actor_option(lang)
    @samples_options(lang)
    def command(sample: str, n: int, by: str | None, out: Path, folder: Path | None) -> None:
        _print(extend(samples_of(out, folder), sample, n, actor=actor(by), now=now()), lang)

    return command


def make_second_stage(lang: Language) -> click.Command:
    """Make the command that releases the second stage."""

    @click.command("second-stage", help=text("sample_command.second_stage_help", lang))
    @click.argument("sample")
    @actor_option(lang)
    @samples_options(lang)
    def command(sample: str, by: str | None, out: Path, folder: Path | None) -> None:
        _print(second_stage(samples_of(out, folder), sample, actor=actor(by), now=now()), lang)

    return command


def make_second_visits(lang: Language) -> click.Command:
    """Make the command that chooses households for a second, blind visit."""

    @click.command("second-visits", help=text("sample_command.second_visits_help", lang))
    @click.argument("sample")
    @click.option("--n", type=click.IntRange(1), required=True, help=text("sample_command.second_n", lang))
    @actor_option(lang)
    @samples_options(lang)
    def command(sample: str, n: int, by: str | None, out: Path, folder: Path | None) -> None:
        chosen = second_visits(samples_of(out, folder), sample, n, actor=actor(by), now=now())
        console().print(text("sample_command.second_chosen", lang, n=len(chosen)))
        for one in chosen:
            console().print(f"  {one.unit_id}")

    return command


def make_discard(lang: Language) -> click.Command:
    """Make the command that discards a sample."""

    @click.command("discard", help=text("sample_command.discard_help", lang))
    @click.argument("sample")
    @click.option("--because", required=True, metavar="TEXT", help=text("sample_command.because", lang))
    @actor_option(lang)
    @samples_options(lang)
    def command(sample: str, because: str, by: str | None, out: Path, folder: Path | None) -> None:
        discard(samples_of(out, folder), sample, because=because, actor=actor(by), now=now())
        console().print(text("sample_command.is_discarded", lang, sample=sample))

    return command


def _print(units: Sequence[Listed], lang: Language) -> None:
    console().print(text("sample_command.released", lang, n=len(units)))
    heads = [(text(f"sample_command.{name}", lang), False) for name in ("household", "village", "stratum")]
    print_table("", heads, [(one.unit_id, one.village, one.stratum) for one in units])
