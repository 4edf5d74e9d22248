"""The words of the option lists, and the labels of sheets and columns, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from audit.contract.cells import fold
from audit.errors import AuditError
from audit.language import LANGUAGES, Language, section, text
from audit.model.nearest import nearest
from audit.rulebook_workbook.columns import OPTIONS
from audit.subjects import SUBJECTS, load_subject


def label(name: str, lang: Language) -> str:
    """The visible header of a column; a key without a label of its own is shown as it is."""
    return section("workbook", lang).get(f"column_{name}", name)


def sheet_title(name: str, lang: Language) -> str:
    """The name of a sheet."""
    return text(f"workbook.sheet_{name}", lang)


def word(options: str, code: str, lang: Language) -> str:
    """How a code of rule files is written in a cell."""
    if options == "subject" and code in SUBJECTS:
        subject = load_subject(code)
        return subject.title if lang == "zh" else subject.title_en
    return section("workbook", lang).get(f"{options}_{code}", code)


def words(options: str, lang: Language) -> list[str]:
    """All words of an option list."""
    return [word(options, code, lang) for code in OPTIONS[options]]


def code_of(options: str, written: str) -> str:
    """The code that a cell means: the code itself, or its word in either language.

    Raises:
        AuditError: there is no such word.
    """
    wanted = _plain(written)
    for spelling, code in _spellings(options):
        if _plain(spelling) == wanted:
            return code
    known = [spelling for spelling, _ in _spellings(options)]
    raise AuditError("workbook.unknown_word", nearest=nearest(written, known))


def _spellings(options: str) -> Iterator[tuple[str, str]]:
    for code in OPTIONS[options]:
        yield code, code
    for lang in LANGUAGES:
        for code in OPTIONS[options]:
            yield word(options, code, lang), code


def _plain(written: str) -> str:
    return "".join(fold(written).split()).lower()
