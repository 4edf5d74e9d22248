"""The words of field sheets: labels of columns, and how each code is written and read, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from audit.contract.cells import WHITE_SPACE, fold
from audit.errors import AuditError
from audit.language import LANGUAGES, Language, section, text
from audit.model.nearest import nearest
from audit.sampling.field.columns import OPTIONS, Column, Form

#: What a cell says to empty what is recorded.
CLEAR = frozenset({"【清空】", "【clear】"})


def tidy(cell: str) -> str:
    """A cell as it is kept: without white space around it, line breaks written one way."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip(WHITE_SPACE)


def label(name: str, lang: Language) -> str:
    """The visible header of a column."""
    return text(f"field_sheet.column_{name}", lang)


def sheet_title(name: str, lang: Language) -> str:
    """The name of a sheet."""
    return text(f"field_sheet.sheet_{name}", lang)


def word(options: str, code: str, lang: Language) -> str:
    """How a code is written in a cell."""
    return text(f"field_sheet.{options}_{code}", lang)


def write_answer(column: Column, value: str, lang: Language) -> str:
    """An answer as it stands in a cell."""
    return word(column.options, value, lang) if value and column.form is Form.WORD else value


def code_of(options: str, written: str) -> str:
    """The code that a cell means: its word in either language, the code itself, or a word that is used for it.

    Raises:
        AuditError: there is no such word.
    """
    wanted, spellings = _plain(written), _spellings(options)
    if wanted and wanted in spellings:
        return spellings[wanted]
    spoken: Language = "en" if written.isascii() else "zh"
    known = [word(options, code, spoken) for code in OPTIONS[options]]
    raise AuditError("field.unknown_word", nearest=nearest(tidy(written), known))


@cache
def _spellings(options: str) -> Mapping[str, str]:
    """Every spelling of the codes of a list; where two lay claim to one, the first code has it."""
    found: dict[str, str] = {}
    for code in OPTIONS[options]:
        for spelling in (code, *(word(options, code, lang) for lang in LANGUAGES)):
            found.setdefault(_plain(spelling), code)
    for lang in LANGUAGES:
        for code in OPTIONS[options]:
            for spelling in section("field_sheet", lang).get(f"also_{options}_{code}", "").split("|"):
                found.setdefault(_plain(spelling), code)
    return found


def _plain(written: str) -> str:
    return "".join(fold(written).split()).lower().strip("。.;；")
