"""``audit parameters``: lists the numbers that policy sets, and says which value counts where and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from audit.cli.options import Day, json_option, rules_option, today
from audit.cli.tables import print_table
from audit.language import Language, text
from audit.rulebook import Parameter, load_rulebook
from audit.rulebook.parameter_lookup import Standing, all_values, find_parameter, on_day, why


def make(lang: Language) -> click.Command:
    """Make the group in one language."""
    group = click.Group("parameters", help=text("policy.help", lang), no_args_is_help=True)
    group.add_command(_list(lang))
    group.add_command(_show(lang))
    return group


def _list(lang: Language) -> click.Command:
    @click.command("list", help=text("policy.help_list", lang))
    @click.option("--as-of", type=Day(), help=text("policy.as_of", lang))
    @rules_option(lang)
    @json_option(lang)
    def command(as_of: date | None, rules: Path | None, as_json: bool) -> None:
        standings = on_day(load_rulebook(rules), as_of or today())
        if as_json:
            _print_json([{**_named(one.parameter), **_value(one)} for one in standings])
            return
        columns = ("name", "title", "value", "unit", "area", "state", "source")
        _print(columns, [{**_words(one.parameter, lang), **_shown(one, lang)} for one in standings], lang)

    return command


def _show(lang: Language) -> click.Command:
    @click.command("show", help=text("policy.help_show", lang))
    @click.argument("name", metavar="NAME")
    @click.option("--as-of", type=Day(), help=text("policy.as_of", lang))
    @click.option("--area", metavar="CODE", help=text("policy.area_option", lang))
    @rules_option(lang)
    @json_option(lang)
    def command(name: str, as_of: date | None, area: str | None, rules: Path | None, as_json: bool) -> None:
        parameter, day = find_parameter(load_rulebook(rules), name), as_of or today()
        values = all_values(parameter, day)
        chosen, reason = why(parameter, area, day) if area is not None else (None, None)
        if as_json:
            record = {**_named(parameter), "as_of": day.isoformat(), "values": [_value(one) for one in values]}
            if reason:
                counting = Standing(parameter, chosen.dated, chosen.state.value) if chosen else None
                counts = _value(counting) if counting else None
                record["in_area"] = {"area": area, "counts": counts, "why": reason.message(lang)}
            _print_json(record)
            return
        words = _words(parameter, lang)
        carried = text("policy.carried" if parameter.carry_forward else "policy.not_carried", lang)
        click.echo(text("policy.heading", lang, **words, type=text(f"policy.kind_{parameter.kind}", lang)))
        click.echo(carried)
        columns = ("value", "from", "until", "area", "state", "source", "where")
        _print(columns, [_shown(one, lang) for one in values], lang)
        if reason:
            click.echo(reason.message(lang))
        click.echo(text("policy.day_that_counts", lang))

    return command


def _print_json(record: object) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=1))


def _print(columns: Sequence[str], rows: Sequence[dict[str, str]], lang: Language) -> None:
    heads = [(text(f"policy.head_{column}", lang), column == "value") for column in columns]
    print_table("", heads, [[row[column] for column in columns] for row in rows])


def _words(parameter: Parameter, lang: Language) -> dict[str, str]:
    title, unit = (parameter.title, parameter.unit) if lang == "zh" else (parameter.title_en, parameter.unit_en)
    return {"name": parameter.name, "title": title, "unit": unit}


def _named(parameter: Parameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "title": parameter.title,
        "title_en": parameter.title_en,
        "unit": parameter.unit,
        "unit_en": parameter.unit_en,
        "type": parameter.kind,
        "carry_forward": parameter.carry_forward,
    }


def _value(one: Standing) -> dict[str, object]:
    dated = one.dated
    return {
        "value": str(dated.value) if dated else None,
        "area": dated.area if dated else None,
        "valid_from": dated.valid_from.isoformat() if dated else None,
        "valid_to": dated.valid_to.isoformat() if dated and dated.valid_to else None,
        "state": one.state,
        "source": dated.source if dated else None,
        "file": dated.file if dated else None,
        "line": dated.line if dated else None,
    }


def _shown(one: Standing, lang: Language) -> dict[str, str]:
    """A value as cells of a table; a dash where there is none."""
    state, dated = text(f"policy.state_{one.state}", lang), one.dated
    if dated is None:
        return {"state": state, **dict.fromkeys(("value", "from", "until", "area", "source", "where"), "–")}
    return {
        "value": str(dated.value),
        "from": dated.valid_from.isoformat(),
        "until": dated.valid_to.isoformat() if dated.valid_to else "",
        "area": dated.area or text("policy.everywhere", lang),
        "state": state,
        "source": dated.source,
        "where": f"{dated.file}:{dated.line}",
    }
