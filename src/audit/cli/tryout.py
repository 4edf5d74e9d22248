"""``audit try``: tries rules out on a registry and prints what each of them finds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import duckdb

from audit.cli.counts_printed import print_inputs, print_rules
from audit.cli.options import Day, json_option, today
from audit.cli.registry_place import RegistryPlace
from audit.cli.tables import console, print_table, progress_bar
from audit.database import Settings
from audit.language import Language, text
from audit.memory import HALF
from audit.tried import TRYOUT_FILE
from audit.tryout import STEPS, Tryout, try_rules

BROKEN = 2
#: So many findings of each rule that is named are printed unless told otherwise.
SHOWN = 3


def make(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("try", help=text("tryout.help", lang))
    @click.argument("data", type=RegistryPlace())
    @click.option("--rules", type=click.Path(path_type=Path), help=text("cli.rules_dir", lang))
    @click.option("--rule", "only", multiple=True, metavar="ID", help=text("tryout.rule", lang))
    @click.option("--param", "values", multiple=True, metavar="NAME=VALUE", help=text("tryout.param", lang))
    @click.option("--as-of", type=Day(), help=text("cli.as_of", lang))
    @click.option("--year", type=click.IntRange(1900, 2999), help=text("cli.year", lang))
    @click.option("--source-map", type=click.Path(path_type=Path), help=text("cli.source_map", lang))
    @click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), help=text("cli.out", lang))
    @click.option("--show", type=click.IntRange(0), metavar="N", help=text("tryout.show", lang))
    @click.option("--memory", default=HALF, show_default=True, help=text("configuration.memory", lang))
    @json_option(lang)
    def command(
        data: Path | str,
        rules: Path | None,
        only: tuple[str, ...],
        values: tuple[str, ...],
        as_of: date | None,
        year: int | None,
        source_map: Path | None,
        out: Path,
        show: int | None,
        memory: str,
        as_json: bool,
    ) -> int:
        with progress_bar(STEPS, lang) as progress:
            tryout = try_rules(
                data,
                as_of=as_of or today(),
                year=year,
                rules=rules,
                only=only,
                values=values,
                out=out,
                source_map=source_map,
                settings=Settings(lang, memory=memory, on_work=progress.expect),
                progress=progress,
            )
        if as_json:
            click.echo((tryout.folder / TRYOUT_FILE).read_text(encoding="utf-8"), nl=False)
        else:
            _print(tryout, (SHOWN if only else 0) if show is None else show, lang)
        return BROKEN if tryout.broken else 0

    return command


def _print(tryout: Tryout, show: int, lang: Language) -> None:
    """Print what was read, what each rule counted, and the first findings of each."""
    out, findings = console(), tryout.folder / "findings.parquet"
    out.print(text("tryout.title", lang, name=tryout.name, as_of=tryout.as_of, year=tryout.year), style="bold")
    print_inputs(tryout.inputs, lang)
    print_rules(tryout.rules, frozenset(), lang)
    if show:
        message = "message" if lang == "zh" else "message_en"
        first = f"row_number() OVER (PARTITION BY rule_id ORDER BY subject_id) <= {show} ORDER BY rule_id, subject_id"
        sql = f"FROM read_parquet($file) SELECT rule_id, subject_id, {message} QUALIFY {first}"
        rows = duckdb.execute(sql, {"file": str(findings)}).fetchall()
        heads = ("cli.rule", "tryout.subject", "tryout.message")
        print_table("", [(text(head, lang), False) for head in heads], rows)
    if tryout.recalled:
        out.print(text("tryout.recalled", lang, tables=", ".join(tryout.recalled)))
    out.print(text("tryout.findings_at", lang, path=findings))
