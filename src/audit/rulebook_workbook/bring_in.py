"""Reads a workbook back into a folder of rules: everything is checked first, and written only if all of it is right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from audit.rulebook_workbook.answers import Answer, Report
from audit.rulebook_workbook.blame import Blame
from audit.rulebook_workbook.columns import NUMBER, VERSION
from audit.rulebook_workbook.compare import changes_of, compare
from audit.rulebook_workbook.entries import RuleFiles, read_rule_files
from audit.rulebook_workbook.read import read_workbook
from audit.rulebook_workbook.reading import understand
from audit.rulebook_workbook.trial import try_out
from audit.rulebook_workbook.write_back import edited_files, write_files


def import_workbook(path: Path, folder: Path, *, apply: bool) -> Report:
    """Compare a workbook with a folder of rules and answer row by row; with ``apply``, write what it changes.

    One refused row is enough, and nothing is written: half of a change of policy is another policy.

    Raises:
        InputError: the workbook can't be read.
        RulebookError: the folder has mistakes before anything is changed.
        RunError: the folder can't be written.
    """
    rows = read_workbook(path)
    files = read_rule_files(folder)
    answers = compare(files, rows)
    contents, failed = edited_files(files.folder, answers)
    blame = Blame(answers, files, contents)
    for file, mistake in failed.items():
        blame.refuse_file(file, mistake)
    trial = try_out(files, contents)
    problems = blame.refuse(trial.mistakes)
    notes = blame.note(trial.failing)
    report = Report(tuple(blame.answers), problems, notes, tuple(contents), applied=False)
    if not apply or report.refused or not contents:
        return report
    write_files(files.folder, contents)
    written = read_rule_files(folder)
    return Report(tuple(_stamped(one, written) for one in report.answers), (), notes, report.files, applied=True)


def _stamped(answer: Answer, files: RuleFiles) -> Answer:
    """A row that says what the files now say gets its number and version: people go on in the answer workbook."""
    entry = files.by_place.get((answer.row.plan.name, answer.owner, answer.number))
    if entry is None or changes_of(understand(answer.row, files), entry):
        return answer
    bookkeeping = {VERSION: entry.version} | ({NUMBER: str(entry.number)} if entry.number else {})
    return replace(answer, row=replace(answer.row, cells={**answer.row.cells, **bookkeeping}))
