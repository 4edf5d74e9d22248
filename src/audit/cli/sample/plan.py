"""``audit sample plan``: how many visits a claim needs, and what it costs to know more."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Unpack

import click

from audit.cli.options import json_option
from audit.cli.sample.options import PlanFlags, plan_of, plan_options, samples_of, samples_options
from audit.cli.tables import console, print_table
from audit.errors import RunError
from audit.language import Language, text
from audit.sampling.chance import Distribution, Rate
from audit.sampling.draw.draw import plan_record
from audit.sampling.frame import read_frame
from audit.sampling.plan import Plan
from audit.sampling.plan.tables import BORNE, PriceLine, SizeLine, recall_prices, size_table
from audit.sampling.plan.words import plan_lines, plan_paragraph


def make_plan(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("plan", help=text("sample_command.plan_help", lang))
    @click.option("--frame", "frame_id", metavar="ID", help=text("sample_command.frame_id", lang))
    @click.option("--population", type=click.IntRange(1), help=text("sample_command.population", lang))
    @plan_options(lang)
    @click.option("--real-flagged", type=click.IntRange(1), help=text("sample_command.real_flagged", lang))
    @samples_options(lang)
    @json_option(lang)
    def command(
        frame_id: str | None,
        population: int | None,
        real_flagged: int | None,
        out: Path,
        folder: Path | None,
        as_json: bool,
        **flags: Unpack[PlanFlags],
    ) -> None:
        if (frame_id is None) == (population is None):
            raise RunError("sampling.frame_or_population")
        size = read_frame(samples_of(out, folder), frame_id).n_units if frame_id else population or 0
        priced = real_flagged is not None and flags["tolerable"] is None and flags["aim"] == "claim"
        plan = None if priced else plan_of(flags, size)
        table = size_table(size, flags["confidence"], flags["distribution"])
        prices = recall_prices(size, real_flagged, flags["confidence"]) if real_flagged else ()
        if as_json:
            click.echo(_json(plan, table, prices, lang))
            return
        if plan:
            _print_plan(plan, lang)
        _print_sizes(table, flags["confidence"], flags["distribution"], size, lang)
        if real_flagged:
            _print_prices(prices, real_flagged, size, flags["confidence"], lang)

    return command


def _print_plan(plan: Plan, lang: Language) -> None:
    out = console()
    out.print(plan_paragraph(plan, lang))
    print_table("", [("", False), ("", False)], plan_lines(plan, lang))


def _print_sizes(
    table: tuple[SizeLine, ...], confidence: Rate, distribution: Distribution, population: int, lang: Language
) -> None:
    title = text(
        "sample_command.size_table", lang, population=f"{population:,}", confidence=confidence.percent(),
        law=text(f"plan.{distribution}", lang),
    )  # fmt: skip
    heads = [(text("sample_command.tolerable_rate", lang), True), (text("sample_command.count", lang), True)]
    heads += [(text("sample_command.with_borne", lang, k=k), True) for k in BORNE]
    rows = [(line.tolerable.percent(), f"{line.count:,}", *(_visits(n) for n in line.visits)) for line in table]
    print_table(title, heads, rows)


def _print_prices(
    prices: tuple[PriceLine, ...], real_flagged: int, population: int, confidence: Rate, lang: Language
) -> None:
    told = {"flagged": f"{real_flagged:,}", "unflagged": f"{population:,}", "confidence": confidence.percent()}
    heads = [(text(f"sample_command.{name}", lang), True) for name in ("recall", "missed", "unflagged_visits")]
    rows = [(f"≥ {line.recall.percent()}", f"{line.missed:,}", _visits(line.visits)) for line in prices]
    print_table(text("sample_command.price_table", lang, **told), heads, rows)


def _visits(n: int | None) -> str:
    return "–" if n is None else f"{n:,}"


def _json(plan: Plan | None, table: tuple[SizeLine, ...], prices: tuple[PriceLine, ...], lang: Language) -> str:
    content = {
        "plan": plan_record(plan),
        "paragraph": plan_paragraph(plan, lang) if plan else None,
        "sizes": [
            {"tolerable": line.tolerable.text, "count": line.count, "visits": list(line.visits)} for line in table
        ],
        "recall_prices": [{**asdict(line), "recall": line.recall.text} for line in prices],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)
