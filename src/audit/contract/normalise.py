"""The SQL that reads a cell as its column's type: what ``cells`` does in Python, for whole tables in DuckDB.

Each function takes the text of an SQL expression and gives the text of another. Nothing here runs a query.
A first, cheap pattern lets the usual spelling through; only what does not fit it is trimmed, folded and compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from audit.contract.cells import BLANK_MARKS, EARLIEST_YEAR, FALSE, FULL_WIDTH, TRUE, WHITE_SPACE, code_spellings
from audit.contract.feeds import RawColumn
from audit.contract.fields import Field, Type

_PLAIN_IDENTIFIER = "[A-Za-z]{0,4}[0-9]+[Xx]?"
_PLAIN_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
_PLAIN_DATE = r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|[0-9]+"
_PLAIN_BOOL = "[是否有无√×]|[0-9]"
_PLAIN_WORDS = r"\p{Han}[\p{Han}0-9A-Za-z]+"
_PLAIN_SET = r"\p{Han}{2,}(,\p{Han}{2,})*"
_WRAPPED = f'^="[{WHITE_SPACE}]*(.*?)[{WHITE_SPACE}]*"$'
_SCIENTIFIC = r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{2}"
_NUMBER = r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?"
_WHOLE = r"[+-]?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.0+)?"
_DATE = r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?( 00:00:00(\.0+)?)?"
_DATE_PARTS = r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2}).*$"
_TEXT_TYPES = frozenset({Type.TEXT, Type.IDENTIFIER, Type.SET})
_WHOLE_TYPES = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT"}
)


def quote(value: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """Write a name as an SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


def _listed(values: frozenset[str]) -> str:
    return ", ".join(quote(value) for value in sorted(values))


def tidy_sql(text: str, field: Field) -> str:
    """SQL for a trimmed cell without ``="..."`` around it; NULL for a blank mark."""
    return f"CASE WHEN {_plain(text, field)} THEN {text} ELSE {_carefully(text, field)} END"


def _carefully(text: str, field: Field) -> str:
    """SQL that tidies any spelling.

    It names each of its steps once only: DuckDB computes a part that occurs twice ahead of the CASE, for all rows, and
    the cheap branch would save nothing.
    """
    white = quote(WHITE_SPACE)
    bare = f"regexp_replace(trim({text}, {white}), {quote(_WRAPPED)}, '\\1', 's')"
    if field.folded:
        full, plain = "".join(map(chr, FULL_WIDTH)), "".join(map(chr, FULL_WIDTH.values()))
        bare = f"translate({bare}, {quote(full)}, {quote(plain)})"
    marks = BLANK_MARKS | ({"无"} if field.type in _TEXT_TYPES and not field.codes else set())
    listed = "|".join(re.escape(mark) for mark in sorted(marks))
    return f"nullif(regexp_replace({bare}, '^({listed})$', '', 'i'), '')"


@dataclass(frozen=True)
class Quick:
    """How mostly all cells of a column whose values are text are read: as they are.

    Attributes:
        as_it_is: SQL that is true where a text is its own value, or blank.
        otherwise: SQL for the tidied text of the others.
    """

    as_it_is: str
    otherwise: str


def quick_sql(text: str, field: Field) -> Quick | None:
    """How a text that is its own value is told from others; None for columns whose values are no text."""
    match field.type:
        case Type.CODE:
            quick = Quick(f"{text} IN ({_listed(frozenset(field.codes))})", tidy_sql(text, field))
        case Type.AREA:
            quick = Quick(f"regexp_full_match({text}, '[0-9]{{12}}')", _carefully(text, field))
        case Type.IDENTIFIER | Type.TEXT:
            quick = Quick(_plain(text, field), _carefully(text, field))
        case Type.SET:
            word = f"regexp_full_match({text}, '{_PLAIN_WORDS}') AND {text} <> '无数据'"
            one = f"{text} IN ({_listed(frozenset(field.codes))})" if field.codes else word
            quick = Quick(one, tidy_sql(text, field))
        case _:
            return None
    return replace(quick, as_it_is=f"({text} IS NULL OR {quick.as_it_is})")


