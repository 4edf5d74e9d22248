"""Who goes where: one sheet per village and inspector."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.errors import AuditError, InputError, MistakesError
from audit.intake.headers import fold_header
from audit.intake.sheets import WORKBOOKS, Sheet, sheet_names
from audit.sampling.field.sample import Unit
from audit.sampling.field.words import tidy

_LABELS = {
    "inspector": ("inspector", "核查员", "检查员", "姓名"),
    "village": ("village", "村", "村代码", "行政区划代码", "area_code"),
}


@dataclass(frozen=True)
class Assignment:
    """The households of one village that one inspector visits; without a name where nobody is named."""

    village: str
    inspector: str
    units: tuple[Unit, ...]


class InspectorError(MistakesError):
    """The list of inspectors has mistakes."""


def by_village(units: Iterable[Unit]) -> tuple[Assignment, ...]:
    """One sheet per village, for whoever goes there."""
    return assign(units, ())


def assign(units: Iterable[Unit], inspectors: Sequence[tuple[str, str]]) -> tuple[Assignment, ...]:
    """Share the villages among inspectors.

    A village named with several inspectors is shared among them, household by household. The villages that nobody is
    named for go, the largest first, to whoever has the fewest households so far; equal ones in the order of the list.

    Args:
        units: the households.
        inspectors: name and village; without a village for one who goes anywhere.
    """
    villages: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        villages[unit.village].append(unit)
    named: dict[str, list[str]] = defaultdict(list)
    for name, village in inspectors:
        if village and name not in named[village]:
            named[village].append(name)
    load: Counter[str] = Counter()
    names = list(dict.fromkeys(name for name, _ in inspectors))
    shares: dict[tuple[str, str], list[Unit]] = {}
    for village, homes in sorted(villages.items(), key=lambda one: (one[0] not in named, -len(one[1]), one[0])):
        chosen = named.get(village) or [min(names, key=lambda name: load[name])] if names else [""]
        for number, home in enumerate(homes):
            name = chosen[number * len(chosen) // len(homes)]
            shares.setdefault((village, name), []).append(home)
            load[name] += 1
    return tuple(Assignment(village, name, tuple(homes)) for (village, name), homes in sorted(shares.items()))


def read_inspectors(path: Path, villages: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Read who goes where: a CSV file or workbook with a column of names, and if wanted one of villages.

    Args:
        path: the file.
        villages: the villages of the sample by code, with their names.

    Returns:
        Name and village code of each row; an empty code where no village is given.

    Raises:
        InputError: the file can't be read, or has no column of names.
        InspectorError: a village is not in the sample, or a name is missing; all mistakes together.
    """
    sheet = sheet_names(path, path.name)[0] if path.suffix.lower() in WORKBOOKS else ""
    rows = [(number, cells) for number, cells in Sheet(path, path.name, sheet).rows() if any(map(tidy, cells))]
    places = _places(rows[0][1]) if rows else {}
    if "inspector" not in places:
        raise InputError("field.no_inspectors", file=path.name)
    codes = {**{name: code for code, name in villages.items() if name}, **{code: code for code in villages}}
    found, mistakes = [], []
    for number, cells in rows[1:]:
        name = _cell(cells, places["inspector"])
        village = _cell(cells, places.get("village"))
        if not name:
            mistakes.append(AuditError("field.inspector_missing", file=path.name, row=number))
        elif village and village not in codes:
            known = ", ".join(f"{code} {shown}".strip() for code, shown in sorted(villages.items()))
            mistakes.append(
                AuditError("field.village_unknown", file=path.name, row=number, village=village, known=known)
            )
        else:
            found.append((name, codes.get(village, "")))
    if mistakes:
        raise InspectorError("field.inspector_mistakes", mistakes)
    if not found:
        raise InputError("field.no_inspectors", file=path.name)
    return tuple(found)


def _places(header: Sequence[str]) -> dict[str, int]:
    folded = [fold_header(cell) for cell in header]
    return {
        column: next(folded.index(label) for label in labels if label in folded)
        for column, labels in _LABELS.items()
        if not set(labels).isdisjoint(folded)
    }


def _cell(cells: Sequence[str], place: int | None) -> str:
    return tidy(cells[place]) if place is not None and place < len(cells) else ""
