"""``audit sample record``: reads sheets that came back; a trial unless told to record."""

from __future__ import annotations

import json
from pathlib import Path

import click

from audit.cli.options import json_option
from audit.cli.sample.options import actor, actor_option, now, samples_of, samples_options
from audit.language import Language, text
from audit.sampling.field.answer_book import told_all, told_refusals, write_answer_books
from audit.sampling.field.answers import Fate, Report
from audit.sampling.field.codes import Result
from audit.sampling.field.columns import SAMPLE
from audit.sampling.field.record import Act, record_files

REFUSED = 2
#: Lines of refusals that the terminal shows; the answer workbooks have all of them.
_LINES = 50


def make_record(lang: Language) -> click.Command:
    """Make the command in one language."""

    @click.command("record", help=text("field.record_help", lang))
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--sample", default="", help=text("field.sample_option", lang))
    @click.option("--apply", is_flag=True, help=text("field.apply", lang))
    @click.option("--correct", is_flag=True, help=text("field.correct", lang))
    @click.option("--answers", type=click.Path(path_type=Path, file_okay=False), help=text("field.answers", lang))
    @actor_option(lang)
    @samples_options(lang)
    @json_option(lang)
    def command(
        files: tuple[Path, ...],
        sample: str,
        apply: bool,
        correct: bool,
        answers: Path | None,
        by: str | None,
        out: Path,
        folder: Path | None,
        as_json: bool,
    ) -> int:
        act = Act(actor(by), now(), apply, correct, sample)
        report = record_files(samples_of(out, folder).root, files, act)
        books = write_answer_books(report, answers, lang) if apply or answers else ()
        if as_json:
            click.echo(json.dumps(_record(report, books, lang), ensure_ascii=False, indent=1))
        else:
            _print(report, books, apply=apply, lang=lang)
        return REFUSED if report.refused else 0

    return command


def _print(report: Report, books: tuple[Path, ...], *, apply: bool, lang: Language) -> None:
    notes = [note.message(lang) for file in report.files for note in file.notes]
    for line in (text("field.notes_head", lang), *(f"  {note}" for note in notes)) if notes else ():
        click.echo(line)
    if refusals := told_all(report, lang):
        click.echo(text("field.refused_head", lang), err=True)
        for line in refusals[:_LINES]:
            click.echo(f"  {line}", err=True)
        if len(refusals) > _LINES:
            click.echo(f"  {text('field.more', lang, count=len(refusals) - _LINES)}", err=True)
    counts = {fate.value: count for fate, count in report.counts.items()}
    click.echo(text("field.counts" if report.applied else "field.counts_would", lang, **counts))
    for one in report.progress:
        told = {"households": one.households, "resolved": one.resolved, "out_of_scope": one.out_of_scope}
        left = {"unresolved": one.unresolved, "incomplete": one.incomplete, "open": one.open}
        click.echo(text("field.progress", lang, sample=one.sample_id, **told, **left))
    for line in _to_replace(report, lang)[:_LINES] if report.applied else ():
        click.echo(line)
    for path in books:
        click.echo(text("field.answer_written", lang, path=path))
    if report.applied:
        click.echo(text("field.applied", lang))
    elif apply or not report.counts[Fate.RECORDED]:
        click.echo(text("field.nothing_new", lang))
    else:
        click.echo(text("field.dry_run", lang))


def _to_replace(report: Report, lang: Language) -> list[str]:
    """The next step for each household that turned out to be out of scope: another one is drawn in its place."""
    return [
        text("field.replace", lang, sample=answer.row.cells.get(SAMPLE) or "SAMPLE", unit=answer.unit, reason=reason)
        for answer in report.answers
        if answer.fate is Fate.RECORDED and answer.answers and answer.answers.get("result") == Result.OUT_OF_SCOPE
        if (reason := answer.answers.get("reason", ""))
    ]


def _record(report: Report, books: tuple[Path, ...], lang: Language) -> dict[str, object]:
    return {
        "applied": report.applied,
        "counts": {fate.value: count for fate, count in report.counts.items()},
        "problems": [problem.message(lang) for problem in report.problems],
        "notes": [note.message(lang) for file in report.files for note in file.notes],
        "answers": [str(path) for path in books],
        "rows": [
            {
                "file": answer.row.path.name,
                "sheet": answer.row.sheet,
                "row": answer.row.number,
                "key": answer.key,
                "unit": answer.unit,
                "fate": answer.fate.value,
                "added": list(answer.added),
                "corrected": [change.column for change in answer.corrected],
                "told": [*told_refusals(answer, lang), *(note.message(lang) for note in answer.notes)],
            }
            for answer in report.answers
            if answer.fate is not Fate.BLANK
        ],
    }
