"""Answers the rows that the rule files do not have yet: new rules, new cases, new dated values, new parameters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from audit.errors import AuditError
from audit.model.document import Plain
from audit.model.nearest import nearest
from audit.rulebook.load import PARAMETERS as PARAMETER_FILE
from audit.rulebook_workbook.answers import Answer, Change, Edit, How, Problem, Verdict
from audit.rulebook_workbook.cell_values import same, spelling
from audit.rulebook_workbook.columns import CASES, PARAMETERS, RULES
from audit.rulebook_workbook.entries import Entry, RuleFiles
from audit.rulebook_workbook.read import key_like
from audit.rulebook_workbook.reading import Reading


def answer_new(readings: Sequence[Reading], files: RuleFiles) -> list[Answer]:
    """Answer rows that name nothing in the files: they are added, or refused if they name it wrongly."""
    new_rules = {one.owner for one in readings if one.row.plan is RULES and key_like(RULES, one.owner)}
    answers: list[Answer] = []
    groups: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for reading in sorted(readings, key=lambda one: (one.number or float("inf"), one.row.number)):
        if problems := (*reading.problems, *_wrong_owner(reading, files, new_rules)):
            answers.append(Answer(reading.row, reading.owner, reading.number, Verdict.REFUSED, problems=problems))
        else:
            groups[reading.row.plan.name, reading.owner].append(reading)
    for (sheet, owner), found in groups.items():
        if owner in files.owners[sheet]:
            answers += _added(owner, found, files)
        elif sheet == PARAMETERS.name:
            answers += _new_parameter(owner, found)
        elif sheet == RULES.name:
            cases = groups.get((CASES.name, owner), [])
            answers += [_new_rule(reading, cases, files) for reading in found]
        else:
            # The file of the new rule is made with its cases: they need no edits of their own.
            answers += [_new(reading, place) for place, reading in enumerate(found, start=1)]
    return answers


def _wrong_owner(reading: Reading, files: RuleFiles, new_rules: set[str]) -> tuple[Problem, ...]:
    plan, owner = reading.row.plan, reading.owner
    known = files.owners[plan.name]
    if not owner:
        return (Problem(plan.key, AuditError("workbook.no_owner")),)
    if owner in known or (plan is CASES and owner in new_rules) or (plan is not CASES and key_like(plan, owner)):
        return ()
    return (Problem(plan.key, AuditError(f"workbook.unknown_{plan.name}", nearest=nearest(owner, known))),)


def _new(reading: Reading, number: int, *edits: Edit) -> Answer:
    changes = tuple(Change(name, None, value) for name, value in reading.values.items() if value is not None)
    return Answer(reading.row, reading.owner, number, Verdict.NEW, changes, edits=edits)


def _own(reading: Reading) -> dict[str, Plain]:
    """The entry of the list that a row would become."""
    plan = reading.row.plan
    # A case that gives nothing is one in which everything is unknown.
    given: dict[str, Plain] = {"given": {}} if plan is CASES else {}
    said = {name: value for name, value in reading.values.items() if value is not None}
    return {name: value for name in plan.own if (value := said.get(name, given.get(name))) is not None}


def _shared(reading: Reading) -> dict[str, Plain]:
    return {
        column.name: reading.values[column.name]
        for column in reading.row.plan.columns
        if column.shared and reading.values.get(column.name) is not None
    }


def _added(owner: str, found: Sequence[Reading], files: RuleFiles) -> list[Answer]:
    """Rows that add to the cases of a rule or the values of a parameter; what is there already is not added again."""
    plan = found[0].row.plan
    existing = files.of(plan, owner)
    file = PARAMETER_FILE if plan is PARAMETERS else files.file_of[owner]
    answers, number = [], len(existing)
    for reading in found:
        entry = _own(reading)
        if there := _equal(entry, existing):
            answers.append(Answer(reading.row, owner, there.number, Verdict.UNCHANGED))
            continue
        number += 1
        edits = [Edit(file, plan.list_path(owner), How.APPEND, entry)]
        for name, value in _shared(reading).items():
            if existing and not same(existing[0].values.get(name), value):
                edits.append(Edit(file, plan.path(owner, number, name), How.SET, value))
        answers.append(_new(reading, number, *edits))
    return answers


def _equal(entry: Mapping[str, Plain], existing: Sequence[Entry]) -> Entry | None:
    """The existing entry that says the same."""
    for one in existing:
        said = {name: one.values[name] for name in one.plan.own if one.values.get(name) is not None}
        if same(said, dict(entry)):
            return one
    return None


def _new_rule(reading: Reading, cases: Sequence[Reading], files: RuleFiles) -> Answer:
    said: dict[str, Plain] = {RULES.key: reading.owner, **reading.values}
    rule = {name: said[name] for name in RULES.by_name if said.get(name) is not None}
    rule["cases"] = [_own(case) for case in cases]
    file = f"{_folder(reading.owner, files)}/{reading.owner}.yaml"
    return _new(reading, 0, Edit(file, (), How.SET, rule))


def _folder(rule_id: str, files: RuleFiles) -> str:
    """Where the rules with the same letters are; a folder named after the letters if there is none."""
    letters = rule_id.partition("-")[0]
    folders = [str(PurePosixPath(file).parent) for one, file in files.file_of.items() if one.startswith(f"{letters}-")]
    return Counter(folders).most_common(1)[0][0] if folders else letters.lower()


def _new_parameter(name: str, found: Sequence[Reading]) -> list[Answer]:
    """A new parameter with its values; what its rows share must be the same in all of them that say it."""
    shared: dict[str, Plain] = {}
    for reading in found:
        for column, value in _shared(reading).items():
            if spelling(shared.setdefault(column, value)) != spelling(value):
                rows = ", ".join(str(one.row.number) for one in found)
                problem = Problem(column, AuditError("workbook.disagree", rows=rows))
                return [Answer(one.row, name, one.number, Verdict.REFUSED, problems=(problem,)) for one in found]
    parameter: dict[str, Plain] = {
        column.name: shared[column.name] for column in PARAMETERS.columns if column.name in shared
    }
    parameter["values"] = [_own(reading) for reading in found]
    edit = Edit(PARAMETER_FILE, (name,), How.SET, parameter)
    return [_new(one, place, *([edit] if place == 1 else [])) for place, one in enumerate(found, start=1)]
