"""``audit sample sheets``: the sheets of a sample, by village and inspector."""

from __future__ import annotations

from pathlib import Path

import click

from audit.cli.registry_place import RegistryPlace
from audit.cli.sample.options import samples_of, samples_options
from audit.database import Settings
from audit.language import Language, text
from audit.sampling.field.codes import Role
from audit.sampling.field.sheets import Wish, write_sheets


def make_sheets(lang: Language) -> click.Command:
    """Make the command in one language."""
    place = click.Path(path_type=Path, file_okay=False)

    @click.command("sheets", help=text("field.sheets_help", lang))
    @click.argument("sample")
    @samples_options(lang)
    @click.option("--to", required=True, type=place, help=text("field.out", lang))
    @click.option("--inspectors", type=click.Path(path_type=Path, dir_okay=False), help=text("field.inspectors", lang))
    @click.option("--show-values/--blind", "values", default=True, help=text("field.show_values", lang))
    @click.option("--show-personal", is_flag=True, help=text("field.show_personal", lang))
    @click.option("--second", "role", flag_value=Role.SECOND.value, help=text("field.second", lang))
    @click.option("--adjudicate", "role", flag_value=Role.ADJUDICATOR.value, help=text("field.adjudicate", lang))
    @click.option("--registry", type=RegistryPlace(), help=text("field.registry", lang))
    @click.option("--rules", type=click.Path(path_type=Path), help=text("cli.rules_dir", lang))
    def command(
        sample: str,
        out: Path,
        folder: Path | None,
        to: Path,
        inspectors: Path | None,
        values: bool,
        show_personal: bool,
        role: str | None,
        registry: Path | str | None,
        rules: Path | None,
    ) -> int:
        settings = Settings(lang=lang, show_personal=show_personal)
        wish = Wish(Role(role or Role.FIRST), values, inspectors, registry, rules, settings)
        written = write_sheets(samples_of(out, folder).root, sample, out, to, wish)
        for note in written.notes:
            click.echo(note.message(lang), err=True)
        for path in written.files:
            click.echo(path)
        click.echo(text("field.wrote", lang, files=len(written.files), units=written.units, items=written.items))
        return 0

    return command
