"""A blank workbook to fill in: one sheet per table, a drop-down for each code list, help on each header."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter

from audit.contract.fields import Field, Type
from audit.contract.tables import TABLES
from audit.errors import RunError
from audit.language import Language, text

_ROWS = 5000
#: The workbook's own date of making: fixed, so that the same contract gives the same bytes.
_MADE = datetime(2024, 1, 1)
_LIST_LIMIT = 255


def write_template(path: Path, lang: Language) -> None:
    """Write the blank workbook.

    Raises:
        RunError: the file can't be written.
    """
    try:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            _fill(book, lang)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise RunError("dictionary.unwritable", path=path) from error


def _fill(book: xlsxwriter.Workbook, lang: Language) -> None:
    book.set_properties({"title": text("dictionary.template", lang), "created": _MADE})
    plain = book.add_format({"num_format": "@"})
    required = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1, "num_format": "@"})
    optional = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "num_format": "@"})
    for table in TABLES.values():
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 1)
        for place, field in enumerate(table.fields):
            # Text format throughout: an identity number typed into a number cell would lose its last digits.
            sheet.set_column(place, place, max(12, 2 * len(field.title) + 2), plain)
            sheet.write_string(0, place, field.title, required if field.required else optional)
            sheet.write_comment(0, place, _help(field, lang))
            choices = _choices(field)
            if choices and len(",".join(choices)) <= _LIST_LIMIT:
                sheet.data_validation(
                    1, place, _ROWS, place, {"validate": "list", "source": choices, "error_type": "warning"}
                )


def _choices(field: Field) -> list[str]:
    if field.type is Type.BOOL:
        return ["是", "否"]
    return [labels[0] for labels in field.codes.values()] if field.type is Type.CODE else []


def _help(field: Field, lang: Language) -> str:
    parts = [field.name, field.title_en, text(f"dictionary.type_{field.type}", lang), field.unit]
    parts.append(text("dictionary.required", lang) if field.required else "")
    parts.append(field.note[0 if lang == "zh" else 1])
    return "\n".join(part for part in parts if part)
