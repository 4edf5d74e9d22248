"""The context of the page of what could not be read, and what the sender should mend in each case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.contract import TABLES
from audit.language import Language, section, text
from audit.report.quarantine.queries import Group
from audit.report.quarantine.shown import shown_fault
from audit.report.titles import column_title, source_name, table_title


@dataclass(frozen=True, slots=True)
class Example:
    """One row or cell that could not be read."""

    row: int
    value: str


@dataclass(frozen=True, slots=True)
class FaultLine:
    """What could not be read in one column of one table for one reason."""

    table: str
    column: str
    reason: str
    count: str
    examples: tuple[Example, ...]
    more: str
    mend: str


@dataclass(frozen=True, slots=True)
class FileFaults:
    """What could not be read in one sheet."""

    file: str
    count: str
    lines: tuple[FaultLine, ...]


def file_faults(groups: Sequence[Group], lang: Language, *, show_personal: bool) -> tuple[FileFaults, ...]:
    """What could not be read, sheet by sheet, with examples and what to do about it."""
    sheets: dict[str, list[Group]] = {}
    for group in groups:
        sheets.setdefault(source_name(group[0], group[1]), []).append(group)
    return tuple(
        FileFaults(
            file,
            f"{sum(group[5] for group in own):,}",
            tuple(_line(group, lang, show_personal=show_personal) for group in own),
        )
        for file, own in sheets.items()
    )


def _line(group: Group, lang: Language, *, show_personal: bool) -> FaultLine:
    _, _, table, column, reason, count, examples = group
    blank = text("report.blank", lang)
    shown = tuple(
        Example(row, shown_fault(table, column, value, show_personal=show_personal) or blank) for row, value in examples
    )
    return FaultLine(
        table=table_title(table, lang),
        column=column_title(table, column, lang),
        reason=text(f"report.{reason}", lang),
        count=f"{count:,}",
        examples=shown,
        more=text("quarantine.more_examples", lang, count=f"{count - len(shown):,}") if count > len(shown) else "",
        mend=mend(table, column, reason, lang),
    )


def mend(table: str, column: str, reason: str, lang: Language) -> str:
    """What the sender should do about a column that could not be read for a reason."""
    title = column_title(table, column, lang)
    if reason != "unreadable":
        return text(f"quarantine.mend_{reason}", lang, column=title)
    field = TABLES[table].by_name[column]
    written = text(f"quarantine.written_{field.type.value}", lang)
    if field.codes:
        labels = [names[0] if lang == "zh" else code for code, names in field.codes.items()]
        written = text("quarantine.written_codes", lang, codes=section("quarantine", lang)["between"].join(labels))
    return text("quarantine.mend_unreadable", lang, column=title, written=written)
