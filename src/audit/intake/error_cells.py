"""Cells of an .xlsx sheet that the reader gives as blank, which they are not.

They hold an error such as #DIV/0!, or a formula that no program has worked out yet.
"""

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
_FILLED = re.compile(rb"<(?:\w+:)?c\s([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_WORKED_OUT = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?is>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def error_cells(path: Path, sheet: str) -> ErrorCells:
    """Find the cells of a sheet whose value is an error; none in other kinds of workbook."""
    content = _content(path, sheet)
    found: ErrorCells = {}
    # Few sheets have any: a search of the bytes costs next to nothing.
    for cell in _CELL.findall(content) if b't="e"' in content else ():
        place, shown = _PLACE.search(cell), _SHOWN.search(cell)
        if place:
            text = shown[1].decode("utf-8", "replace") if shown else "#ERROR!"
            found[int(place[2]) - 1, _column(place[1])] = text
    return found


def formulas_without_value(path: Path, sheet: str) -> frozenset[tuple[int, int]]:
    """Find the cells of a sheet whose formula was never worked out: written by a program, not opened in Excel since."""
    content = _content(path, sheet)
    found = set()
    for attributes, inside in _FILLED.findall(content) if _FORMULA.search(content) else ():
        place = _PLACE.search(attributes)
        text_result = b't="str"' in attributes
        if place and _FORMULA.search(inside) and not text_result and not _WORKED_OUT.search(inside):
            found.add((int(place[2]) - 1, _column(place[1])))
    return frozenset(found)


def _content(path: Path, sheet: str) -> bytes:
    """The XML of a sheet; nothing in other kinds of workbook."""
    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        return b""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(_member(archive, sheet))
    except (KeyError, OSError, ElementTree.ParseError, zipfile.BadZipFile):
        return b""


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
