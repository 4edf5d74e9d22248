"""``audit generate``: makes a registry of made-up households to try the audit on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import click

from audit.cli.options import Day
from audit.generate import generate_registry
from audit.language import Language, text

Format = Literal["parquet", "csv", "xlsx"]


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("generate", help=text("cli.generate_help", lang))
    @click.option("--households", type=click.IntRange(1), required=True, help=text("cli.generate_households", lang))
    @click.option("--seed", type=int, default=1, show_default=True, help=text("cli.generate_seed", lang))
    @click.option("--out", type=click.Path(path_type=Path), required=True, help=text("cli.generate_out", lang))
    @click.option(
        "--format", "form", type=click.Choice(["parquet", "csv", "xlsx"]), default="parquet", show_default=True
    )
    @click.option("--as-of", type=Day(), default=date(2024, 12, 31), show_default=True, help=text("cli.as_of", lang))
    def generate(households: int, seed: int, out: Path, form: Format, as_of: date) -> None:
        generate_registry(households, seed, out, format=form, as_of=as_of)
        click.echo(text("cli.written", lang, path=out))

    return generate
