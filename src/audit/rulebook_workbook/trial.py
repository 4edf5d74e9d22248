"""Tries the new rules in a folder of their own before anything is written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.engine.cases import run_cases
from audit.errors import AuditError, RulebookError
from audit.rulebook import load_rulebook
from audit.rulebook_workbook.entries import RuleFiles


@dataclass(frozen=True)
class Trial:
    """What came of it.

    Attributes:
        mistakes: what makes the new rules unusable.
        failing: cases that no longer say what their rule says, and boundaries without a case.
    """

    mistakes: tuple[AuditError, ...] = ()
    failing: tuple[AuditError, ...] = ()


def try_out(files: RuleFiles, contents: Mapping[str, bytes]) -> Trial:
    """Load the folder as it would be; if it is right, run the cases of the rules that come out differently."""
    if not contents:
        return Trial()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / files.folder.name
        shutil.copytree(files.folder, folder, ignore=shutil.ignore_patterns(".*"))
        for file, content in contents.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
        try:
            new = load_rulebook(folder)
        except RulebookError as error:
            return Trial(mistakes=tuple(error.mistakes))
    old = files.rulebook.parameters
    moved = {name for name, parameter in new.parameters.items() if old.get(name) != parameter}
    touched = tuple(
        rule for rule in new.rules if rule.file.partition("/")[2] in contents or moved & set(rule.parameters)
    )
    return Trial(failing=tuple(run_cases(new, touched)) if touched else ())
