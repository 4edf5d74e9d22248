"""``audit facts``: what rules may name, subject by subject."""

from __future__ import annotations

import json

import click

from audit.cli.options import json_option
from audit.cli.tables import print_table
from audit.errors import AuditError
from audit.language import Language, text
from audit.model.nearest import nearest
from audit.rulebook.words import unit_word
from audit.subjects import SUBJECTS, Fact, Subject, load_subject
from audit.subjects.describe import describe_facts, describe_subjects, needs_in_words


def make(lang: Language) -> click.Command:
    """Make the group in one language."""
    group = click.Group("facts", help=text("facts.help", lang), no_args_is_help=True)

    @group.command("list", help=text("facts.list_help", lang))
    @click.argument("subject", required=False)
    @json_option(lang)
    def command(subject: str | None, as_json: bool) -> None:
        if subject is not None and subject not in SUBJECTS:
            raise AuditError("facts.unknown_subject", name=subject, nearest=nearest(subject, SUBJECTS))
        found = load_subject(subject) if subject else None
        if as_json:
            described = describe_facts(found) if found else describe_subjects()
            click.echo(json.dumps(described, ensure_ascii=False, indent=1))
        elif found:
            click.echo(_facts(found, lang))
        else:
            _print_subjects(lang)

    return group


def _print_subjects(lang: Language) -> None:
    title = "title" if lang == "zh" else "title_en"
    heads = (("subject", False), ("title", False), ("table", False), ("number", True))
    rows = [[str(one[key]) for key in ("name", title, "table", "facts")] for one in describe_subjects()]
    print_table("", [(text(f"facts.{head}", lang), numbers) for head, numbers in heads], rows)


def _facts(subject: Subject, lang: Language) -> str:
    title = subject.title if lang == "zh" else subject.title_en
    heading = text("facts.heading", lang, name=subject.name, title=title, table=subject.table)
    return "\n\n".join([heading, *(_fact(fact, lang) for fact in subject.facts.values())])


def _fact(fact: Fact, lang: Language) -> str:
    chinese = lang == "zh"
    kind = text(f"facts.kind_{fact.kind.value}", lang)
    unit = unit_word(fact.unit, lang)
    labelled = [(code, labels[0 if chinese else 1]) for code, labels in fact.codes.items()]
    codes = [code if label == code else f"{code} {label}" for code, label in labelled]
    lines = [
        ("kind", text("facts.with_unit", lang, kind=kind, unit=unit) if unit else kind),
        ("from", needs_in_words(fact.needs, lang)),
        ("columns", fact.needs_text),
        ("parameters", ", ".join(f"${name}" for name in fact.parameters)),
        ("unknown", fact.unknown if chinese else fact.unknown_en),
        ("codes", text("facts.between", lang).join(codes)),
    ]
    told = [f"  {text(f'facts.{key}', lang)}{value}" for key, value in lines if value]
    return "\n".join([f"{fact.name}  {fact.title if chinese else fact.title_en}", *told])
