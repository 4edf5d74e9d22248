"""Reads ``aliases.csv``: renumbered or merged households, other units and renamed rules, so that history follows them.

One line says that what was called ``old`` is called ``new`` now: ``household,139901001001007,139901001002007``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from audit.contract.hand_csv import Line, Places, check_width, read_day, read_header, read_lines
from audit.errors import AuditError, RulebookError
from audit.model.nearest import nearest
from audit.subjects import SUBJECTS

FILE_NAME = "aliases.csv"
#: The columns in their order, each with its Chinese label.
COLUMNS = {"kind": "类型", "old": "原编号", "new": "新编号", "since": "起", "note": "说明"}
_REQUIRED = ("kind", "old", "new")
_AREAS = frozenset({"village", "township", "village_post_type", "hotline"})
#: What can be renumbered: rules, areas, and every subject that has a key of its own.
KINDS = ("rule", "area", *(name for name in SUBJECTS if name not in _AREAS))


@dataclass(frozen=True)
class Aliases:
    """What was renamed since the run compared with.

    Attributes:
        names: of each kind, the present name of each former name.
        digest: of what the files say; empty without any.
    """

    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True)
class _Renamed:
    kind: str
    old: str
    new: str
    since: date | None
    file: str
    line: int


def alias_files(data: Path, rules: Path | None, named: Path | None) -> tuple[Path, ...]:
    """The alias files of an audit: the one that is named, or those that lie beside the data and among the rules.

    Args:
        data: the registry.
        rules: the folder of rules, if it is one of one's own.
        named: a file that was named.
    """
    if named:
        return (named,)
    folders = [data if data.is_dir() else data.parent, *([rules] if rules else [])]
    return tuple(folder / FILE_NAME for folder in folders if (folder / FILE_NAME).is_file())


def read_aliases(files: Sequence[Path], as_of: date, last: date | None) -> Aliases:
    """Read alias files and say what they mean between two runs.

    Args:
        files: the files; a name that becomes another twice is followed to its end.
        as_of: the day of the audit: a renaming that begins later does not count yet.
        last: the day of the run compared with: a renaming that began by then is in it already.

    Raises:
        RulebookError: every mistake found, with file and line.
    """
    mistakes: list[AuditError] = []
    renamed: list[_Renamed] = []
    digest = hashlib.sha256()
    for path in files:
        renamed += _read_file(path, mistakes)
        digest.update(path.read_bytes() if not mistakes else b"")
    chosen: dict[str, dict[str, _Renamed]] = {}
    for one in renamed:
        if one.since and (one.since > as_of or (last and one.since <= last)):
            continue
        first = chosen.setdefault(one.kind, {}).setdefault(one.old, one)
        if first.new != one.new:
            told = {"value": one.old, "first": f"{first.file}:{first.line}"}
            mistakes.append(AuditError("history.alias_split", file=one.file, line=one.line, **told))
    names = {kind: {old: _followed(one, own, mistakes) for old, one in own.items()} for kind, own in chosen.items()}
    if mistakes:
        raise RulebookError("history.alias_mistakes", mistakes)
    return Aliases(names, digest.hexdigest() if files else "")


def _followed(one: _Renamed, own: Mapping[str, _Renamed], mistakes: list[AuditError]) -> str:
    """The name at the end of several renamings."""
    seen = {one.old}
    at = one
    while at.new in own:
        if at.new in seen:
            mistakes.append(AuditError("history.alias_circle", file=one.file, line=one.line, value=one.old))
            break
        seen.add(at.new)
        at = own[at.new]
    return at.new


def _read_file(path: Path, mistakes: list[AuditError]) -> list[_Renamed]:
    try:
        lines = read_lines(path, path.name, COLUMNS)
    except AuditError as error:
        mistakes.append(error)
        return []
    places = read_header(lines[0], COLUMNS, _REQUIRED, path.name, mistakes)
    if places is None:
        return []
    read = (_read_line(line, places, path.name, mistakes) for line in lines[1:])
    return [one for one in read if one]


def _read_line(line: Line, places: Places, shown: str, mistakes: list[AuditError]) -> _Renamed | None:
    number, cells = line
    before = len(mistakes)
    check_width(line, places, shown, mistakes)

    def cell(column: str) -> str:
        place = places[column][0] if column in places else len(cells)
        return cells[place] if place < len(cells) else ""

    def wrong(key: str, column: str, **values: object) -> None:
        told = {"column": places[column][1], "value": cell(column), **values}
        mistakes.append(AuditError(key, file=shown, line=number, **told))

    if cell("kind") not in KINDS:
        wrong("history.alias_kind", "kind", nearest=nearest(cell("kind"), KINDS), kinds=", ".join(KINDS))
    for column in ("old", "new"):
        if not cell(column):
            wrong("history.alias_blank", column)
    if cell("old") and cell("old") == cell("new"):
        wrong("history.alias_same", "new")
    since = read_day(cell("since"))
    if cell("since") and since is None:
        wrong("policy.day", "since")
    if len(mistakes) > before:
        return None
    return _Renamed(cell("kind"), cell("old"), cell("new"), since, shown, number)
