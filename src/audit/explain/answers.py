"""Asks one rule about the rows that concern a household: outcome, every part of its conditions, every value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import duckdb

from audit.engine.exact import condition_sql
from audit.engine.statements import Code, Prepared, outcome_sql
from audit.engine.values import message_sql, shown_value_sql
from audit.engine.values_in_force import InForce
from audit.errors import AuditError
from audit.explain.concerned import concerned_table
from audit.explain.explanation import Answer, FactValue, ParameterValue, Part, Place
from audit.explain.filled import Values, conditions, part
from audit.language import Language, text
from audit.report.masking import harmless
from audit.rulebook import Outcome
from audit.rulebook.expression import BUILT_IN, Node
from audit.rulebook.policy import chosen_at
from audit.subjects import Fact, Kind

_NAMED = ("subject_id", "person_id", "area_code", "source_no", "source_row")


@dataclass(frozen=True)
class Background:
    """What is the same for all rules of an explanation.

    Attributes:
        in_force: the parameters' values in the audit year.
        present: the columns that the registry has, as ``table.column``.
        sources: file and sheet of each source.
        persons: the masked names of the household's persons.
        lang: the language of the texts.
    """

    in_force: Mapping[str, InForce]
    present: Set[str]
    sources: Mapping[int, tuple[str, str]]
    persons: Mapping[str, str]
    lang: Language


@dataclass
class _Columns:
    """The columns of one SELECT, found again by name in each of its rows."""

    sql: list[str] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)

    def add(self, key: object, sql: str) -> None:
        if key not in self.places:
            self.places[key] = len(self.sql)
            self.sql.append(sql)


class _Row:
    def __init__(self, columns: _Columns, cells: tuple[object, ...]) -> None:
        self._columns = columns
        self._cells = cells

    def __getitem__(self, key: object) -> object:
        return self._cells[self._columns.places[key]]

    def text(self, key: object) -> str:
        return plain(self[key])

    def truth(self, node: Node) -> bool | None:
        found = self[node]
        return None if found is None else bool(found)


def plain(value: object) -> str:
    """Write a value as people do: no zeros behind the last digit of a decimal, nothing for an unknown one."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def ask_rule(con: duckdb.DuckDBPyConnection, prepared: Prepared, background: Background) -> tuple[Answer, ...]:
    """What a rule says about each subject that concerns the household, in the order of their keys.

    Raises:
        AuditError: the rule's SQL fails on these rows.
    """
    columns = _columns(prepared, background)
    table = concerned_table(prepared.rule.subject.name)
    try:
        rows = con.execute(f"SELECT {', '.join(columns.sql)} FROM {table} ORDER BY subject_id").fetchall()
    except duckdb.Error as error:
        raise AuditError("engine.broken", problem=str(error).partition("\n")[0]) from error
    return tuple(_answer(prepared, _Row(columns, cells), background) for cells in rows)


def _columns(prepared: Prepared, background: Background) -> _Columns:
    """Outcome, truths and values in one SELECT: nothing that is shown is worked out a second time elsewhere."""
    rule, lang = prepared.rule, background.lang
    columns = _Columns()
    for name in _NAMED:
        columns.add(name, name)
    # A row whose numbers are too large to be compared is undecided, as in an audit.
    columns.add("outcome", outcome_sql(prepared, careful=True))
    for condition in (rule.among, rule.population, rule.flag):
        for node in conditions(condition):
            columns.add(node, f"TRY({condition_sql(node, prepared.parameters)})")
    for fact in rule.facts:
        columns.add((fact.name, "shown"), shown_value_sql(fact, lang))
        for end in _ENDS.get(fact.kind, ("",)):
            columns.add((fact.name, end), f"{fact.name}{end}")
    for name in rule.parameters:
        columns.add(("$", name), prepared.parameters[name])
        if name in background.in_force:
            columns.add(("available", name), background.in_force[name].available)
    if not rule.indicator:
        columns.add("message", f"TRY({message_sql(rule, lang, prepared.parameters)})")
    return columns


#: The columns of a fact that is kept as two.
_ENDS: Mapping[Kind, tuple[str, str]] = {Kind.QUOTIENT: ("__n", "__d"), Kind.RANGE: ("__lo", "__hi")}


