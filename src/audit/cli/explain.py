"""``audit explain``: says why each rule says what it says about one household."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from audit.cli.options import audited, json_option, today
from audit.cli.tables import progress_bar
from audit.database import Settings
from audit.explain import Explanation, explain_household, explain_run
from audit.explain.household import STEPS
from audit.explain.record import explanation_record
from audit.explain.words import explanation_lines
from audit.language import Language, text

#: The run that is explained unless another is named.
LATEST = Path("reports") / "latest"


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("explain", help=text("explain.help", lang))
    @click.argument("household_id")
    @audited(lang, data_required=False)
    @click.option("--rule", "rule_id", metavar="ID", help=text("explain.rule", lang))
    @click.option("--run", "run_folder", type=click.Path(path_type=Path), help=text("explain.run", lang))
    @click.option("--show-personal", is_flag=True, help=text("explain.show_personal", lang))
    @json_option(lang)
    def explain(
        household_id: str,
        data: Path | str | None,
        as_of: date | None,
        year: int | None,
        rules: Path | None,
        source_map: Path | None,
        rule_id: str | None,
        run_folder: Path | None,
        show_personal: bool,
        as_json: bool,
    ) -> None:
        if data and run_folder:
            raise click.UsageError(text("explain.run_or_data", lang))
        settings = Settings(lang, show_personal)
        with progress_bar(STEPS, lang) as progress:
            if data:
                found = explain_household(
                    data,
                    household_id,
                    as_of=as_of or today(),
                    year=year,
                    rules=rules,
                    source_map=source_map,
                    rule_id=rule_id,
                    settings=settings,
                    progress=progress,
                )
            else:
                found = explain_run(
                    run_folder or LATEST,
                    household_id,
                    as_of=as_of,
                    year=year,
                    rules=rules,
                    source_map=source_map,
                    rule_id=rule_id,
                    settings=settings,
                    progress=progress,
                )
        _print(found, in_full=rule_id is not None, as_json=as_json)

    return explain


def _print(found: Explanation, *, in_full: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(explanation_record(found), ensure_ascii=False, indent=1))
        return
    for line in explanation_lines(found, in_full=in_full):
        click.echo(line)
