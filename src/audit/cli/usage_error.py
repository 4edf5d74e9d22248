"""What click says about a command line it can't use, in the reader's language."""

from __future__ import annotations

import re

import click

from audit.language import Language, text

#: Click's own sentences and the texts that say them, the values by their places; the first that fits counts.
_SAID = (
    (r"No such option '(?P<name>.+?)'\.(?: (?P<near>.+))?", "cli.no_such_option"),
    (r"No such command '(?P<name>.+?)'\.(?: (?P<near>.+))?", "cli.no_such_command"),
    (r"Missing argument '(?P<name>.+?)'\.", "cli.argument_missing"),
    (r"Missing option '(?P<name>.+?)'\.", "cli.option_missing"),
    (r"Missing command\.", "cli.command_missing"),
    (r"Option '(?P<name>.+?)' requires an argument\.", "cli.value_missing"),
    (r"Option '(?P<name>.+?)' does not take a value\.", "cli.value_too_many"),
    (r"Got unexpected extra arguments? \((?P<words>.+)\)", "cli.words_too_many"),
    (r"Invalid value for '(?P<name>.+?)': (?P<problem>.+)", "cli.value_wrong"),
    (r"'?(?P<value>.*?)'? is not in the range (?P<range>.+)\.", "cli.not_in_range"),
    (r"'?(?P<value>.*?)'? is not a valid (?P<kind>.+)\.", "cli.not_a_kind"),
    (r"'?(?P<value>.*?)'? is not (?:one of )?(?P<choices>'.+')\.", "cli.no_choice"),
    (r"Did you mean (?P<names>.+)\?", "cli.nearest"),
    (r"\(Did you mean one of: (?P<names>.+)\?\)", "cli.nearest"),
)
_KINDS = {"integer": "cli.kind_integer", "integer range": "cli.kind_integer", "float": "cli.kind_number"}


def told(error: click.ClickException, lang: Language) -> str:
    """All that is printed about a command line that can't be used: how it is written, where help is, what is wrong.

    Args:
        error: what click found.
        lang: the reader's language.
    """
    context = error.ctx if isinstance(error, click.UsageError) else None
    lines = []
    if context is not None:
        lines += [context.get_usage(), text("cli.try_help", lang, command=context.command_path), ""]
    return "\n".join([*lines, text("cli.wrong", lang, problem=said(error.format_message(), lang)).strip()])


def said(sentence: str, lang: Language) -> str:
    """Click's sentence in a language; one that is not known stays as it is."""
    for pattern, key in _SAID:
        if found := re.fullmatch(pattern, sentence, re.DOTALL):
            values = {name: value or "" for name, value in found.groupdict().items()}
            if values.get("near"):
                values["near"] = said(values["near"], lang)
            if "problem" in values:
                values["problem"] = said(values["problem"], lang)
            if values.get("kind") in _KINDS:
                values["kind"] = text(_KINDS[values["kind"]], lang)
            return text(key, lang, **values)
    return sentence