def _answer(prepared: Prepared, row: _Row, background: Background) -> Answer:
    rule = prepared.rule
    code = Code(int(row.text("outcome")))
    outcome = Outcome.UNDECIDED if code in {Code.INSIDE, Code.ABOUT} else Outcome[code.name]
    facts = tuple(_fact(fact, row, background) for fact in rule.facts)
    parameters = tuple(_parameter(name, row, background) for name in rule.parameters)
    values = Values(
        {fact.name: fact.filled for fact in facts},
        {one.name: one.value or text("engine.unknown", background.lang) for one in parameters},
        background.lang,
    )
    among, population, flag = _conditions(prepared, row, values, all(one.usable for one in parameters))
    person = row.text("person_id")
    file, sheet = background.sources.get(int(row.text("source_no") or -1), ("", ""))
    return Answer(
        subject_id=harmless(row.text("subject_id")),
        person=f"{harmless(person)} {background.persons.get(person, '')}".strip(),
        area_code=row.text("area_code"),
        outcome=outcome,
        among=among,
        population=population,
        flag=flag,
        facts=facts,
        parameters=parameters,
        message=harmless(row.text("message")) if outcome is Outcome.FLAGGED and not rule.indicator else "",
        place=Place(file, sheet, (int(row.text("source_row") or 0),)),
    )


def _conditions(prepared: Prepared, row: _Row, values: Values, usable: bool) -> list[Part]:
    """The three conditions; the first that does not hold decides, else the flag."""
    asked = (prepared.rule.among, prepared.rule.population, prepared.rule.flag)
    deciding = next((place for place, node in enumerate(asked) if row.truth(node) is not True), len(asked) - 1)
    return [
        part(
            node,
            {one: row.truth(one) for one in conditions(node)},
            values,
            # Where a parameter has no value it is that, and no condition, that decides.
            decides=place == deciding and (usable or place == 0),
        )
        for place, node in enumerate(asked)
    ]


def _fact(fact: Fact, row: _Row, background: Background) -> FactValue:
    lang = background.lang
    shown = harmless(row.text((fact.name, "shown")))
    ends = [row[(fact.name, end)] for end in _ENDS.get(fact.kind, ("",))]
    known = None not in ends and (fact.kind is not Kind.RANGE or ends[0] == ends[1])
    filled = shown
    if fact.kind is Kind.QUOTIENT and known and ends[1] != 1:
        filled = f"{plain(ends[0])}/{plain(ends[1])} = {shown}"
    chinese = lang == "zh"
    return FactValue(
        name=fact.name,
        title=fact.title if chinese else fact.title_en,
        unit=fact.unit,
        shown=shown,
        filled=filled,
        value=_value(fact, ends),
        unknown="" if known else _why_unknown(fact, background),
    )


def _value(fact: Fact, ends: Sequence[object]) -> object:
    """A fact's value for programs, as the cases of rules write it: exact, decimals as text; None for unknown."""
    if None in ends:
        return None
    if fact.kind is Kind.QUOTIENT:
        return {"n": plain(ends[0]), "d": plain(ends[1])}
    if fact.kind is Kind.RANGE and ends[0] != ends[1]:
        return list(ends)
    return ends[0] if isinstance(ends[0], int) else harmless(plain(ends[0]))


def _why_unknown(fact: Fact, background: Background) -> str:
    missing = fact.needs.missing(background.present)
    if missing:
        return AuditError("engine.needs_columns", columns=", ".join(missing)).message(background.lang)
    return fact.unknown if background.lang == "zh" else fact.unknown_en


def _parameter(name: str, row: _Row, background: Background) -> ParameterValue:
    lang, value = background.lang, row.text(("$", name))
    if name in BUILT_IN:
        return ParameterValue(name, text(f"report.{name}", lang), "", value)
    one = background.in_force[name]
    parameter, area = one.parameter, row.text("area_code")
    title, unit = (parameter.title, parameter.unit) if lang == "zh" else (parameter.title_en, parameter.unit_en)
    chosen = chosen_at(one.chosen, area)
    if chosen is None:
        return ParameterValue(name, title, unit, value, usable=False)
    dated = chosen.dated
    return ParameterValue(
        name=name,
        title=title,
        unit=unit,
        value=value,
        valid_from=dated.valid_from,
        area=dated.area,
        source=dated.source,
        state=chosen.state,
        usable=bool(row[("available", name)]),
    )
