"""``audit sample draw``: draws households from a frame."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Unpack

import click

from audit.cli.options import json_option
from audit.cli.sample.options import (
    PlanFlags,
    RateType,
    actor,
    actor_option,
    now,
    pairs,
    plan_of,
    plan_options,
    samples_of,
    samples_options,
)
from audit.cli.tables import console, print_table
from audit.errors import RunError
from audit.language import Language, text
from audit.sampling.allocation import KINDS, Kind
from audit.sampling.chance import Rate
from audit.sampling.draw.design import METHODS, WAVES, Method, Wave
from audit.sampling.draw.draw import Wish, draw
from audit.sampling.draw.sample import Sample
from audit.sampling.frame import read_frame
from audit.sampling.plan.words import plan_paragraph


def make_draw(lang: Language) -> click.Command:
    """Make the command in one language."""
    rate, count, stratum = RateType(), click.IntRange(0), text("sample_command.stratum_mark", lang)

    @click.command("draw", help=text("sample_command.draw_help", lang))
    @click.argument("frame_id", metavar="FRAME")
    @plan_options(lang)
    @click.option("--seed", default="", help=text("sample_command.seed", lang))
    @click.option("--seed-note", default="", help=text("sample_command.seed_note", lang))
    @click.option("--public", default="", help=text("sample_command.public", lang))
    @click.option("--commitment", default="", help=text("sample_command.commitment", lang))
    @click.option("--method", type=click.Choice(METHODS), default="ticket", help=text("sample_command.method", lang))
    @click.option("--strata", "strata_by", multiple=True, metavar="COLUMN", help=text("sample_command.strata", lang))
    @click.option(
        "--allocation", type=click.Choice(KINDS), default="proportional", help=text("sample_command.allocation", lang)
    )
    @click.option("--min", "minimum", type=count, help=text("sample_command.minimum", lang))
    @click.option("--max", "maximum", type=count, help=text("sample_command.maximum", lang))
    @click.option("--take-all", multiple=True, metavar=stratum, help=text("sample_command.take_all", lang))
    @click.option("--leave-out", multiple=True, metavar=stratum, help=text("sample_command.leave_out", lang))
    @click.option(
        "--expected-in", multiple=True, metavar=f"{stratum}=RATE", help=text("sample_command.expected_in", lang)
    )
    @click.option("--cost", "costs", multiple=True, metavar=f"{stratum}=N", help=text("sample_command.cost", lang))
    @click.option("--reserve", type=rate, default="0.2", help=text("sample_command.reserve", lang))
    @click.option("--sort-by", multiple=True, metavar="COLUMN", help=text("sample_command.sort_by", lang))
    @click.option("--wave", type=click.Choice(WAVES), default="first", help=text("sample_command.wave", lang))
    @click.option("--of", "wave_of", metavar="SAMPLE", help=text("sample_command.wave_of", lang))
    @click.option("--shift", type=rate, default="0", help=text("sample_command.shift", lang))
    @actor_option(lang)
    @samples_options(lang)
    @json_option(lang)
    def command(
        frame_id: str,
        seed: str,
        seed_note: str,
        public: str,
        commitment: str,
        method: Method,
        strata_by: tuple[str, ...],
        allocation: Kind,
        minimum: int | None,
        maximum: int | None,
        take_all: tuple[str, ...],
        leave_out: tuple[str, ...],
        expected_in: tuple[str, ...],
        costs: tuple[str, ...],
        reserve: Rate,
        sort_by: tuple[str, ...],
        wave: Wave,
        wave_of: str | None,
        shift: Rate,
        by: str | None,
        out: Path,
        folder: Path | None,
        as_json: bool,
        **flags: Unpack[PlanFlags],
    ) -> None:
        samples = samples_of(out, folder)
        frame = read_frame(samples, frame_id)
        planned = flags["tolerable"] is not None or flags["aim"] != "claim"
        if not planned and flags["n"] is None:
            raise RunError("sampling.n_missing")
        plan = plan_of(flags, frame.n_units) if planned else None
        wish = Wish(
            n=plan.n if plan else flags["n"] or 0,
            n2=plan.n2 if plan else 0,
            seed=seed,
            seed_note=seed_note,
            public=public,
            commitment=commitment,
            method=method,
            strata_by=strata_by,
            allocation=allocation,
            minimum=minimum,
            maximum=maximum,
            take_all=take_all,
            leave_out=leave_out,
            expected=_expected(flags["expected"], expected_in),
            costs={name: _cost(name, value) for name, value in pairs(costs, "--cost").items()},
            reserve=reserve,
            sort_by=sort_by,
            wave=wave,
            wave_of=wave_of,
            shift=shift,
            plan=plan,
        )
        sample = draw(samples, frame, wish, actor=actor(by), now=now())
        if as_json:
            click.echo(json.dumps(asdict(sample.receipt), ensure_ascii=False, indent=1))
            return
        if plan:
            console().print(plan_paragraph(plan, lang))
        _print(sample, lang)

    return command


def _expected(overall: Rate | None, named: tuple[str, ...]) -> dict[str, Rate]:
    """Expected rates by stratum; the overall one stands for all that are not named."""
    rates = {name: Rate.read(value) for name, value in pairs(named, "--expected-in").items()}
    return rates if overall is None else {"": overall, **rates}


def _cost(name: str, value: str) -> Decimal:
    try:
        cost = Decimal(value)
    except InvalidOperation as error:
        raise RunError("sampling.pair_wrong", option="--cost", value=f"{name}={value}") from error
    if not cost.is_finite():
        raise RunError("sampling.pair_wrong", option="--cost", value=f"{name}={value}")
    return cost


def _print(sample: Sample, lang: Language) -> None:
    out = console()
    receipt = sample.receipt
    told = {"sample": sample.sample_id, "frame": receipt.frame_id, "run": receipt.run_id, "seed": receipt.seed}
    out.print(text("sample_command.drawn", lang, **told))
    names = ("stratum", "size_of_stratum", "planned", "second", "reserves")
    heads = [(text(f"sample_command.{name}", lang), name != "stratum") for name in names]
    rows = [
        (one.stratum, *(f"{number:,}" for number in (one.size, one.n_planned, one.n_second, one.n_reserve)))
        for one in sample.design.strata
    ]
    print_table("", heads, rows)
    uncovered = [one.stratum for one in sample.design.strata if not one.n_planned]
    if uncovered:
        out.print(text("sample_command.not_covered", lang, strata=", ".join(uncovered)))
    digests = {"frame": receipt.frame_sha256, "design": receipt.design_sha256, "list": receipt.list_sha256}
    for name, digest in digests.items():
        out.print(f"{text(f'sample_command.{name}_digest', lang)}  {digest}")
    out.print(text("sample_command.sample_at", lang, path=sample.folder))
