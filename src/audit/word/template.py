"""Makes the default template: the look of an official Chinese report, its fixed texts, and tags that are filled in.

Fonts, margins and line spacing follow GB/T 9704-2012 (layout of official documents): A4 with margins of 37, 35, 28 and
26 mm, title in 22 pt, text in 16 pt FangSong on lines of 28 pt, first headings in 16 pt HeiTi, second ones in KaiTi,
page numbers in 14 pt between dashes, on the outer side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from audit.language import Language, text
from audit.word.docx_file import save
from audit.word.look import TITLE, number_pages, place_in_middle, set_fonts, style_table

#: The parts of a table: the tag that opens the loop, and the tag of each column with the title of its head.
_RULES = (
    "rule in section.rules",
    ("id", "title", "severity", "share", "rate", "undecided", "households"),
    (19, 46, 15, 24, 23, 15, 14),
)
_CHANGES = (
    "change in change_rows",
    ("id", "title", "new", "recurred", "updated", "unchanged", "fixed", "not_evaluated", "unit_gone"),
    (19, 46, 13, 13, 13, 13, 13, 13, 13),
)
_AREAS = (
    "area in areas",
    ("name", "households", "flagged", "rate", "high", "medium", "low"),
    (44, 20, 24, 20, 16, 16, 16),
)
_INPUTS = ("input in inputs", ("table", "file", "read", "accepted", "quarantined"), (30, 66, 20, 20, 20))
_LEFT_OUT = ("one in left_out", ("reason", "rules"), (52, 104))
#: Columns whose title differs from their field's name.
_TITLES = {("area in areas", "name"): "area", ("area in areas", "households"): "area_households"}
_TITLES[("area in areas", "rate")] = "area_rate"
_TITLES[("rule in section.rules", "id")] = _TITLES[("change in change_rows", "id")] = "rule"
#: Columns of text; all others are figures.
_WORDS = frozenset({"id", "title", "name", "table", "file", "reason", "rules", "severity"})


def write_template(path: Path, lang: Language = "zh", *, force: bool = False) -> Path:
    """Write the default template into a file.

    Raises:
        RunError: the file is there already and is not to be overwritten, or it can't be written.
    """
    return save(default_template(lang), path, force=force)


def default_template(lang: Language = "zh") -> Document:
    """Make the default template."""
    document = docx.Document()
    set_fonts(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    number_pages(document)
    for kind, written in _parts(lang):
        _add(document, kind, written, lang)
    return document


def _add(document: Document, kind: str, written: str, lang: Language) -> None:
    match kind:
        case "rules" | "changes" | "areas" | "inputs" | "left_out":
            loop, fields, widths = {
                "rules": _RULES,
                "changes": _CHANGES,
                "areas": _AREAS,
                "inputs": _INPUTS,
                "left_out": _LEFT_OUT,
            }[kind]
            _table(document, loop, fields, widths, lang)
        case "title":
            document.add_paragraph(written, TITLE)
        case "heading1" | "heading2":
            document.add_paragraph(written, f"Heading {kind[-1]}")
        case "annex":
            document.add_paragraph(written, "Heading 1").paragraph_format.page_break_before = True
        case _:
            _lay(document.add_paragraph(written, "Normal"), kind)


def _lay(paragraph: Paragraph, kind: str) -> None:
    """Place a paragraph: signatures on the right, captions of tables and run lines in the middle."""
    if kind == "right":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif kind == "middle":
        place_in_middle(paragraph)


def _parts(lang: Language) -> Iterator[tuple[str, str]]:
    """The kind and text of every part of the document, in order."""

    def say(key: str, **tags: str) -> str:
        return text(f"county.{key}", lang, **tags)

    yield "title", "{{ title }}"
    yield "middle", say("run_line", tag_run_id="{{ run_id }}")
    yield "heading1", say("heading_situation")
    yield from _loop("line in situation", ("text", "{{ line }}"))
    yield "heading1", say("heading_found")
    remedy = {f"tag_{name}": f"{{{{ remedy.{name} }}}}" for name in ("id", "title", "findings", "remedy")}
    yield from _loop(
        "section in sections",
        ("heading2", "{{ section.number }}{{ section.title }}"),
        ("text", "{{ section.summary }}"),
        ("middle", say("table_rules")),
        ("rules", ""),
    )
    yield "heading1", say("heading_cases")
    yield from _loop("case in cases", ("text", "{{ case.number }}. {{ case.who }}{{ case.what }}{{ case.source }}"))
    yield from _if("not cases", ("text", say("no_cases")))
    yield "heading1", say("heading_changes")
    yield from _loop("line in changes", ("text", "{{ line }}"))
    yield from _if("change_rows", ("middle", say("table_changes")), ("changes", ""))
    yield "heading1", say("heading_demands")
    for demand in ("verify", "mend", "ledger", "complete"):
        yield "text", say(f"demand_{demand}")
    yield "text", say("remedies_note")
    yield from _loop(
        "section in sections",
        ("text", "{%p if section.remedies %}"),
        ("heading2", "{{ section.title }}"),
        *_loop("remedy in section.remedies", ("text", say("remedy_line", **remedy))),
        ("text", "{%p endif %}"),
    )
    yield "right", say("signed")
    yield "right", say("signed_on")
    yield "annex", say("heading_annex")
    for name in ("areas", "inputs", "left_out"):
        yield from _if(name, ("middle", say(f"table_{name}")), (name, ""))


def _loop(over: str, *parts: tuple[str, str]) -> Iterator[tuple[str, str]]:
    yield "text", f"{{%p for {over} %}}"
    yield from parts
    yield "text", "{%p endfor %}"


def _if(condition: str, *parts: tuple[str, str]) -> Iterator[tuple[str, str]]:
    yield "text", f"{{%p if {condition} %}}"
    yield from parts
    yield "text", "{%p endif %}"


def _table(document: Document, loop: str, fields: Sequence[str], widths: Sequence[int], lang: Language) -> None:
    """A table with a head that repeats on each page, and one row for the loop."""
    variable = loop.partition(" ")[0]
    table = document.add_table(rows=4, cols=len(fields))
    for place, field in enumerate(fields):
        title = _TITLES.get((loop, field), field)
        table.cell(0, place).text = text(f"county.col_{title}", lang)
        table.cell(2, place).text = f"{{{{ {variable}.{field} }}}}"
    table.cell(1, 0).text = f"{{%tr for {loop} %}}"
    table.cell(3, 0).text = "{%tr endfor %}"
    style_table(table, widths, [field in _WORDS for field in fields])
