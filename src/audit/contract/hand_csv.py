"""Reads a CSV file that people keep by hand, strictly: every line numbered, in the encodings that Excel writes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from audit.contract.cells import WHITE_SPACE
from audit.errors import AuditError, InputError
from audit.model.nearest import nearest

#: A line number with its cells.
Line = tuple[int, list[str]]
#: Of each column its place and its name as written.
Places = dict[str, tuple[int, str]]
#: As people write it, or as Excel does when it saves the file again.
_DAY = re.compile(r"([12][0-9]{3})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")


def read_lines(path: Path, shown: str, columns: Mapping[str, str]) -> list[Line]:
    """The header and the lines that are not blank.

    Args:
        path: the file.
        shown: its name as shown to people.
        columns: the columns that it should have, each with its Chinese label.

    Raises:
        InputError: it can't be opened, is empty, or is no CSV in UTF-8 or GB18030.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError("policy.unreadable", file=shown) from error
    lines = [(number, cells) for number, cells in _split(_decode(content, shown), shown) if any(cells)]
    if not lines:
        raise InputError("policy.no_header", file=shown, header=",".join(columns))
    return lines


def _decode(content: bytes, shown: str) -> str:
    understood = content.find(b"\0")
    if understood < 0:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                understood = max(understood, error.start)
    raise InputError("policy.encoding", file=shown, line=content.count(b"\n", 0, understood) + 1)


def _split(content: str, shown: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, [cell.strip(WHITE_SPACE) for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise InputError("policy.broken", file=shown, line=number) from error


def read_header(
    line: Line, columns: Mapping[str, str], required: Sequence[str], shown: str, mistakes: list[AuditError]
) -> Places | None:
    """Of each column its place and its name as written; None if the rows can't be read by it."""
    number, cells = line
    before = len(mistakes)
    by_label = {**{name: name for name in columns}, **{label: name for name, label in columns.items()}}
    places: Places = {}
    for place, cell in enumerate(cells):
        known = by_label.get(cell.lower())
        if known is None and cell:
            close = nearest(cell, by_label)
            mistakes.append(AuditError("policy.unknown_column", file=shown, line=number, column=cell, nearest=close))
        elif known in places:
            mistakes.append(AuditError("policy.column_twice", file=shown, line=number, column=cell))
        elif known:
            places[known] = (place, cell)
    absent = [name for name in required if name not in places]
    told = {"header": ",".join(columns), "labels": ",".join(columns.values())}
    mistakes += [AuditError("policy.column_missing", file=shown, line=number, column=name, **told) for name in absent]
    return None if len(mistakes) > before else places


def check_width(line: Line, places: Places, shown: str, mistakes: list[AuditError]) -> None:
    """Tell of cells under no header: a comma too many has pushed the others to the right."""
    number, cells = line
    known = {place for place, _ in places.values()}
    for place, cell in enumerate(cells):
        if cell and place not in known:
            told = {"file": shown, "line": number, "column": place + 1, "value": cell}
            mistakes.append(AuditError("policy.beyond", **told))


def read_day(cell: str) -> date | None:
    """A day written 2024-12-31 or 2024/12/31; None if it is no such day."""
    match = _DAY.fullmatch(cell)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that looks like it begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
