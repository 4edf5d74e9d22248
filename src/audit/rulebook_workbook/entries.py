"""What the rule files say now, as the rows of a workbook."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from audit.model.document import Plain, read_document
from audit.rulebook import Rulebook, load_rulebook
from audit.rulebook.load import PARAMETERS as PARAMETER_FILE
from audit.rulebook_workbook.cell_values import spelling
from audit.rulebook_workbook.columns import CASES, PARAMETERS, RULES, Plan


@dataclass(frozen=True)
class Entry:
    """One row as the rule files have it.

    Attributes:
        plan: the sheet it belongs to.
        owner: the id of the rule, or the name of the parameter.
        number: its place in the list of cases or values, from 1; 0 for a rule itself.
        values: by column; what the file does not say is absent.
    """

    plan: Plan
    owner: str
    number: int
    values: Mapping[str, Plain]

    @property
    def version(self) -> str:
        """Twelve characters that change when the entry does: tells what a workbook was made from."""
        return version(self.values)


def version(values: Mapping[str, Plain]) -> str:
    """The version of an entry with these values."""
    said: dict[str, Plain] = {name: value for name, value in values.items() if value is not None}
    return hashlib.sha256(spelling(said).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class RuleFiles:
    """A folder of rules, free of mistakes.

    Attributes:
        folder: where it is.
        rulebook: what was read from it.
        values: the plain data of each file by its path in the folder.
        file_of: the path of each rule's file.
        entries: all rows, in the order of the rules and of the parameter file.
    """

    folder: Path
    rulebook: Rulebook
    values: Mapping[str, Plain]
    file_of: Mapping[str, str]
    entries: tuple[Entry, ...]

    @cached_property
    def by_place(self) -> Mapping[tuple[str, str, int], Entry]:
        """The entries by sheet, owner and number."""
        return {(entry.plan.name, entry.owner, entry.number): entry for entry in self.entries}

    def of(self, plan: Plan, owner: str) -> tuple[Entry, ...]:
        """The entries of one rule or parameter on a sheet."""
        return tuple(entry for entry in self.entries if entry.plan is plan and entry.owner == owner)

    @cached_property
    def owners(self) -> Mapping[str, tuple[str, ...]]:
        """All ids of rules, or names of parameters, by sheet."""
        rules = tuple(rule.id for rule in self.rulebook.rules)
        return {RULES.name: rules, CASES.name: rules, PARAMETERS.name: tuple(self.rulebook.parameters)}


def read_rule_files(folder: Path) -> RuleFiles:
    """Read a folder of rules.

    Raises:
        RulebookError: there are mistakes in it already.
    """
    folder = folder.resolve()
    rulebook = load_rulebook(folder)
    file_of = {rule.id: rule.file.partition("/")[2] for rule in rulebook.rules}
    names = (*file_of.values(), PARAMETER_FILE)
    values = {name: read_document(folder / name, name).value for name in names}
    entries = [entry for rule_id, name in file_of.items() for entry in _of_rule(rule_id, values[name])]
    entries += _of_parameters(values[PARAMETER_FILE])
    entries.sort(key=lambda entry: (RULES, CASES, PARAMETERS).index(entry.plan))
    return RuleFiles(folder, rulebook, values, file_of, tuple(entries))


def _of_rule(rule_id: str, value: Plain) -> list[Entry]:
    assert isinstance(value, dict)  # what the rulebook has let through
    listed = value["cases"]
    assert isinstance(listed, list)
    found = [Entry(RULES, rule_id, 0, {key: part for key, part in value.items() if key in RULES.by_name})]
    return [*found, *(Entry(CASES, rule_id, place, _mapping(case)) for place, case in enumerate(listed, start=1))]


def _of_parameters(value: Plain) -> list[Entry]:
    found = []
    for name, parameter in _mapping(value).items():
        about = _mapping(parameter)
        shared = {key: part for key, part in about.items() if key in PARAMETERS.by_name}
        listed = about.get("values")
        for place, dated in enumerate(listed if isinstance(listed, list) else [], start=1):
            found.append(Entry(PARAMETERS, name, place, {**shared, **_mapping(dated)}))
    return found


def _mapping(value: Plain) -> dict[str, Plain]:
    assert isinstance(value, dict)  # what the rulebook has let through
    return value
