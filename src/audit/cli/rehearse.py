"""``audit rehearse``: tries a new policy on a registry and prints what would change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from audit.cli.options import Day, json_option, today
from audit.cli.registry_place import RegistryPlace
from audit.cli.tables import console, print_table, progress_bar
from audit.database import Settings
from audit.errors import RunError
from audit.language import Language, text
from audit.rehearsal import Rehearsal, rehearse
from audit.rehearsal.rehearse import STEPS, VISITS
from audit.rehearsal.tables import RULE_COLUMNS, WORK_COLUMNS, rule_rows, township_rows

BROKEN = 2


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("rehearse", help=text("rehearsal.help", lang))
    @click.argument("data", type=RegistryPlace())
    @click.option("--rules", type=click.Path(path_type=Path), help=text("rehearsal.new_rules", lang))
    @click.option("--old-rules", type=click.Path(path_type=Path), help=text("rehearsal.old_rules", lang))
    @click.option("--param", "values", multiple=True, metavar="NAME=VALUE", help=text("rehearsal.param", lang))
    @click.option("--as-of", type=Day(), help=text("cli.as_of", lang))
    @click.option("--year", type=click.IntRange(1900, 2999), help=text("cli.year", lang))
    @click.option("--source-map", type=click.Path(path_type=Path), help=text("cli.source_map", lang))
    @click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), help=text("cli.out", lang))
    @click.option("--seed", help=text("rehearsal.seed", lang))
    @click.option("--visits", type=click.IntRange(1), help=text("rehearsal.visits", lang))
    @click.option("--show-personal", is_flag=True, help=text("cli.show_personal", lang))
    @json_option(lang)
    def command(
        data: Path | str,
        rules: Path | None,
        old_rules: Path | None,
        values: tuple[str, ...],
        as_of: date | None,
        year: int | None,
        source_map: Path | None,
        out: Path,
        seed: str | None,
        visits: int | None,
        show_personal: bool,
        as_json: bool,
    ) -> int:
        if rules is None and not values:
            raise RunError("rehearsal.nothing_to_try")
        if visits is not None and seed is None:
            raise RunError("rehearsal.visits_without_seed")
        with progress_bar(STEPS, lang) as progress:
            rehearsal = rehearse(
                data,
                as_of=as_of or today(),
                year=year,
                old=old_rules,
                new=rules,
                values=values,
                out=out,
                source_map=source_map,
                seed=seed,
                visits=visits or VISITS,
                settings=Settings(lang, show_personal),
                progress=progress,
            )
        if as_json:
            click.echo((rehearsal.folder / "rehearsal.json").read_text(encoding="utf-8"), nl=False)
        else:
            _print(rehearsal, lang)
        return BROKEN if rehearsal.summary.broken else 0

    return command


def _print(rehearsal: Rehearsal, lang: Language) -> None:
    """Print what differs, the rules that change and the workload of the townships."""
    summary = rehearsal.summary
    out = console()
    out.print(text("rehearsal.title", lang), style="bold")
    out.print(text("rehearsal.subtitle", lang, run_id=summary.run_id, as_of=summary.as_of, year=summary.year))
    for one in summary.parameters:
        old, new = (", ".join(str(chosen.dated.value) for chosen in side) or "–" for side in (one.old, one.new))
        out.print(text("rehearsal.differ", lang, name=one.parameter.name, old=old, new=new))
    lines = list(zip(summary.rules, rule_rows(summary, lang), strict=True))
    shown = [row for line, row in lines if line.told]
    if shown:
        heads = [(text(f"rehearsal.{name}", lang), name in RULE_COLUMNS) for name in ("rule", "rule_title")]
        heads += [(text(f"rehearsal.{name}", lang), True) for name in RULE_COLUMNS]
        heads.append((text("rehearsal.state", lang), False))
        print_table("", heads, [(row.id, row.title, *row.cells, row.state) for row in shown])
    alike = [line.asked for line, _ in lines if not line.told]
    if alike:
        out.print(text("rehearsal.alike", lang, unchanged=alike.count(True), unasked=alike.count(False)))
    heads = [(text("rehearsal.township", lang), False), (text("rehearsal.population", lang), True)]
    heads += [(text(f"rehearsal.{name}", lang), True) for name in WORK_COLUMNS]
    townships = [
        (f"{row.title} {row.code}".strip(), row.population, *row.households) for row in township_rows(summary, lang)
    ]
    print_table(text("rehearsal.to_visit", lang), heads, townships)
    if summary.seed is not None:
        visits = rehearsal.relation("visits").count("*").fetchall()[0][0]
        out.print(
            text("rehearsal.visits_note", lang, visits=visits, households=f"{summary.disagreed:,}", seed=summary.seed)
        )
    out.print(text("rehearsal.report_at", lang, path=rehearsal.folder / "index.html"))
