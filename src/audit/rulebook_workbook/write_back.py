"""Edits rule files so that they say what the workbook says, and puts them in their place all at once."""

from __future__ import annotations

import difflib
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml.error import YAMLError

from audit.errors import AuditError, RunError
from audit.model.document import Plain, parse_document
from audit.rulebook_workbook.answers import Answer, Edit, How
from audit.rulebook_workbook.cell_values import same
from audit.rulebook_workbook.yaml_text import edit_text

_BOM = "\ufeff"


def edited_files(folder: Path, answers: Sequence[Answer]) -> tuple[dict[str, bytes], dict[str, AuditError]]:
    """The new content of every file that the answers edit, and what can't be edited, both by path in the folder."""
    edits: dict[str, list[Edit]] = defaultdict(list)
    # What is added goes behind what is there, in the order of the rows' numbers.
    for answer in sorted(answers, key=lambda answer: (answer.number, answer.row.number)):
        for edit in answer.edits:
            edits[edit.file].append(edit)
    contents: dict[str, bytes] = {}
    failed: dict[str, AuditError] = {}
    for file in sorted(edits):
        path = folder / file
        try:
            contents[file] = _edited(path.read_bytes() if path.is_file() else b"", edits[file], file)
        except (AuditError, YAMLError):
            failed[file] = AuditError("workbook.not_kept", file=file)
    return contents, failed


def _edited(content: bytes, edits: Sequence[Edit], file: str) -> bytes:
    """Edit one file; lets nothing pass that would be read as anything but the old file with the edits."""
    text = content.decode("utf-8-sig")
    ends = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    wanted = parse_document(text, file).value
    for edit in edits:
        wanted = _edit_plain(wanted, edit)
    edited = _only_changes(text, edit_text(text, []) if text else "", edit_text(text, edits))
    if not same(parse_document(edited, file).value, wanted):
        raise AuditError("workbook.not_kept", file=file)
    return ((_BOM if content.startswith(_BOM.encode()) else "") + edited.replace("\n", ends)).encode()


def _only_changes(original: str, rewritten: str, edited: str) -> str:
    """Take from the edited text only the lines that the edits have changed, not those that rewriting alone has.

    A three-way merge by lines: between the lines that are the same in all three, whatever the edits left alone is
    taken from the original.
    """
    old, base, new = (text.splitlines(keepends=True) for text in (original, rewritten, edited))
    in_old, in_new = _places(base, old), _places(base, new)
    merged: list[str] = []
    starts = (0, 0, 0)
    for place in [*sorted(in_old.keys() & in_new.keys()), len(base)]:
        ends = (in_old.get(place, len(old)), place, in_new.get(place, len(new)))
        untouched = base[starts[1] : place] == new[starts[2] : ends[2]]
        merged += old[starts[0] : ends[0]] if untouched else new[starts[2] : ends[2]]
        merged += base[place : place + 1]
        starts = (ends[0] + 1, place + 1, ends[2] + 1)
    return "".join(merged)


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Where the lines of a text stand in another, as far as they are the same."""
    blocks = difflib.SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _edit_plain(root: Plain, edit: Edit) -> Plain:
    if not edit.path:
        return edit.value
    around: Any = root
    for key in edit.path[:-1]:
        around = around[key]
    if edit.how is How.APPEND:
        around.setdefault(edit.path[-1], []).append(edit.value)
    elif edit.how is How.REMOVE:
        del around[edit.path[-1]]
    else:
        around[edit.path[-1]] = edit.value
    return root


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write every file aside first, then put each in its place with one rename.

    Raises:
        RunError: the folder can't be written; no file is half written.
    """
    aside: dict[Path, Path] = {}
    try:
        for file, content in contents.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            # Not named like a rule: whoever reads the folder now does not take it for one.
            aside[path] = path.with_name(f".{path.name}.new")
            aside[path].write_bytes(content)
            if path.is_file():
                shutil.copymode(path, aside[path])
        for path, new in aside.items():
            new.replace(path)
    except OSError as error:
        for new in aside.values():
            new.unlink(missing_ok=True)
        raise RunError("workbook.unwritable", path=folder.name, problem=error.strerror or "") from error
