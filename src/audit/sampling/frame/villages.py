"""Reads which village lies how far away, as the inspector wrote it: one line per village and class."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from audit.contract.hand_csv import check_width, read_header, read_lines
from audit.errors import AuditError, SamplingError
from audit.model.areas import leading_digits

#: The columns in their order, each with its Chinese label.
COLUMNS = {"village": "村代码", "distance_class": "距离类别", "note": "说明"}
VERIFIED = {"household_id": "户编号", "note": "说明"}


def read_distances(path: Path) -> Mapping[str, str]:
    """Of each village its distance class, such as near or far.

    Raises:
        InputError: the file can't be read.
        SamplingError: it has mistakes, all told together: line, column and value.
    """
    mistakes: list[AuditError] = []
    classes: dict[str, str] = {}
    header, *lines = read_lines(path, path.name, COLUMNS)
    places = read_header(header, COLUMNS, ("village", "distance_class"), path.name, mistakes)
    for number, cells in lines if places else []:
        check_width((number, cells), places or {}, path.name, mistakes)
        village, name = (_cell(cells, (places or {})[column][0]) for column in ("village", "distance_class"))
        told = {"file": path.name, "line": number}
        if len(village) != 12 or len(leading_digits(village) or "") != 12:
            mistakes.append(AuditError("sampling.village_wrong", value=village, **told))
        elif not name:
            mistakes.append(AuditError("sampling.class_missing", village=village, **told))
        elif village in classes:
            mistakes.append(AuditError("sampling.village_twice", value=village, **told))
        classes.setdefault(village, name)
    if mistakes:
        raise SamplingError("sampling.distances_wrong", mistakes)
    return classes


def read_verified(path: Path) -> frozenset[str]:
    """The households verified recently, one per line.

    Raises:
        InputError: the file can't be read.
        SamplingError: it has mistakes.
    """
    mistakes: list[AuditError] = []
    header, *lines = read_lines(path, path.name, VERIFIED)
    places = read_header(header, VERIFIED, ("household_id",), path.name, mistakes)
    if places is None:
        raise SamplingError("sampling.verified_wrong", mistakes)
    found = [_cell(cells, places["household_id"][0]) for _, cells in lines]
    return frozenset(one for one in found if one)


def _cell(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
