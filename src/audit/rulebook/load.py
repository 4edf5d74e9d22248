"""Reads a folder of rules and parameters, and tells all mistakes in one message."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from audit.errors import AuditError, RulebookError
from audit.model.document import Document, read_document
from audit.model.nearest import nearest
from audit.rulebook.expression import BUILT_IN, Sort
from audit.rulebook.parameter_csv import add_values
from audit.rulebook.parameter_file import read_parameters
from audit.rulebook.parameter_values import check_periods
from audit.rulebook.policy import Parameter, Rule, Rulebook
from audit.rulebook.rule_file import read_rule

PARAMETERS = "parameters.yaml"
#: Values by area and year; a folder of rules may do without.
PLACED = "parameters.csv"
#: What is expected of an extract: no rule, and a folder of rules may do without.
GATE = "gate.yaml"
#: What evidence calls something else.
RESERVED = frozenset({*BUILT_IN, "parameters"})


def packaged_rules() -> Path:
    """Where an installed audit keeps the rules that come with it."""
    return Path(str(resources.files("audit"))) / "rules"


def default_rules() -> Path:
    """Where the rules that come with the audit are: in the installed package, or in the repository."""
    packaged = packaged_rules()
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "rules"


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """Read and check all rules of a folder, by default those that come with the audit.

    Raises:
        RulebookError: every mistake found, with file, line, key and the nearest name.
    """
    folder = default_rules() if folder is None else folder
    mistakes: list[AuditError] = []
    if not (folder / PARAMETERS).is_file():
        raise RulebookError("rulebook.mistakes", [AuditError("rulebook.no_folder", folder=folder.name)])
    document = _read(folder / PARAMETERS, folder, mistakes)
    if document is None:  # else every rule that names a parameter would be told as wrong
        raise RulebookError("rulebook.mistakes", mistakes)
    parameters = read_parameters(document, mistakes)
    sorts = _sorts(document)
    placed = [folder / PLACED] if (folder / PLACED).exists() else []
    for path in placed:
        parameters = add_values(path, f"{folder.name}/{PLACED}", parameters, sorts, mistakes)
    check_periods(parameters.values(), mistakes)
    rules: list[Rule] = []
    files = sorted(path for path in folder.rglob("*.yaml") if path.name not in {PARAMETERS, GATE})
    for path in files:
        read = _read(path, folder, mistakes)
        rule = read_rule(read, sorts, mistakes) if read else None
        if rule:
            rules.append(rule)
    _check_together(rules, parameters, mistakes)
    if mistakes:
        raise RulebookError("rulebook.mistakes", mistakes)
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in (folder / PARAMETERS, *placed, *files)
    }
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    in_order = tuple(sorted(rules, key=lambda rule: by_number(rule.id)))
    return Rulebook(in_order, parameters, digest.hexdigest(), contents)


def _sorts(document: Document) -> dict[str, Sort]:
    """Every declared parameter, also one with mistakes: they are told once, not in every rule that names it."""
    declared = document.value if isinstance(document.value, dict) else {}
    kinds = {name: entry.get("type") if isinstance(entry, dict) else None for name, entry in declared.items()}
    return {name: Sort.DATE if kind == "date" else Sort.NUMBER for name, kind in kinds.items()}


def find_rule(rulebook: Rulebook, rule_id: str) -> Rule:
    """Give the rule with an id, in capitals or not.

    Raises:
        AuditError: there is none; the message names the nearest.
    """
    rule = rulebook.rule(rule_id.upper())
    if rule is None:
        known = tuple(one.id for one in rulebook.rules)
        raise AuditError("rulebook.rule_unknown", name=rule_id, nearest=nearest(rule_id.upper(), known))
    return rule


def by_number(rule_id: str) -> tuple[str, int]:
    """Order of rule ids for people: INC-2 before INC-10."""
    letters, _, number = rule_id.partition("-")
    return letters, int(number)


def _read(path: Path, folder: Path, mistakes: list[AuditError]) -> Document | None:
    try:
        return read_document(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    except AuditError as error:
        mistakes.append(error)
        return None


def _check_together(rules: list[Rule], parameters: Mapping[str, Parameter], mistakes: list[AuditError]) -> None:
    for what in ("id", "name"):
        seen: dict[str, Rule] = {}
        for rule in rules:
            value = str(getattr(rule, what))
            if value in seen:
                first = seen[value].file
                line = rule.lines[what]
                mistakes.append(
                    AuditError("rulebook.used_twice", file=rule.file, line=line, key=what, value=value, first=first)
                )
            seen.setdefault(value, rule)
    for rule in rules:
        for fact in rule.deciding:
            for name in sorted(set(fact.parameters) - set(parameters)):
                words = {"fact": fact.name, "name": name}
                mistakes.append(AuditError("rulebook.fact_parameter", file=rule.file, line=rule.lines["flag"], **words))
    facts = {fact for rule in rules for fact in rule.subject.facts}
    for name in parameters:
        if name in facts or not re.fullmatch("[a-z][a-z0-9_]*", name):
            mistakes.append(AuditError("rulebook.parameter_name", file=PARAMETERS, name=name))
        if name in RESERVED:
            mistakes.append(AuditError("policy.reserved_name", file=PARAMETERS, name=name))
