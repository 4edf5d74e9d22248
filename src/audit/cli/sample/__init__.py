"""``audit sample``: from the plan of a sample to what it says about the audit."""

from __future__ import annotations

import click

from audit.cli.lazy import LazyGroup
from audit.language import Language

#: Command, module that makes it; each module has one function ``make_<command>``.
COMMANDS = {
    "plan": "plan",
    "frame": "frame",
    "compare": "compare",
    "draw": "draw",
    "phone": "phone",
    "list": "look",
    "replace": "acts",
    "extend": "acts",
    "second-stage": "acts",
    "second-visits": "acts",
    "discard": "acts",
    "verify": "look",
    "explain": "look",
    "sheets": "sheets",
    "record": "record",
    "estimate": "estimate",
}


def make(lang: Language) -> click.Command:
    """Make the group in one language."""
    made = {name: (f"{__name__}.{module}", f"make_{name.replace('-', '_')}") for name, module in COMMANDS.items()}
    return LazyGroup("sample", lang, "sample_command", made)
