"""Writes a sheet as a page to print: each household begins on a sheet of paper of its own, without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from pathlib import Path

from audit.errors import RunError
from audit.language import Language, section, text
from audit.report.layout import content_policy, environment
from audit.sampling.field.book import Book
from audit.sampling.field.codes import REASONS, Mode, Result, Verdict
from audit.sampling.field.columns import KEY, UNIT
from audit.sampling.field.words import label, word


@dataclass(frozen=True, slots=True)
class PrintedHome:
    """A household on paper: the cells of its visit and of its items, and the columns that say something of them."""

    visit: Mapping[str, str]
    items: tuple[Mapping[str, str], ...]
    shown: tuple[str, ...]


def write_page(path: Path, book: Book, lang: Language, *, inspector: str) -> None:
    """Write the page of a workbook.

    Raises:
        RunError: the file can't be written.
    """
    style = resources.files("audit.sampling.field").joinpath("templates", "sheet.css").read_text(encoding="utf-8")
    items = {
        unit: tuple(line.cells for line in lines)
        for unit, lines in groupby(book.lines["items"], key=lambda line: line.cells[UNIT])
    }
    homes = [_home(line.cells, items.get(line.cells[UNIT], ())) for line in book.lines["visits"]]
    page = (
        environment("audit.sampling.field")
        .get_template("sheet.html.j2")
        .render(
            html_lang="zh-CN" if lang == "zh" else "en",
            policy=content_policy([style], []),
            style=style,
            t=section("field_sheet", lang),
            key=KEY,
            unit=UNIT,
            label=lambda name: label(name, lang),
            cover=book.cover,
            footer=book.footer,
            homes=homes,
            inspector=inspector or text("field_sheet.print_blank", lang),
            modes="　".join(f"□ {word('mode', mode, lang)}" for mode in Mode),
            verdicts=[text(f"field_sheet.print_{verdict}", lang) for verdict in Verdict],
            reasons={
                result.value: [word("reason", reason, lang) for reason, of in REASONS.items() if of is result]
                for result in Result
            },
        )
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise RunError("field.unwritable", path=path, problem=error.strerror or "") from error


def _home(visit: Mapping[str, str], items: tuple[Mapping[str, str], ...]) -> PrintedHome:
    shown = (name for name in ("registry", "first_said", "second_said") if any(item.get(name) for item in items))
    return PrintedHome(visit, items, tuple(shown))
