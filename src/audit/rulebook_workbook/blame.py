"""Finds the row of the workbook that a mistake in the new rule files comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.errors import AuditError
from audit.model.document import Document, Key, parse_document
from audit.rulebook.load import PARAMETERS as PARAMETER_FILE
from audit.rulebook_workbook.answers import Answer, Problem, Verdict
from audit.rulebook_workbook.columns import CASES, PARAMETERS, RULES, SHEETS
from audit.rulebook_workbook.entries import RuleFiles

_EDITED = frozenset({Verdict.CHANGED, Verdict.NEW})


@dataclass(frozen=True)
class _Place:
    """What a mistake is about: a file, a rule or parameter in it, the case or value, the column."""

    file: str
    owner: str
    number: int = 0
    column: str = ""


class Blame:
    """Knows which rows of a workbook stand for which places in the new rule files."""

    def __init__(self, answers: Sequence[Answer], files: RuleFiles, contents: Mapping[str, bytes]) -> None:
        self.answers = list(answers)
        self.files = files
        self.contents = contents
        new = {edit.file: answer.owner for answer in answers for edit in answer.edits if not edit.path}
        self.owner_of = {**{file: rule_id for rule_id, file in files.file_of.items()}, **new}
        self.file_of = {rule_id: file for file, rule_id in self.owner_of.items()}
        self.documents: dict[str, Document] = {}

    def refuse(self, mistakes: Sequence[AuditError]) -> tuple[AuditError, ...]:
        """Refuse the rows that mistakes come from; gives the mistakes for which there is no such row.

        Where a row was refused before, what its absence has led to is not told.
        """
        incomplete = {self._file(answer) for answer in self.answers if answer.verdict is Verdict.REFUSED}
        left = []
        for mistake in mistakes:
            place = self._place(mistake)
            index = self._edited_row(place) if place else None
            if index is None and "first" in mistake.values:
                index = self._edited_row(self._whole_file(str(mistake.values["first"])))
            if index is None:
                left.append(mistake)
            elif self._file(self.answers[index]) not in incomplete:
                answer = self.answers[index]
                meant = place and answer.owner == place.owner and place.column in answer.row.plan.by_name
                column = place.column if place and meant else ""
                problems = (*answer.problems, Problem(column, mistake))
                self.answers[index] = replace(answer, verdict=Verdict.REFUSED, problems=problems)
        return () if incomplete else tuple(left)

    def refuse_file(self, file: str, mistake: AuditError) -> None:
        """Refuse every row that edits a file."""
        for index, answer in enumerate(self.answers):
            if answer.verdict in _EDITED and self._file(answer) == file:
                problems = (*answer.problems, Problem("", mistake))
                self.answers[index] = replace(answer, verdict=Verdict.REFUSED, problems=problems)

    def note(self, found: Sequence[AuditError]) -> tuple[AuditError, ...]:
        """Write what does not stop an import beside its row; gives what belongs to no row of the workbook."""
        left = []
        for one in found:
            place = self._place(one)
            index = next((i for i, answer in enumerate(self.answers) if place and self._is_at(answer, place)), None)
            if index is None:
                left.append(one)
            else:
                answer = self.answers[index]
                self.answers[index] = replace(answer, notes=(*answer.notes, one))
        return tuple(left)

    def _file(self, answer: Answer) -> str:
        return PARAMETER_FILE if answer.row.plan is PARAMETERS else self.file_of.get(answer.owner, "")

    def _edited_row(self, place: _Place) -> int | None:
        """The edited row at a place, else the first edited row of the same rule or parameter, or of the same file."""
        found = [
            (not self._is_at(answer, place), answer.owner != place.owner, SHEETS.index(answer.row.plan), index)
            for index, answer in enumerate(self.answers)
            if (answer.verdict in _EDITED or answer.problems) and self._file(answer) == place.file
        ]
        return min(found)[-1] if found else None

    def _is_at(self, answer: Answer, place: _Place) -> bool:
        here = (self._file(answer), answer.owner, answer.number)
        return here == (place.file, place.owner, place.number) and (answer.row.plan is CASES) == (
            place.number > 0 and place.file != PARAMETER_FILE
        )

    def _whole_file(self, shown: str) -> _Place:
        file = shown.partition("/")[2]
        return _Place(file, self.owner_of.get(file, ""))

    def _place(self, mistake: AuditError) -> _Place | None:
        shown = str(mistake.values.get("file", ""))
        file = shown.partition("/")[2] or shown
        if file != PARAMETER_FILE and file not in self.owner_of:
            return None
        path = self._path(file, mistake.values.get("line"))
        named = str(mistake.values.get("key", ""))
        if file == PARAMETER_FILE:
            owner = str(path[0]) if path else str(mistake.values.get("name", ""))
            inside = path[1:]
            column = named if named in PARAMETERS.by_name else ""
        else:
            owner, inside = self.owner_of[file], path
            column = named if named in RULES.by_name else str(path[0]) if path and path[0] in RULES.by_name else ""
        if len(inside) > 1 and isinstance(inside[1], int):
            return _Place(file, owner, inside[1] + 1, str(inside[2]) if len(inside) > 2 else "")
        return _Place(file, owner, 0, column)

    def _path(self, file: str, line: object) -> tuple[Key, ...]:
        """The outermost entry that begins on a line."""
        if file not in self.documents:
            path = self.files.folder / file
            content = self.contents[file] if file in self.contents else path.read_bytes()
            self.documents[file] = parse_document(content.decode("utf-8-sig"), file)
        found = [path for path, at in self.documents[file].lines.items() if at == line and path]
        return min(found, key=len, default=())
