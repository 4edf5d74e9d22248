"""``audit sample frame``: freezes who can be drawn."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from audit.cli.options import json_option
from audit.cli.sample.options import now, samples_of, samples_options
from audit.cli.tables import console, print_table
from audit.language import Language, text
from audit.sampling.draw.sample import read_sample, to_visit
from audit.sampling.frame import POPULATIONS, Frame, Population, build_frame
from audit.sampling.frame.build import Definition
from audit.sampling.frame.counts import frame_counts
from audit.sampling.frame.statements import SIZES
from audit.sampling.frame.villages import read_distances, read_verified
from audit.sampling.layout import Samples
from audit.sampling.store import open_store


def make_frame(lang: Language) -> click.Command:
    """Make the command in one language."""
    file = click.Path(path_type=Path, dir_okay=False)

    @click.command("frame", help=text("sample_command.frame_help", lang))
    @click.option(
        "--population", type=click.Choice(POPULATIONS), default="flagged", help=text("sample_command.who", lang)
    )
    @click.option("--run", metavar="RUN", help=text("sample_command.run", lang))
    @click.option("--against", metavar="RUN", help=text("sample_command.against", lang))
    @click.option("--rule", "rules", multiple=True, metavar="ID", help=text("sample_command.rule", lang))
    @click.option("--area", "areas", multiple=True, metavar="CODE", help=text("sample_command.area", lang))
    @click.option("--size", type=click.Choice(SIZES), default="findings", help=text("sample_command.size", lang))
    @click.option("--distances", type=file, help=text("sample_command.distances", lang))
    @click.option("--verified", type=file, help=text("sample_command.verified", lang))
    @click.option(
        "--verified-sample", "verified_samples", multiple=True, metavar="SAMPLE",
        help=text("sample_command.verified_sample", lang),
    )  # fmt: skip
    @samples_options(lang)
    @json_option(lang)
    def command(
        population: Population,
        run: str | None,
        against: str | None,
        rules: tuple[str, ...],
        areas: tuple[str, ...],
        size: str,
        distances: Path | None,
        verified: Path | None,
        verified_samples: tuple[str, ...],
        out: Path,
        folder: Path | None,
        as_json: bool,
    ) -> None:
        samples = samples_of(out, folder)
        definition = Definition(
            population,
            rules,
            areas,
            size,
            read_distances(distances) if distances else {},
            (read_verified(verified) if verified else frozenset()) | _visited(samples, verified_samples),
        )
        frame = build_frame(samples, out, definition, now=now(), run=run, against=against)
        if as_json:
            click.echo(json.dumps(asdict(frame), ensure_ascii=False, indent=1, default=str))
        else:
            _print(frame, lang)

    return command


def _visited(samples: Samples, named: tuple[str, ...]) -> frozenset[str]:
    """The households that earlier samples visited; those that were not verified are not among them."""
    found: set[str] = set()
    for name in named:
        sample = read_sample(samples, name)
        with open_store(samples) as store:
            found |= {one.unit.unit_id for one in to_visit(sample, store) if not one.reason}
    return frozenset(found)


def _print(frame: Frame, lang: Language) -> None:
    told = {"frame": frame.frame_id, "run": frame.run_id, "n": f"{frame.n_units:,}", "digest": frame.content_sha256}
    out = console()
    out.print(text(f"sample_command.frame_of_{frame.population}", lang, **told))
    for key in ("rules_not_evaluated", "rules_not_compared"):
        listed = frame.definition.get(key)
        if isinstance(listed, list) and listed:
            out.print(text(f"sample_command.{key}", lang, rules=", ".join(str(one) for one in listed)))
    heads = [(text("sample_command.township", lang), False), (text("sample_command.severity", lang), False)]
    heads += [(text("sample_command.households", lang), True), (text("sample_command.findings", lang), True)]
    rows = [(one.township, one.severity or "–", f"{one.units:,}", f"{one.findings:,}") for one in frame_counts(frame)]
    print_table("", heads, rows)
    out.print(text("sample_command.frame_at", lang, path=frame.folder))