def _plain(text: str, field: Field) -> str:
    """SQL that is true for the usual spellings, which need no tidying."""
    if field.type is Type.CODE:
        label = f"regexp_full_match({text}, '\\p{{Han}}+') AND {text} <> '无数据'"
        return f"({text} IN ({_listed(frozenset(field.codes))}) OR {label})"
    if field.type is Type.TEXT:
        return f"regexp_full_match({text}, '{_PLAIN_WORDS}') AND {text} <> '无数据'"
    if field.type is Type.SET and field.codes:
        word = f"({'|'.join(sorted(field.codes))})"
        return f"regexp_full_match({text}, '{word}(,{word})*')"
    if field.type is Type.SET:
        return f"regexp_full_match({text}, '{_PLAIN_SET}') AND {text} <> '无数据'"
    plain = {
        Type.MONEY: _PLAIN_NUMBER,
        Type.NUMBER: _PLAIN_NUMBER,
        Type.SHARE: _PLAIN_NUMBER,
        Type.INT: _PLAIN_NUMBER,
        Type.DATE: _PLAIN_DATE,
        Type.BOOL: _PLAIN_BOOL,
    }.get(field.type, _PLAIN_IDENTIFIER)
    return f"regexp_full_match({text}, '{plain}')"


_AMOUNT = Field("amount", Type.MONEY, ("金额",), "Amount")


def blank_sql(text: str) -> str:
    """SQL that is true where a text cell is blank."""
    return f"(({tidy_sql(text, _AMOUNT)}) IS NULL)"


def number_sql(text: str) -> str:
    """SQL for a text cell read as a number, DECIMAL(18,6); NULL where it is blank or no number."""
    return _number(f"({tidy_sql(text, _AMOUNT)})", "DECIMAL(18,6)")


def _number(tidied: str, sql_type: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({tidied}, '{_NUMBER}') "
        f"THEN TRY_CAST(replace({tidied}, ',', '') AS {sql_type}) END"
    )


def _date(tidied: str) -> str:
    def dashed(day: str) -> str:
        return f"TRY_CAST(substr({tidied}, 1, 4) || '-' || substr({tidied}, 5, 2) || '-' || {day} AS DATE)"

    found = (
        f"CASE WHEN regexp_full_match({tidied}, '{_DATE}') "
        f"THEN TRY_CAST(regexp_replace({tidied}, '{_DATE_PARTS}', '\\1-\\2-\\3') AS DATE) "
        f"WHEN regexp_full_match({tidied}, '[0-9]{{8}}') THEN {dashed(f'substr({tidied}, 7, 2)')} "
        f"WHEN regexp_full_match({tidied}, '[0-9]{{6}}') THEN {dashed(quote('01'))} "
        f"WHEN regexp_full_match({tidied}, '[1-9][0-9]{{4}}') "
        f"THEN DATE '1899-12-30' + CAST({tidied} AS INTEGER) END"
    )
    return _plausible_date(found)


def _plausible_date(found: str) -> str:
    return f"CASE WHEN {found} BETWEEN DATE '{EARLIEST_YEAR}-01-01' AND DATE '9999-12-31' THEN {found} END"


def _within_one(found: str) -> str:
    return f"CASE WHEN {found} BETWEEN 0 AND 1 THEN CAST({found} AS DECIMAL(18,10)) END"


def _share(tidied: str, percent: bool) -> str:
    hundredth = "CAST(0.01 AS DECIMAL(3,2))"
    bare = f"rtrim(rtrim({tidied}, '%'), {quote(WHITE_SPACE)})"
    marked = f"({_number(bare, 'DECIMAL(18,8)')}) * {hundredth}"
    plain = f"({_number(tidied, 'DECIMAL(18,8)')}) * {hundredth}" if percent else _number(tidied, "DECIMAL(18,10)")
    one_mark = f"ends_with({tidied}, '%') AND NOT ends_with({tidied}, '%%')"
    return f"CASE WHEN {one_mark} THEN {_within_one(marked)} ELSE {_within_one(f'({plain})')} END"


def _coded(tidied: str, field: Field, column: RawColumn) -> str:
    spellings = dict(code_spellings(field))
    spellings.update({spelling.replace(" ", "").upper(): code for spelling, code in column.codes.items()})
    whens = " ".join(f"WHEN {quote(spelling)} THEN {quote(code)}" for spelling, code in spellings.items())
    careful = f"CASE upper(replace({tidied}, ' ', '')) {whens} END"
    return f"CASE WHEN {tidied} IN ({_listed(frozenset(field.codes))}) THEN {tidied} ELSE {careful} END"


def _set(tidied: str, field: Field, column: RawColumn) -> str:
    separator = "'[,，、;；]'"
    trimmed = (
        f"list_filter(list_transform(regexp_split_to_array({tidied}, {separator}), "
        f"lambda word: trim(word, {quote(WHITE_SPACE)})), lambda word: word <> '')"
    )
    simple = _joined(f"string_split({tidied}, ',')")
    if field.codes:
        # An unknown word becomes a question mark, and a set with one in it is not read.
        coded = f"list_transform({trimmed}, lambda word: coalesce({_coded('word', field, column)}, '?'))"
        many = f"nullif(regexp_extract({_joined(coded)}, '^[^?]+$'), '')"
        return f"CASE WHEN {_plain(tidied, field)} THEN {simple} ELSE {many} END"
    return (
        f"CASE WHEN NOT regexp_matches({tidied}, {separator}) THEN {tidied} "
        f"WHEN regexp_full_match({tidied}, '{_PLAIN_SET}') THEN {simple} ELSE nullif({_joined(trimmed)}, '') END"
    )


