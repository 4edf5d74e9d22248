"""Which facts a set of rules asks for, and the SELECT that makes these facts and no others.

A subject's SQL is written for people: one ``SELECT`` at the left edge, each fact an item of it, each source of facts
a ``LEFT JOIN`` on one line, each stage before it an item of ``WITH`` at the left edge. What nobody asks for is left
out of that text, and so is not computed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from audit.contract.tables import TABLES
from audit.subjects import SHARED_TABLES, SUBJECTS, Fact, Kind, load_subject, shared_sql, shared_table_sql

#: Columns that every subject has beside its facts.
OWN_COLUMNS = ("subject_id", "household_id", "person_id", "area_code", "source_no", "source_row")

_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_LIST = re.compile(r"^SELECT\n(.*?)^(FROM .*)", re.DOTALL | re.MULTILINE)
_JOIN = re.compile(r"^LEFT JOIN (\w+)(?: AS (\w+))? .*\n?", re.MULTILINE)
_STAGE = re.compile(r"^(\w+) AS (?:NOT MATERIALIZED )?\(\n.*?^\)", re.DOTALL | re.MULTILINE)
_WORD = re.compile(r"[a-z_][a-z0-9_]*")


def fact_names(fact: Fact) -> tuple[str, ...]:
    """The columns in which a fact is kept."""
    match fact.kind:
        case Kind.QUOTIENT:
            return f"{fact.name}__n", f"{fact.name}__d"
        case Kind.RANGE:
            return f"{fact.name}__lo", f"{fact.name}__hi"
    return (fact.name,)


@cache
def all_columns() -> Mapping[str, frozenset[str]]:
    """Everything that is made of every subject: its facts, and what only other subjects' facts are made from."""
    return {name: frozenset(_named(item) for item in _items(_parts(name)[1])) for name in SUBJECTS}


def asked_columns(facts: Mapping[str, Iterable[Fact]]) -> dict[str, frozenset[str]]:
    """The columns to make of each subject, in the order of making; a subject that nobody asks about is left out.

    Args:
        facts: by subject, the facts that rules name.
    """
    known = all_columns()
    wanted = {name: {column for fact in named for column in fact_names(fact)} for name, named in facts.items()}
    # From the last to the first: a subject is only made from those before it.
    for name in reversed(SUBJECTS):
        if name in wanted:
            words = set(_WORD.findall(select_sql(name, wanted[name])))
            for other in SUBJECTS:
                if f"{other}_facts" in words:
                    wanted.setdefault(other, set()).update(known[other] & words)
    return {name: frozenset(wanted[name]) for name in SUBJECTS if name in wanted}


def select_sql(subject: str, columns: Collection[str]) -> str:
    """A subject's SELECT with its own columns and these facts only.

    Joins that give none of them go too: each gives at most one row, so the rows stay the same. So do stages that
    nothing reads.
    """
    before, made, rest = _parts(subject)
    listed = ",\n".join(item for item in _items(made) if _named(item) in {*columns, *OWN_COLUMNS})
    for join in reversed(list(_JOIN.finditer(rest))):
        without = rest[: join.start()] + rest[join.end() :]
        if not re.search(rf"\b{join[2] or join[1]}\.", listed + "\n" + without):
            rest = without
    select = f"SELECT\n{listed}\n{rest}"
    return _with_stages(before, select) + select


def columns_read(columns: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """Which columns of which tables may be read to make these facts; never fewer than are read.

    Whatever a SELECT takes out of a table it names somewhere, so every word of it is taken for a column.

    Args:
        columns: by subject, the columns of its facts.
    """
    read: dict[str, set[str]] = {}
    for subject, made in columns.items():
        words = set(_WORD.findall(_with_shared(select_sql(subject, made))))
        for table in words & TABLES.keys():
            read.setdefault(table, set()).update(words & {field.name for field in TABLES[table].fields})
    return {table: frozenset(found) for table, found in read.items()}


def tables_read(subject: str, columns: Collection[str], tables: Collection[str]) -> set[str]:
    """Which of these tables a subject's SELECT may read."""
    return set(_WORD.findall(_with_shared(select_sql(subject, columns)))) & set(tables)


def shared_tables_read(select: str) -> list[str]:
    """Which of the tables that several subjects are made from a SELECT reads."""
    return [name for name in SHARED_TABLES if name in select]


def _with_shared(select: str) -> str:
    """A SELECT with what several subjects share, if it reads any table of that."""
    shared = [shared_table_sql(name) for name in shared_tables_read(select)]
    if "last_appraisal" in select:
        shared.append(shared_sql())
    return "\n".join([select, *(_COMMENT.sub("", sql) for sql in shared)])


def _with_stages(before: str, select: str) -> str:
    """The stages that a SELECT reads, itself or through others; each stage only reads those before it."""
    stages: list[str] = []
    for stage in reversed(list(_STAGE.finditer(before))):
        if re.search(rf"\b{stage[1]}\b", "\n".join((*stages, select))):
            stages.insert(0, stage[0])
    return "WITH\n" + ",\n".join(stages) + "\n" if stages else ""


def _parts(subject: str) -> tuple[str, str, str]:
    """What stands before a subject's SELECT, its items, and what follows, without comments."""
    sql = _COMMENT.sub("", load_subject(subject).sql)
    found = _LIST.search(sql)
    if found is None:
        raise ValueError(f"{subject}.sql has no SELECT at the left edge")
    return sql[: found.start()], found[1], found[2]


def _items(listed: str) -> list[str]:
    """The items of a list, cut at the commas outside of brackets."""
    items, depth, start = [], 0, 0
    for place, sign in enumerate(listed):
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign == "," and depth == 0:
            items.append(listed[start:place])
            start = place + 1
    return [item.strip("\n") for item in (*items, listed[start:])]


def _named(item: str) -> str:
    """The name that an item gets: its last word."""
    words: list[str] = _WORD.findall(item)
    return words[-1]
