"""``audit data``: the data dictionary, and a blank workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from audit.cli.options import write_text
from audit.contract.dictionary import dictionary_html, dictionary_markdown
from audit.contract.template import write_template
from audit.language import Language, text


def make(lang: Language) -> click.Command:
    """Make the group in one language."""
    group = click.Group("data", help=text("cli.data_help", lang), no_args_is_help=True)
    group.add_command(_dictionary(lang))
    group.add_command(_template(lang))
    return group


def _dictionary(lang: Language) -> click.Command:
    @click.command("dictionary", help=text("cli.data_dictionary", lang))
    @click.option("--format", "form", type=click.Choice(["md", "html"]), default="md", show_default=True)
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=text("cli.out_file", lang))
    def command(form: str, out: Path | None) -> None:
        written = dictionary_markdown(lang) if form == "md" else dictionary_html(lang)
        write_text(written, out, lang)

    return command


def _template(lang: Language) -> click.Command:
    @click.command("template", help=text("cli.data_template", lang))
    @click.option(
        "--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("registry.xlsx"), show_default=True
    )
    def command(out: Path) -> None:
        write_template(out, lang)
        click.echo(text("cli.written", lang, path=out))

    return command
