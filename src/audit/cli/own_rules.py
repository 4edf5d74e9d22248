"""``audit rules new`` and ``audit rules copy``: the first steps towards rules of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from audit.cli.options import rules_option
from audit.language import Language, text
from audit.rulebook import default_rules, load_rulebook
from audit.rulebook.new_rule import OWN_LETTERS, draft_rule
from audit.rulebook.own_folder import copy_rules, write_rule


def new(lang: Language) -> click.Command:
    """Make ``audit rules new`` in one language."""

    @click.command("new", help=text("writing.help_new", lang))
    @click.argument("name", metavar="NAME")
    @click.option("--subject", default="household", show_default=True, help=text("writing.help_subject", lang))
    @click.option("--id", "rule_id", default=OWN_LETTERS, show_default=True, help=text("writing.help_id", lang))
    @rules_option(lang)
    def command(name: str, subject: str, rule_id: str, rules: Path | None) -> None:
        folder = default_rules() if rules is None else rules
        draft = draft_rule(load_rulebook(folder), name, subject=subject, rule_id=rule_id, lang=lang)
        path = write_rule(draft, folder)
        option = f" --rules {_pasted(rules)}" if rules else ""
        click.echo(text("writing.new_next", lang, path=path, id=draft.id, subject=draft.subject, rules=option))

    return command


def copy(lang: Language) -> click.Command:
    """Make ``audit rules copy`` in one language."""

    @click.command("copy", help=text("writing.help_copy", lang))
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
    def command(folder: Path) -> None:
        click.echo(text("writing.copy_next", lang, files=copy_rules(folder), folder=_pasted(folder)))

    return command


def _pasted(path: Path) -> str:
    """A path as it can be pasted into a command."""
    return f'"{path}"' if " " in str(path) else str(path)