def _joined(words: str) -> str:
    return f"array_to_string(list_sort(list_distinct({words})), ',')"


def lost_sql(tidied: str, field: Field) -> str:
    """SQL that is true where an identifier stands in scientific notation and so has lost digits."""
    if field.type in {Type.IDENTIFIER, Type.AREA}:
        suspect = f"substr({tidied}, 2, 1) IN ('.', 'e', 'E')"
        return f"({tidied} IS NOT NULL AND {suspect} AND regexp_full_match({tidied}, '{_SCIENTIFIC}'))"
    return "false"


def text_of(sql: str, sql_type: str) -> str:
    """SQL for the text of a value that a Parquet file or a database holds as something else than text."""
    if sql_type in {"DOUBLE", "FLOAT"}:
        return (
            f"CASE WHEN abs({sql}) >= 1e15 THEN format('{{:.14E}}', CAST({sql} AS DOUBLE)) "
            f"WHEN {sql} = trunc({sql}) THEN CAST(CAST({sql} AS BIGINT) AS VARCHAR) ELSE CAST({sql} AS VARCHAR) END"
        )
    if sql_type.startswith("DECIMAL"):
        whole = f"CAST(CAST({sql} AS HUGEINT) AS VARCHAR)"
        return f"CASE WHEN {sql} = trunc({sql}) THEN {whole} ELSE CAST({sql} AS VARCHAR) END"
    return f"CAST({sql} AS VARCHAR)"


def typed_sql(column: RawColumn, field: Field) -> str | None:
    """SQL for a value whose type already fits the column; None if it must be read from its text."""
    sql, kind = column.sql, column.type
    number = kind in _WHOLE_TYPES or kind in {"DOUBLE", "FLOAT"} or kind.startswith("DECIMAL")
    match field.type:
        case Type.INT if kind in _WHOLE_TYPES:
            return f"TRY_CAST({sql} AS BIGINT)"
        case Type.MONEY | Type.NUMBER if number:
            return f"TRY_CAST({sql} AS DECIMAL(18,6))"
        case Type.SHARE if number:
            scaled = f"({sql} / 100)" if column.percent else sql
            return _within_one(f"TRY_CAST({scaled} AS DECIMAL(18,10))")
        case Type.BOOL if kind == "BOOLEAN":
            return sql
        case Type.DATE if kind == "DATE" or kind.startswith("TIMESTAMP"):
            return _plausible_date(f"TRY_CAST({sql} AS DATE)")
    return None


def in_yuan_sql(value: str, field: Field, column: RawColumn) -> str:
    """SQL for an amount in yuan, whatever unit its column is in; NULL where that is too large. Other values stay."""
    if column.unit == Decimal(1) or field.type not in {Type.MONEY, Type.NUMBER}:
        return value
    return f"TRY_CAST({value} * {column.unit:f} AS {field.sql_type})"


def value_sql(tidied: str, field: Field, column: RawColumn) -> str:
    """SQL for the value of a tidied text cell; NULL where it is blank or can't be read."""
    match field.type:
        case Type.TEXT:
            return tidied
        case Type.IDENTIFIER:
            return f"CASE WHEN {lost_sql(tidied, field)} THEN NULL ELSE {tidied} END"
        case Type.AREA:
            padded = f"CASE WHEN length({tidied}) IN (6, 9, 12) THEN rpad({tidied}, 12, '0') END"
            return f"CASE WHEN regexp_full_match({tidied}, '[0-9]+') THEN {padded} END"
        case Type.CODE:
            return _coded(tidied, field, column)
        case Type.SET:
            return _set(tidied, field, column)
        case Type.INT:
            digits = f"replace(split_part({tidied}, '.', 1), ',', '')"
            return f"CASE WHEN regexp_full_match({tidied}, '{_WHOLE}') THEN TRY_CAST({digits} AS BIGINT) END"
        case Type.MONEY | Type.NUMBER:
            return _number(tidied, "DECIMAL(18,6)")
        case Type.SHARE:
            return _share(tidied, column.percent)
        case Type.BOOL:
            yes, no = _listed(TRUE), _listed(FALSE)
            return f"CASE WHEN upper({tidied}) IN ({yes}) THEN true WHEN upper({tidied}) IN ({no}) THEN false END"
        case Type.DATE:
            return _date(tidied)
