"""``audit report``: writes the Word report of a run, and the template that it is made from."""

from __future__ import annotations

from pathlib import Path

import click

from audit.cli.tables import console
from audit.language import Language, text
from audit.word import write_report, write_template


def make(lang: Language) -> click.Command:
    """Make the commands in one language."""

    @click.group("report", help=text("county.report_help", lang))
    def report() -> None:
        pass

    out = click.option(
        "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=text("county.out", lang)
    )
    force = click.option("--force", is_flag=True, help=text("county.force", lang))

    @report.command("word", help=text("county.word_help", lang))
    @click.argument("run", type=click.Path(path_type=Path))
    @out
    @click.option("--template", type=click.Path(path_type=Path), help=text("county.template", lang))
    @click.option("--area", metavar="CODE", help=text("county.area", lang))
    @force
    def word(run: Path, out: Path, template: Path | None, area: str | None, force: bool) -> None:
        written = write_report(run, out, template=template, area=area, lang=lang, force=force)
        console().print(text("cli.written", lang, path=written))

    @report.command("template", help=text("county.template_help", lang))
    @out
    @force
    def template(out: Path, force: bool) -> None:
        console().print(text("cli.written", lang, path=write_template(out, lang, force=force)))

    return report
