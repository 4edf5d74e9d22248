"""``audit slice``: makes one area's own copy of a run, or one for each area of a level."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from audit.cli.options import json_option
from audit.cli.tables import console, print_table
from audit.language import Language, text
from audit.model.areas import Level
from audit.slices import Slice, cut_area, cut_each

LEVELS: tuple[Level, ...] = ("county", "township", "village")


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("slice", help=text("slices.help", lang))
    @click.argument("run", type=click.Path(path_type=Path))
    @click.option("--area", metavar="CODE", help=text("slices.area", lang))
    @click.option("--each", type=click.Choice(LEVELS), help=text("slices.each", lang))
    @click.option("--out", type=click.Path(path_type=Path), required=True, help=text("slices.out", lang))
    @click.option("--show-personal", is_flag=True, help=text("slices.show_personal", lang))
    @click.option("--force", is_flag=True, help=text("slices.force", lang))
    @json_option(lang)
    def slice_run(
        run: Path, area: str | None, each: Level | None, out: Path, show_personal: bool, force: bool, as_json: bool
    ) -> None:
        if (area is None) == (each is None):
            raise click.UsageError(text("slices.area_or_each", lang))
        if area is not None:
            cut = [cut_area(run, area, out, lang=lang, show_personal=show_personal, force=force)]
        elif each is not None:
            cut = list(cut_each(run, each, out, lang=lang, show_personal=show_personal, force=force))
        else:
            cut = []
        _print(cut, lang, as_json=as_json)

    return slice_run


def _print(cut: list[Slice], lang: Language, *, as_json: bool) -> None:
    if as_json:
        plain = [{"file": str(one.path), "area_code": one.area.code, **asdict(one.counts)} for one in cut]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
        return
    heads = ("findings", "household_elsewhere", "area_elsewhere", "flagged_households", "quarantined")
    columns = [(text("slices.place", lang), False), *((text(f"slices.count_{name}", lang), True) for name in heads)]
    rows = [(one.area.title, *(f"{getattr(one.counts, name):,}" for name in heads)) for one in cut]
    print_table("", columns, rows)
    for one in cut:
        console().print(text("cli.written", lang, path=one.path))
