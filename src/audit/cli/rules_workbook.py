"""``audit rules export`` and ``audit rules import``: the rules as one workbook, out and back in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from audit.cli.options import json_option, rules_option
from audit.errors import RunError
from audit.language import Language, text
from audit.rulebook import default_rules
from audit.rulebook_workbook import Answer, Report, Verdict, export_workbook, import_workbook, write_answer
from audit.rulebook_workbook.answer import told_changes, told_counts, told_notes, told_refusals

REFUSED = 2
#: Lines of each kind that the terminal shows; the answer workbook has all of them.
_LINES = 50


def make_export(lang: Language) -> click.Command:
    """Make the command that writes the workbook."""

    @click.command("export", help=text("workbook.export", lang))
    @rules_option(lang)
    @click.option(
        "--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("rules.xlsx"), show_default=True
    )
    def command(rules: Path | None, out: Path) -> None:
        rows = export_workbook(rules or default_rules(), out, lang)
        click.echo(text("workbook.exported", lang, path=out, rows=rows))

    return command


def make_import(lang: Language) -> click.Command:
    """Make the command that reads the workbook back."""

    @click.command("import", help=text("workbook.import", lang))
    @click.argument("workbook", type=click.Path(path_type=Path))
    @click.option("--rules", type=click.Path(path_type=Path), required=True, help=text("cli.rules_dir", lang))
    @click.option("--apply", is_flag=True, help=text("workbook.apply", lang))
    @click.option("--answer", type=click.Path(path_type=Path, dir_okay=False), help=text("workbook.answer", lang))
    @json_option(lang)
    def command(workbook: Path, rules: Path, apply: bool, answer: Path | None, as_json: bool) -> int:
        if answer is not None and answer.resolve() == workbook.resolve():
            raise RunError("workbook.same_file", path=workbook.name)
        report = import_workbook(workbook, rules, apply=apply)
        if answer is not None:
            write_answer(report, answer, lang)
        if as_json:
            click.echo(json.dumps(_record(report, lang), ensure_ascii=False, indent=1))
        else:
            _print(report, apply=apply, lang=lang)
        return REFUSED if report.refused else 0

    return command


def _print(report: Report, *, apply: bool, lang: Language) -> None:
    _print_lines("changed", _lines(report, Verdict.CHANGED, told_changes, lang), lang)
    _print_lines("new", _lines(report, Verdict.NEW, told_changes, lang), lang)
    notes = [line for answer in report.answers for line in told_notes(answer, lang)]
    _print_lines("notes", [*notes, *(note.message(lang) for note in report.notes)], lang)
    refusals = _lines(report, Verdict.REFUSED, told_refusals, lang)
    _print_lines("refused", [*refusals, *(problem.message(lang) for problem in report.problems)], lang, err=True)
    click.echo(told_counts(report, lang))
    files = {"count": len(report.files), "files": ", ".join(report.files)}
    if report.refused:
        click.echo(text("workbook.nothing_written", lang), err=True)
    elif not report.files:
        click.echo(text("workbook.nothing_to_write", lang))
    elif report.applied:
        click.echo(text("workbook.applied", lang, **files))
    else:
        click.echo(text("workbook.would_write", lang, **files))
        click.echo(text("workbook.dry_run", lang))


def _lines(
    report: Report, verdict: Verdict, tell: Callable[[Answer, Language], list[str]], lang: Language
) -> list[str]:
    return [line for answer in report.answers if answer.verdict is verdict for line in tell(answer, lang)]


def _print_lines(head: str, lines: Sequence[str], lang: Language, *, err: bool = False) -> None:
    if not lines:
        return
    click.echo(text(f"workbook.{head}_head", lang), err=err)
    for line in lines[:_LINES]:
        click.echo(f"  {line}", err=err)
    if len(lines) > _LINES:
        click.echo(f"  {text('workbook.more', lang, count=len(lines) - _LINES)}", err=err)


def _record(report: Report, lang: Language) -> dict[str, object]:
    return {
        "applied": report.applied,
        "counts": {verdict.value: count for verdict, count in report.counts.items()},
        "files": list(report.files),
        "problems": [problem.message(lang) for problem in report.problems],
        "notes": [note.message(lang) for note in report.notes],
        "rows": [
            {
                "sheet": answer.row.sheet,
                "row": answer.row.number,
                "owner": answer.owner,
                "number": answer.number,
                "verdict": answer.verdict.value,
                "changed": [change.column for change in answer.changes],
                "told": [*told_changes(answer, lang), *told_refusals(answer, lang), *told_notes(answer, lang)],
            }
            for answer in report.answers
            if answer.verdict is not Verdict.UNCHANGED or answer.notes
        ],
    }
