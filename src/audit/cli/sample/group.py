"""The group ``audit sample``: from drawing households to what inspectors found."""

from __future__ import annotations

import click

from audit.cli.sample import estimate, record, sheets
from audit.language import Language, text


def make(lang: Language) -> click.Group:
    """Make the group in one language."""
    group = click.Group("sample", help=text("field.sample_help", lang), no_args_is_help=True)
    group.add_command(sheets.make(lang))
    group.add_command(record.make(lang))
    group.add_command(estimate.make(lang))
    return group
