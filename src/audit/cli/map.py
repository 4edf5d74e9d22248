"""``audit map``: proposes a source map for the files that a county really sends."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from audit.cli.options import write_text
from audit.intake import draft_map
from audit.language import Language, text


def make(lang: Language) -> click.Command:
    """Make the group in one language."""
    group = click.Group("map", help=text("cli.map_help", lang), no_args_is_help=True)

    @group.command("draft", help=text("cli.map_draft", lang))
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=text("cli.out_file", lang))
    def draft(files: tuple[Path, ...], out: Path | None) -> None:
        with duckdb.connect() as con:
            written = draft_map(con, files)
        write_text(written, out, lang)

    return group
