"""Tells people what became of each row: as sentences, and as the same workbook with a column of results."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from audit.language import Language, text
from audit.model.document import Plain
from audit.rulebook_workbook.answers import Answer, Change, Problem, Report, Verdict
from audit.rulebook_workbook.cell_values import write_value
from audit.rulebook_workbook.columns import RESULT
from audit.rulebook_workbook.draw import LONGEST, Line, draw_workbook
from audit.rulebook_workbook.words import label

_SHOWN = 80


def write_answer(report: Report, path: Path, lang: Language) -> None:
    """Write the workbook back with a result on each row: yellow changed, green new, red refused.

    Raises:
        RunError: the file can't be written.
    """
    lines: dict[str, list[Line]] = defaultdict(list)
    for answer in report.answers:
        colours = {change.column: answer.verdict.value for change in answer.changes}
        colours |= {problem.column: Verdict.REFUSED.value for problem in answer.problems if problem.column}
        colours[RESULT] = answer.verdict.value
        cells = {**answer.row.cells, RESULT: _result(answer, lang)[:LONGEST]}
        lines[answer.row.plan.name].append(Line(cells, colours))
    whole = [told_counts(report, lang), *(one.message(lang) for one in (*report.problems, *report.notes)), ""]
    draw_workbook(path, lines, [*whole, *text("workbook.guide", lang).splitlines()], lang, result=True)


def told_counts(report: Report, lang: Language) -> str:
    """How many rows are unchanged, changed, new and refused."""
    counts = {verdict.value: count for verdict, count in report.counts.items()}
    return text("workbook.counts", lang, **counts)


def told_refusals(answer: Answer, lang: Language) -> list[str]:
    """Each refusal of a row with sheet, row, column, value and remedy."""
    return [_told_problem(answer, problem, lang) for problem in answer.problems]


def told_changes(answer: Answer, lang: Language) -> list[str]:
    """Each changed cell of a row with its old and new value."""
    return [
        _told(_place(answer, change.column, lang), _told_change(answer, change, lang), lang)
        for change in answer.changes
    ]


def told_notes(answer: Answer, lang: Language) -> list[str]:
    """What else the author of a row should know."""
    return [_told(_place(answer, "", lang), note.message(lang), lang) for note in answer.notes]


def _told(place: str, what: str, lang: Language) -> str:
    return text("workbook.told", lang, place=place, what=what)


def _result(answer: Answer, lang: Language) -> str:
    told = [text(f"workbook.verdict_{answer.verdict.value}", lang)]
    if answer.verdict is Verdict.CHANGED:
        told += [
            _told(label(change.column, lang), _told_change(answer, change, lang), lang) for change in answer.changes
        ]
    told += [_with_label(problem, lang) for problem in answer.problems]
    return "\n".join([*told, *(note.message(lang) for note in answer.notes)])


def _with_label(problem: Problem, lang: Language) -> str:
    message = problem.error.message(lang)
    return _told(label(problem.column, lang), message, lang) if problem.column else message


def _place(answer: Answer, column: str, lang: Language) -> str:
    row = answer.row
    words = {"sheet": row.sheet, "row": row.number, "owner": answer.owner or "–"}
    if column not in row.letters:
        return text("workbook.at_row", lang, **words)
    return text("workbook.at_cell", lang, letter=row.letters[column], label=label(column, lang), **words)


def _told_problem(answer: Answer, problem: Problem, lang: Language) -> str:
    value = shortened(answer.row.cells.get(problem.column, ""))
    shown = text("workbook.value", lang, value=value) if value else ""
    return _told(_place(answer, problem.column, lang) + shown, problem.error.message(lang), lang)


def _told_change(answer: Answer, change: Change, lang: Language) -> str:
    column = answer.row.plan.by_name[change.column]

    def shown(value: Plain) -> str:
        written = write_value(value, column, lang)
        return text("workbook.quoted", lang, value=shortened(written)) if written else text("workbook.nothing", lang)

    return f"{shown(change.old)} → {shown(change.new)}"


def shortened(value: str) -> str:
    """A value on one line, cut where it is long."""
    line = " ".join(value.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
