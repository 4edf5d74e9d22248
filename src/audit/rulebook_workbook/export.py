"""Writes rules, cases and parameters as one workbook for people who work in Excel or WPS alone."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from audit.errors import RunError
from audit.language import Language, text
from audit.rulebook_workbook.cell_values import write_value
from audit.rulebook_workbook.columns import NUMBER, VERSION
from audit.rulebook_workbook.draw import LONGEST, Line, draw_workbook
from audit.rulebook_workbook.entries import Entry, read_rule_files
from audit.rulebook_workbook.words import sheet_title


def export_workbook(folder: Path, path: Path, lang: Language) -> int:
    """Write all rules of a folder to a workbook; gives the number of rows.

    Raises:
        RulebookError: the rules have mistakes.
        RunError: the workbook can't be written, or a text is longer than a cell holds.
    """
    files = read_rule_files(folder)
    lines: dict[str, list[Line]] = defaultdict(list)
    for entry in files.entries:
        lines[entry.plan.name].append(Line(_cells(entry, lang)))
    draw_workbook(path, lines, text("workbook.guide", lang).splitlines(), lang)
    return len(files.entries)


def _cells(entry: Entry, lang: Language) -> dict[str, str]:
    plan = entry.plan
    cells = {plan.key: entry.owner, VERSION: entry.version}
    if plan.inside:
        cells[NUMBER] = str(entry.number)
    for name, value in entry.values.items():
        if name in plan.by_name and name != plan.key:
            cells[name] = write_value(value, plan.by_name[name], lang)
    for name, cell in cells.items():
        if len(cell) > LONGEST:
            sheet = sheet_title(plan.name, lang)
            raise RunError("workbook.too_long", sheet=sheet, key=entry.owner, column=name, longest=LONGEST)
    return cells
