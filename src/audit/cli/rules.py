"""``audit rules``: lists, shows, checks, tests and starts rules, prints their SQL and what they can't decide."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from audit.cli.options import Day, audited, json_option, rules_option, today, write_text
from audit.cli.own_rules import copy, new
from audit.cli.rules_workbook import make_export, make_import
from audit.cli.tables import console, print_table
from audit.engine.cases import run_cases
from audit.engine.check import check_rulebook
from audit.engine.print_rule import rule_sql
from audit.errors import AuditError, RulebookError
from audit.language import Language, text
from audit.rulebook import Rule, load_rulebook
from audit.rulebook import find_rule as _find
from audit.rulebook.catalogue import catalogue, rule_page, severity_shown
from audit.undecided import list_undecided


def make(lang: Language) -> click.Command:
    """Make the group in one language."""
    group = click.Group("rules", help=text("cli.rules_help", lang), no_args_is_help=True)
    for command in (
        _list(lang),
        _show(lang),
        _check(lang),
        _test(lang),
        _sql(lang),
        _undecided(lang),
        _catalogue(lang),
        new(lang),
        copy(lang),
        make_export(lang),
        make_import(lang),
    ):
        group.add_command(command)
    return group


def _title(rule: Rule, lang: Language) -> str:
    return rule.title if lang == "zh" else rule.title_en


def _list(lang: Language) -> click.Command:
    @click.command("list", help=text("cli.rules_list", lang))
    @rules_option(lang)
    @json_option(lang)
    def command(rules: Path | None, as_json: bool) -> None:
        rulebook = load_rulebook(rules)
        if as_json:
            listed = [_record(rule) for rule in rulebook.rules]
            click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
            return
        heads = ("rule", "name", "subject", "severity", "section", "rule_title")
        rows = [
            (rule.id, rule.name, rule.subject.name, severity_shown(rule, lang), rule.section, _title(rule, lang))
            for rule in rulebook.rules
        ]  # fmt: skip
        print_table("", [(text(f"cli.{head}", lang), False) for head in heads], rows)

    return command


def _record(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "title_en": rule.title_en,
        "section": rule.section,
        "subject": rule.subject.name,
        "severity": rule.severity or None,
        "indicator": rule.indicator,
        "advisory": rule.advisory,
        **dict(rule.texts),
        "parameters": list(rule.parameters),
        "evidence": [fact.name for fact in rule.evidence],
        "file": rule.file,
    }


def _show(lang: Language) -> click.Command:
    @click.command("show", help=text("cli.rules_show", lang))
    @click.argument("rule_id", metavar="ID")
    @rules_option(lang)
    @json_option(lang)
    def command(rule_id: str, rules: Path | None, as_json: bool) -> None:
        rulebook = load_rulebook(rules)
        rule = _find(rulebook, rule_id)
        if as_json:
            click.echo(json.dumps(_record(rule), ensure_ascii=False, indent=1))
        else:
            click.echo(rule_page(rule, rulebook, lang))

    return command


def _check(lang: Language) -> click.Command:
    @click.command("check", help=text("cli.rules_check", lang))
    @rules_option(lang)
    def command(rules: Path | None) -> None:
        rulebook = load_rulebook(rules)
        if mistakes := run_cases(rulebook) + check_rulebook(rulebook):
            raise RulebookError("writing.mistakes", sorted(mistakes, key=_place))
        click.echo(text("cli.rules_right", lang, rules=len(rulebook.rules), parameters=len(rulebook.parameters)))

    return command


def _place(mistake: AuditError) -> tuple[str, int]:
    """Where a mistake stands: mistakes are told in this order."""
    return str(mistake.values["file"]), int(str(mistake.values["line"]))


def _test(lang: Language) -> click.Command:
    @click.command("test", help=text("cli.rules_test", lang))
    @click.argument("rule_ids", metavar="[ID]...", nargs=-1)
    @rules_option(lang)
    def command(rule_ids: tuple[str, ...], rules: Path | None) -> None:
        rulebook = load_rulebook(rules)
        chosen = tuple(_find(rulebook, rule_id) for rule_id in rule_ids) or rulebook.rules
        if mistakes := run_cases(rulebook, chosen):
            raise RulebookError("cli.cases_wrong", mistakes)
        click.echo(text("cli.cases_right", lang, rules=len(chosen), cases=sum(len(rule.cases) for rule in chosen)))

    return command


def _sql(lang: Language) -> click.Command:
    @click.command("sql", help=text("cli.rules_sql", lang))
    @click.argument("rule_id", metavar="ID")
    @click.option("--as-of", type=Day(), help=text("cli.as_of", lang))
    @click.option("--year", type=click.IntRange(1900, 2999), help=text("cli.year", lang))
    @rules_option(lang)
    def command(rule_id: str, as_of: date | None, year: int | None, rules: Path | None) -> None:
        rulebook = load_rulebook(rules)
        day = as_of or today()
        click.echo(rule_sql(_find(rulebook, rule_id), rulebook, day, year or day.year))

    return command


def _undecided(lang: Language) -> click.Command:
    @click.command("undecided", help=text("cli.rules_undecided", lang))
    @click.argument("rule_id", metavar="ID")
    @audited(lang)
    @click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help=text("cli.limit", lang))
    @json_option(lang)
    def command(
        rule_id: str,
        data: Path,
        as_of: date | None,
        year: int | None,
        rules: Path | None,
        source_map: Path | None,
        limit: int,
        as_json: bool,
    ) -> None:
        rulebook = load_rulebook(rules)
        rule = _find(rulebook, rule_id)
        found = list_undecided(
            data, rule, rulebook, as_of=as_of or today(), year=year, source_map=source_map, limit=limit
        )
        if as_json:
            rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
            click.echo(json.dumps({"undecided": found.count, "rows": rows}, ensure_ascii=False, indent=1, default=str))
            return
        shown = [["" if cell is None else str(cell) for cell in row] for row in found.rows]
        print_table(_title(rule, lang), [(name, False) for name in found.columns], shown)
        console().print(text("cli.undecided_shown", lang, shown=len(shown), count=found.count))

    return command


def _catalogue(lang: Language) -> click.Command:
    @click.command("catalogue", help=text("cli.rules_catalogue", lang))
    @rules_option(lang)
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=text("cli.out_file", lang))
    def command(rules: Path | None, out: Path | None) -> None:
        write_text(catalogue(load_rulebook(rules), lang), out, lang)

    return command
