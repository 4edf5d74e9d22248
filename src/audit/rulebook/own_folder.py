"""A folder of one's own rules: started as a copy of those that come with the audit, and added to, never overwritten."""

from __future__ import annotations

import shutil
from pathlib import Path

from audit.errors import AuditError
from audit.rulebook.load import default_rules, packaged_rules
from audit.rulebook.new_rule import Draft


def copy_rules(target: Path) -> int:
    """Copy the rules that come with the audit into a new folder; gives the number of files.

    Raises:
        AuditError: the folder holds something already, or can't be written.
    """
    source = default_rules()
    files = sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("README"))
    try:
        if target.exists() and any(target.iterdir()):
            raise AuditError("writing.not_empty", folder=target)
        for path in files:
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    except OSError as error:
        raise AuditError("writing.not_writable", folder=target, problem=error.strerror or "") from error
    return len(files)


def write_rule(draft: Draft, folder: Path) -> Path:
    """Write a new rule into a folder of rules; gives the file.

    Raises:
        AuditError: the file is there already, the folder can't be written, or it is the installed program's own.
    """
    if folder.resolve() == packaged_rules().resolve():
        raise AuditError("writing.packaged", folder=folder)
    path = folder / draft.path
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(draft.written)
    except OSError as error:
        if isinstance(error, FileExistsError) and path.is_file():
            raise AuditError("writing.exists", file=path) from error
        raise AuditError("writing.not_writable", folder=folder, problem=error.strerror or "") from error
    return path
