"""Tells people what became of each row: as sentences, and as the same workbook with a column of answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from audit.errors import AuditError, RunError
from audit.language import Language, text
from audit.report.masking import harmless
from audit.sampling.field.answers import Answer, Fate, Problem, Report
from audit.sampling.field.book import Book, Line, draw_book
from audit.sampling.field.columns import BASE, KEY, PLANS, RESULT_COLUMN, SAMPLE, UNIT
from audit.sampling.field.returned import Returned
from audit.sampling.field.words import label, write_answer

_SHOWN = 60
_ALWAYS = frozenset({KEY, BASE, SAMPLE, UNIT})
_MARK = ".answer"


def write_answer_books(report: Report, folder: Path | None, lang: Language) -> tuple[Path, ...]:
    """Write an answer workbook for each file that could be read; no file that is there is ever overwritten.

    Args:
        report: what became of the files.
        folder: where they go; by default beside each file.
        lang: language of the answers.

    Raises:
        RunError: a file can't be written.
    """
    written = []
    if folder:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError("field.unwritable", path=folder, problem=error.strerror or "") from error
    for file in report.files:
        if file.rows:
            path = _free(folder or file.path.parent, file.path.stem)
            draw_book(path, _book(report, file, lang), lang)
            written.append(path)
    return tuple(written)


def _free(folder: Path, stem: str) -> Path:
    """A name for an answer that no file has yet: people may have written into an earlier answer."""
    plain = stem.split(_MARK, maxsplit=1)[0]
    number = 1
    while (path := folder / f"{plain}{_MARK}{f'-{number}' if number > 1 else ''}.xlsx").exists():
        number += 1
    return path


def _book(report: Report, file: Returned, lang: Language) -> Book:
    lines: dict[str, list[Line]] = defaultdict(list)
    mine = [answer for answer in report.answers if answer.row.path == file.path]
    for answer in mine:
        colours = {problem.column: Fate.REFUSED.value for problem in answer.problems if problem.column}
        if answer.fate is not Fate.BLANK:
            colours[RESULT_COLUMN] = answer.fate.value
        colours |= {name: Fate.RECORDED.value for name in answer.added if answer.fate is Fate.RECORDED}
        cells = {**answer.row.cells, **_standing(answer, lang), RESULT_COLUMN: told_fate(answer, lang, report.applied)}
        lines[answer.row.plan.name].append(Line({name: harmless(cell) for name, cell in cells.items()}, colours))
    counts = {fate.value: sum(answer.fate is fate for answer in mine) for fate in Fate}
    told = [one.message(lang) for one in (*file.problems, *file.notes)]
    cover = [text("field.answer_head", lang, file=file.path.name), text("field.counts", lang, **counts), *told]
    if not report.applied:
        cover.append(text("field.not_applied", lang))
    cover += ["", *text("field_sheet.guide", lang).splitlines()]
    left_out = {name for plan in PLANS for name in plan.by_name if name not in {*file.columns, *_ALWAYS}}
    footer = text("field_sheet.print_footer", lang, sample=_sample(file))
    return Book(cover, lines, frozenset(left_out), footer, file.extra or {}, answered=True)


def _standing(answer: Answer, lang: Language) -> Mapping[str, str]:
    """What the row says together with what is recorded, and the mark of what its author has now been told."""
    if answer.answers is None:
        return {BASE: answer.base}
    plan, answers = answer.row.plan, answer.answers
    written = {name: write_answer(plan.by_name[name], answers.get(name, ""), lang) for name in plan.answers}
    return {**written, BASE: answer.base}


def _sample(file: Returned) -> str:
    return next((harmless(row.cells[SAMPLE]) for row in file.rows if row.cells.get(SAMPLE)), "–")


def told_fate(answer: Answer, lang: Language, applied: bool) -> str:
    """What became of a row, in a few lines."""
    if answer.fate is Fate.BLANK:
        return ""
    key = "would_record" if answer.fate is Fate.RECORDED and not applied else answer.fate.value
    told = [text(f"field.fate_{key}", lang)]
    for change in answer.corrected if answer.fate is Fate.RECORDED else ():
        recorded = write_answer(answer.row.plan.by_name[change.column], change.recorded, lang)
        said = write_answer(answer.row.plan.by_name[change.column], change.said, lang)
        words = {"column": label(change.column, lang), "recorded": shortened(recorded), "said": shortened(said)}
        told.append(text("field.corrected", lang, **words))
    told += [_with_label(problem, lang) for problem in answer.problems]
    return "\n".join([*told, *(note.message(lang) for note in answer.notes)])


def _with_label(problem: Problem, lang: Language) -> str:
    message = problem.error.message(lang)
    return text("field.told", lang, place=label(problem.column, lang), what=message) if problem.column else message


def told_refusals(answer: Answer, lang: Language) -> Iterator[str]:
    """Each refusal of a row with file, sheet, row, column, value and remedy."""
    row = answer.row
    for problem in answer.problems:
        where = {"file": row.path.name, "sheet": row.sheet or "CSV", "row": row.number, "unit": answer.unit or "–"}
        if problem.column in row.letters:
            words = {"letter": row.letters[problem.column], "label": label(problem.column, lang)}
            place = text("field.at_cell", lang, **where, **words)
        else:
            place = text("field.at_row", lang, **where)
        value = shortened(row.cells.get(problem.column, ""))
        shown = text("field.value", lang, value=value) if value else ""
        yield text("field.told", lang, place=place + shown, what=problem.error.message(lang))


def told_all(report: Report, lang: Language) -> tuple[str, ...]:
    """Every refusal of all files, in their order."""
    whole: list[AuditError] = list(report.problems)
    return (
        *(problem.message(lang) for problem in whole),
        *(line for answer in report.answers for line in told_refusals(answer, lang)),
    )


def shortened(value: str) -> str:
    """A value on one line, cut where it is long."""
    line = " ".join(harmless(value).split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
