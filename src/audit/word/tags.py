"""Looks through the tags of a template: broken and unclosed ones are told with the paragraph that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import jinja2
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from audit.errors import AuditError
from audit.model.nearest import nearest
from audit.word.report import FIELDS

#: A tag as it stands in a paragraph; the letters after its bracket say what it takes with it: row, cell, paragraph.
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TAKES = re.compile(r"^(\{[{%#])(?:tr|tc|p|r)(?=\s)")
_OPEN = re.compile(r"\{[{%#]|[}%#]\}")
#: The beginnings of tags that only come in pairs, and what closes them so that each can be read alone.
_ENDS = {"for": "{% endfor %}", "if": "{% endif %}"}
_MIDDLE = re.compile(r"^\{%-?\s*(?:endfor|endif|else|elif\b.*?)\s*-?%\}$", re.DOTALL)
#: So much of a paragraph is shown to find it by.
_SHOWN = 40


@dataclass(frozen=True)
class Tag:
    """A tag with the paragraph in which it stands."""

    written: str
    paragraph: str

    @property
    def place(self) -> str:
        """The beginning of its paragraph, to find it by."""
        one_line = " ".join(self.paragraph.split())
        return one_line if len(one_line) <= _SHOWN else one_line[:_SHOWN] + "…"


def paragraphs(document: Document) -> Iterator[str]:
    """The text of every paragraph: of the body, of tables however deep, of headers and footers."""
    yield from _inside(document.iter_inner_content())
    for section in document.sections:
        for part in (section.header, section.footer, section.even_page_header, section.even_page_footer):
            yield from _inside(part.iter_inner_content())


def _inside(parts: Iterator[Paragraph | Table]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Paragraph):
            yield part.text
            continue
        for row in part.rows:
            for cell in row.cells:
                yield from _inside(cell.iter_inner_content())


def find_tags(document: Document) -> tuple[Tag, ...]:
    """All tags of a template, in their order."""
    return tuple(Tag(found, text) for text in paragraphs(document) for found in _TAG.findall(text))


def mistakes_in(document: Document, file: str, environment: jinja2.Environment) -> list[AuditError]:
    """Every tag that has no end, can't be read, or names a field at its beginning that no report has."""
    found = []
    for text in paragraphs(document):
        rest = _TAG.sub("", text)
        if _OPEN.search(rest):
            place = Tag(rest, text).place
            found.append(AuditError("county.tag_unclosed", file=file, place="", tag=place))
    for tag in find_tags(document):
        problem = _broken(tag.written, environment)
        if problem:
            told = {"file": file, "place": _quoted(tag), "tag": tag.written, "problem": problem}
            found.append(AuditError("county.tag_broken", **told))
    return found


def _broken(written: str, environment: jinja2.Environment) -> str:
    """What is wrong with a tag, read alone; empty if nothing is."""
    plain = _TAKES.sub(r"\1", written).translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})
    if _MIDDLE.match(plain) or plain.startswith("{#"):
        return ""
    words = plain.strip("{%}- ").split()
    try:
        environment.from_string(plain + _ENDS.get(words[0] if words else "", "") if plain.startswith("{%") else plain)
    except jinja2.TemplateSyntaxError as error:
        return error.message or "?"
    return ""


def blamed(tags: tuple[Tag, ...], name: str, file: str) -> AuditError:
    """The mistake of naming a field that the report does not have, with the first tag that does."""
    tag = next((tag for tag in tags if re.search(rf"\b{re.escape(name)}\b", tag.written)), Tag(name, ""))
    told = {"file": file, "place": _quoted(tag), "tag": tag.written, "name": name, "nearest": nearest(name, FIELDS)}
    return AuditError("county.tag_unknown", **told)


def refused(tags: tuple[Tag, ...], problem: str, file: str) -> AuditError:
    """The mistake of using a tag for what templates may not do; the tag is the one that the problem names."""
    words = re.findall(r"'(\w+)'", problem)
    tag = next((tag for tag in tags for word in words if word in tag.written), None)
    if tag is None:
        return AuditError("county.tag_nowhere", file=file, problem=problem)
    return AuditError("county.tag_refused", file=file, place=_quoted(tag), tag=tag.written, problem=problem)


def _quoted(tag: Tag) -> AuditError | str:
    return AuditError("county.place_body", text=tag.place) if tag.paragraph else ""


def unpaired(tags: tuple[Tag, ...], file: str) -> AuditError:
    """The mistake of loops and conditions that do not come in pairs, with how many there are of each."""
    words = [found[1] for tag in tags if (found := re.match(r"\{%-?\s*(?:(?:tr|tc|p|r)\s+)?(\w+)", tag.written))]
    counted = {f"{name}s": words.count(name) for name in ("for", "endfor", "if", "endif")}
    return AuditError("county.tag_unpaired", file=file, **counted)
