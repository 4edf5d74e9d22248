"""Documents the facts as plain data: what each means, where it comes from and when it is unknown."""

from __future__ import annotations

from audit.contract import TABLES
from audit.language import Language, text
from audit.subjects import SUBJECTS, Fact, Subject, load_subject
from audit.subjects.needs import Needs


def describe_subjects() -> list[dict[str, object]]:
    """Every subject: its name, titles, the table it is made of, and how many facts are known about it."""
    return [
        {
            "name": subject.name,
            "title": subject.title,
            "title_en": subject.title_en,
            "table": subject.table,
            "facts": len(subject.facts),
        }
        for subject in map(load_subject, SUBJECTS)
    ]


def describe_facts(subject: Subject) -> list[dict[str, object]]:
    """Every fact of a subject, in the order of its declaration."""
    return [_fact(fact) for fact in subject.facts.values()]


def _fact(fact: Fact) -> dict[str, object]:
    return {
        "name": fact.name,
        "kind": fact.kind.value,
        "title": fact.title,
        "title_en": fact.title_en,
        "unit": fact.unit,
        "needs": fact.needs_text,
        "columns": [_column(column) for column in columns_of(fact.needs)],
        "parameters": list(fact.parameters),
        "unknown": fact.unknown,
        "unknown_en": fact.unknown_en,
        "codes": [{"code": code, "title": labels[0], "title_en": labels[1]} for code, labels in fact.codes.items()],
    }


def _column(column: str) -> dict[str, str]:
    return {"column": column, "title": column_title(column, "zh"), "title_en": column_title(column, "en")}


def columns_of(needs: Needs) -> tuple[str, ...]:
    """All columns that are named, each once, in reading order."""
    if needs.column:
        return (needs.column,)
    return tuple(dict.fromkeys(column for need in (*needs.every, *needs.one_of) for column in columns_of(need)))


def column_title(column: str, lang: Language) -> str:
    """What people call a column."""
    table, _, name = column.partition(".")
    field = TABLES[table].by_name[name]
    return field.title if lang == "zh" else field.title_en


def needs_in_words(needs: Needs, lang: Language) -> str:
    """Where a fact comes from, with the titles that people know: 收入信息：纯收入，或（工资性收入、生产经营性收入）.

    The table is named once, before the columns that follow from it.
    """
    words, _ = _said(needs, "", lang)
    return words


def _said(needs: Needs, table: str, lang: Language, *, inside: bool = False) -> tuple[str, str]:
    """The words, and the table that was named last."""
    if needs.column:
        own = needs.column.partition(".")[0]
        title = column_title(needs.column, lang)
        if own == table:
            return title, table
        declared = TABLES[own]
        named = declared.title if lang == "zh" else declared.title_en
        return text("facts.of_table", lang, table=named, column=title), own
    parts = []
    for need in needs.every or needs.one_of:
        part, table = _said(need, table, lang, inside=True)
        parts.append(part)
    joined = text("facts.and" if needs.every else "facts.or", lang).join(parts)
    return (text("facts.group", lang, inner=joined) if inside else joined), table
