"""Cells of an .xlsx sheet that hold an error such as #DIV/0!: the reader gives them as blank, which they are not."""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

#: Row, column, both from 0; the text that Excel shows.
ErrorCells = dict[tuple[int, int], str]

_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\bt=\"e\"[^>]*>.*?</(?:\w+:)?c>", re.DOTALL)
_PLACE = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
_SHOWN = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def error_cells(path: Path, sheet: str) -> ErrorCells:
    """Find the cells of a sheet whose value is an error; none in other kinds of workbook."""
    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            content = archive.read(_member(archive, sheet))
    except (KeyError, OSError, ElementTree.ParseError, zipfile.BadZipFile):
        return {}
    found: ErrorCells = {}
    # Few sheets have any: a search of the bytes costs next to nothing.
    for cell in _CELL.findall(content) if b't="e"' in content else ():
        place, shown = _PLACE.search(cell), _SHOWN.search(cell)
        if place:
            text = shown[1].decode("utf-8", "replace") if shown else "#ERROR!"
            found[int(place[2]) - 1, _column(place[1])] = text
    return found


def _member(archive: zipfile.ZipFile, sheet: str) -> str:
    """The archive's member that holds a sheet."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relation = next(
        one.get(_RELATION) for one in book.iter() if one.tag.endswith("}sheet") and one.get("name") == sheet
    )
    for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        if one.get("Id") == relation:
            return posixpath.normpath(posixpath.join("xl", one.get("Target", ""))).lstrip("/")
    raise KeyError(sheet)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
