"""The look of the default template: fonts with the ones to take instead, spacing, tables, page numbers."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

TITLE = "Title"
_WESTERN = "Times New Roman"
#: Font of each style, its size in points, its line in points. The fonts are those of official documents.
_STYLES = {
    TITLE: ("方正小标宋简体", 22, 34),
    "Heading 1": ("黑体", 16, 28),
    "Heading 2": ("楷体_GB2312", 16, 28),
    "Normal": ("仿宋_GB2312", 16, 28),
}
#: What a computer without such a font takes instead.
_INSTEAD = {"方正小标宋简体": "宋体", "楷体_GB2312": "楷体", "仿宋_GB2312": "仿宋"}
_TABLE_FONT, _NUMBER_FONT = "仿宋_GB2312", "宋体"
_TABLE_SIZE, _TABLE_LINE, _NUMBER_SIZE = Pt(11), Pt(16), Pt(14)
_BLACK = RGBColor(0, 0, 0)
#: Two characters of the text's own size, as official documents begin a paragraph.
_INDENT = "200"


def set_fonts(document: Document) -> None:
    """Give every style its font, size and spacing, and name the fonts to take instead."""
    for name, (font, size, line) in _STYLES.items():
        style = document.styles[name]
        if isinstance(style, ParagraphStyle):
            _set_style(style, font, size, line, indented=name in {"Normal", "Heading 1", "Heading 2"})
    title = document.styles[TITLE]
    if isinstance(title, ParagraphStyle):
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.first_line_indent = Pt(0)
        _indent_by_characters(title.element.get_or_add_pPr(), "0")
        title.paragraph_format.space_after = Pt(12)
    _name_fonts_instead(document)


def _set_style(style: ParagraphStyle, font: str, size: int, line: int, *, indented: bool) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = _BLACK
    _set_font(style.element.get_or_add_rPr(), font)
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    if indented:
        spacing.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        spacing.first_line_indent = Pt(2 * size)
        _indent_by_characters(properties, _INDENT)


def _indent_by_characters(properties: BaseOxmlElement, hundredths: str) -> None:
    """Set the indent of the first line in hundredths of a character, which wins over that in points."""
    properties.find(qn("w:ind")).set(qn("w:firstLineChars"), hundredths)


def _set_font(properties: BaseOxmlElement, font: str) -> None:
    """Set the font for Chinese and for Western characters; a font of the theme would win over both."""
    fonts = properties.get_or_add_rFonts()
    for name in [name for name in fonts.attrib if "Theme" in str(name)]:
        del fonts.attrib[name]
    for script, value in (("eastAsia", font), ("ascii", _WESTERN), ("hAnsi", _WESTERN), ("cs", _WESTERN)):
        fonts.set(qn(f"w:{script}"), value)


def _name_fonts_instead(document: Document) -> None:
    """Write into the table of fonts what may stand in for each."""
    part = next(one.target_part for one in document.part.rels.values() if one.reltype.endswith("/fontTable"))
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    named = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{other}"/></w:font>' for font, other in _INSTEAD.items()
    )
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    part._blob = f"{declared}<w:fonts {namespace}>{named}</w:fonts>".encode()


def place_in_middle(paragraph: Paragraph) -> None:
    """Place the caption of a table: in the middle, never on another page than the table."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.paragraph_format.keep_with_next = True
    _indent_by_characters(paragraph._p.get_or_add_pPr(), "0")


def number_pages(document: Document) -> None:
    """Number the pages as — 1 —, on the right of odd pages and on the left of even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.first_line_indent = Pt(0)
        _indent_by_characters(paragraph._p.get_or_add_pPr(), "0")
        _number(paragraph)


def _number(paragraph: Paragraph) -> None:
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind in ("begin", "instruction", "end"):
        element = OxmlElement("w:instrText" if kind == "instruction" else "w:fldChar")
        if kind == "instruction":
            element.text = "PAGE"
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
    paragraph.add_run(" —")
    for one in paragraph.runs:
        one.font.size = _NUMBER_SIZE
        _set_font(one._r.get_or_add_rPr(), _NUMBER_FONT)


def style_table(table: Table, widths: Sequence[int], words: Sequence[bool]) -> None:
    """Give a table lines, widths in millimetres and small print; its first row repeats on every page.

    Args:
        table: the table.
        widths: of its columns.
        words: whether a column holds words, which stand on the left; figures stand on the right.
    """
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, width, is_words in zip(row.cells, widths, words, strict=True):
            cell.width = Mm(width)
            side = WD_ALIGN_PARAGRAPH.LEFT if is_words else WD_ALIGN_PARAGRAPH.RIGHT
            _style_cell(cell.paragraphs[0], WD_ALIGN_PARAGRAPH.CENTER if number == 0 else side)


def _style_cell(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.alignment = side
    spacing = paragraph.paragraph_format
    spacing.first_line_indent = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, _TABLE_LINE
    _indent_by_characters(paragraph._p.get_or_add_pPr(), "0")
    for run in paragraph.runs:
        run.font.size = _TABLE_SIZE
        _set_font(run._r.get_or_add_rPr(), _TABLE_FONT)
