"""Compares the rows of a workbook with the rule files, cell by cell, and answers each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from audit.errors import AuditError
from audit.rulebook.load import PARAMETERS as PARAMETER_FILE
from audit.rulebook_workbook.answers import Answer, Change, Edit, How, Problem, Verdict
from audit.rulebook_workbook.cell_values import same, spelling, tidy
from audit.rulebook_workbook.columns import PARAMETERS, RULES, VERSION
from audit.rulebook_workbook.entries import Entry, RuleFiles, version
from audit.rulebook_workbook.new_entries import answer_new
from audit.rulebook_workbook.read import Row
from audit.rulebook_workbook.reading import Reading, understand


def compare(files: RuleFiles, rows: Sequence[Row]) -> tuple[Answer, ...]:
    """Answer every row; a row that the workbook lacks says nothing."""
    readings = [understand(row, files) for row in rows]
    repeated = _repeated(readings)
    left = [reading for reading in readings if reading.row.place not in repeated]
    answers = [*repeated.values()]
    answers += [_answer_known(reading, reading.entry, files) for reading in left if reading.entry]
    answers += answer_new([reading for reading in left if not reading.entry], files)
    order = {row.place: number for number, row in enumerate(rows)}
    return _agreed(sorted(answers, key=lambda answer: order[answer.row.place]))


def _refused(reading: Reading, *problems: Problem) -> Answer:
    """A row of which nothing is taken."""
    every = (*reading.problems, *problems)
    return Answer(reading.row, reading.owner, reading.number, Verdict.REFUSED, problems=every)


def _repeated(readings: Sequence[Reading]) -> dict[tuple[str, int], Answer]:
    """Rows that say what another row says: taken once if they say the same, else all refused."""
    groups: dict[tuple[str, str, object], list[Reading]] = defaultdict(list)
    for reading in readings:
        if not reading.owner:
            continue
        which: object = reading.number
        if reading.row.plan.inside and not reading.number:
            which = spelling(dict(reading.values))
        groups[reading.row.plan.name, reading.owner, which].append(reading)
    answers: dict[tuple[str, int], Answer] = {}
    for first, *others in groups.values():
        if all(same(dict(first.values), dict(other.values)) and not other.problems for other in others):
            for other in others:
                note = AuditError("workbook.same_row", row=first.row.number)
                answer = Answer(other.row, other.owner, other.number, Verdict.UNCHANGED, notes=(note,))
                answers[other.row.place] = answer
        else:
            rows = ", ".join(str(reading.row.number) for reading in (first, *others))
            problem = Problem(first.row.plan.key, AuditError("workbook.twice", rows=rows))
            answers.update({reading.row.place: _refused(reading, problem) for reading in (first, *others)})
    return answers


def _answer_known(reading: Reading, entry: Entry, files: RuleFiles) -> Answer:
    if reading.problems:
        return _refused(reading)
    row, plan = reading.row, reading.row.plan
    changes = changes_of(reading, entry)
    if not changes:
        return Answer(row, reading.owner, reading.number, Verdict.UNCHANGED)
    if VERSION in row.cells and (stamp := tidy(row.cells[VERSION])) != entry.version:
        if stamp in _versions(reading, entry):
            note = AuditError("workbook.kept")
            return Answer(row, reading.owner, reading.number, Verdict.UNCHANGED, notes=(note,))
        problem = AuditError("workbook.moved" if stamp else f"workbook.taken_{plan.name}")
        return replace(_refused(reading, Problem("", problem)), changes=changes)
    file = PARAMETER_FILE if plan is PARAMETERS else files.file_of[reading.owner]
    edits = tuple(
        Edit(
            file,
            plan.path(reading.owner, reading.number, change.column),
            How.REMOVE if change.new is None else How.SET,
            change.new,
        )
        for change in changes
    )
    return Answer(row, reading.owner, reading.number, Verdict.CHANGED, changes, edits=edits)


def changes_of(reading: Reading, entry: Entry) -> tuple[Change, ...]:
    """The cells of a row that say something else than an entry; a flag that a file leaves out is false."""
    pairs = ((name, entry.values.get(name), value) for name, value in reading.values.items())
    return tuple(
        Change(name, old, new) for name, old, new in pairs if not (same(old, new) or (old is None and new is False))
    )


def _versions(reading: Reading, entry: Entry) -> set[str]:
    """What the row was when it was exported, if nobody has edited it: with and without what only the files say."""
    key = {RULES.key: entry.values[RULES.key]} if reading.row.plan is RULES else {}
    return {version({**entry.values, **reading.values}), version({**key, **reading.values})}


def _agreed(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Rows that want different things of the same place in a file are refused, all of them."""
    wanted: dict[tuple[object, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for answer in answers:
        for edit in answer.edits:
            if edit.how is not How.APPEND:
                wanted[edit.file, *edit.path][spelling(edit.value)].append(answer.row.number)
    apart = {place: sorted(sum(rows.values(), [])) for place, rows in wanted.items() if len(rows) > 1}
    return tuple(_without(answer, apart) for answer in answers)


def _without(answer: Answer, apart: dict[tuple[object, ...], list[int]]) -> Answer:
    problems = tuple(
        Problem(str(edit.path[-1]), AuditError("workbook.disagree", rows=", ".join(map(str, apart[place]))))
        for edit in answer.edits
        if (place := (edit.file, *edit.path)) in apart
    )
    if not problems:
        return answer
    return replace(answer, verdict=Verdict.REFUSED, problems=(*answer.problems, *problems), edits=())
