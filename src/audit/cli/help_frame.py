"""The frame that click writes around the help of every command, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

import click

from audit.language import Language, text

#: What click says itself, by the text that says it instead.
_SAID = {
    "Options": "cli.options",
    "Commands": "cli.commands",
    "Show this message and exit.": "cli.show_help",
    "Show the version and exit.": "cli.show_version",
}
#: How click writes that options, a command and its own words go somewhere, by the text for it.
_PLACES = {"[OPTIONS]": "cli.place_options", "COMMAND [ARGS]...": "cli.place_command"}


def frame_in(lang: Language) -> type[click.HelpFormatter]:
    """A formatter of help whose own words are in one language."""

    def said(words: str) -> str:
        return text(_SAID[words], lang) if words in _SAID else words

    class Frame(click.HelpFormatter):
        """Click's formatter, with its own words exchanged."""

        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            for place, key in _PLACES.items():
                args = args.replace(place, text(key, lang))
            super().write_usage(prog, args, prefix or f"{text('cli.usage', lang)} ")

        def write_heading(self, heading: str) -> None:
            super().write_heading(said(heading))

        def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
            super().write_dl([(term, said(words)) for term, words in rows], col_max, col_spacing)

    return Frame
