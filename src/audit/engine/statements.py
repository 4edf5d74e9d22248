"""The SQL of an audit, as text: outcomes, counts and findings. Nothing here runs a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from audit.contract.normalise import quote
from audit.engine.exact import condition_sql
from audit.engine.values import evidence_sql, message_sql
from audit.engine.values_in_force import InForce
from audit.rulebook.policy import Rule
from audit.subjects import Fact, Kind
from audit.subjects.asked import OWN_COLUMNS

#: Measures are summed times the least common multiple of 1 to 16, so that a household's mean is shared out exactly
#: among up to 16 people, and with ten digits behind the point for any other number.
SHARED_OUT = 720_720
MEASURE_DIGITS = 10
#: Bits of an outcome, and how many of them fit into one BIGINT.
_BITS = 4
_RULES_PER_WORD = 15


class Code(IntEnum):
    """An outcome as a number; FLAGGED has a bit of its own, so that one mask tells whether any rule flags a row."""

    NOT_COUNTED = 0
    CLEAR = 1
    INSIDE = 2
    ABOUT = 3
    NOT_APPLICABLE = 4
    FLAGGED = 8


_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")
_COUNTED = (Code.FLAGGED, Code.CLEAR, Code.INSIDE, Code.ABOUT, Code.NOT_APPLICABLE)


@dataclass(frozen=True)
class Prepared:
    """A rule ready to be run: its conditions as SQL over its subject's facts.

    Attributes:
        rule: the rule.
        parameters: the SQL of each parameter's value for a row.
        in_force: where the parameters' values come from.
        among: SQL for the rule's own condition on who is a subject.
        subjects: SQL for who is a subject at all: also where the parameters have a value.
        population: SQL for P.
        flag: SQL for F.
    """

    rule: Rule
    parameters: Mapping[str, str]
    in_force: Mapping[str, InForce]
    among: str
    subjects: str
    population: str
    flag: str

    @property
    def flagged(self) -> str:
        """SQL that is true for the flagged subjects."""
        return " AND ".join(part for part in (self.subjects, self.population, self.flag) if part != "true") or "true"


def prepare(
    rule: Rule, parameters: Mapping[str, str], in_force: Mapping[str, InForce] = MappingProxyType({})
) -> Prepared:
    """Turn a rule into SQL.

    Args:
        rule: the rule.
        parameters: the SQL of each parameter's value for a row.
        in_force: where the parameters' values come from; whoever lives where one has no value at all is not counted.
            A parameter that is not in it has the same value everywhere.
    """
    available = [in_force[name].available for name in rule.parameters if name in in_force]
    among = condition_sql(rule.among, parameters)
    conditions = [part for part in (among, *available) if part != "true"]
    subjects = f"({' AND '.join(conditions)})" if conditions else "true"
    return Prepared(
        rule,
        parameters,
        in_force,
        among,
        subjects,
        condition_sql(rule.population, parameters),
        condition_sql(rule.flag, parameters),
    )


def facts_sql(select: str, in_force: Mapping[str, InForce]) -> str:
    """SQL for a subject's facts with the parameters put in that some of them count by.

    A parameter that the rulebook does not have gives no value: the facts that count by it are not known then, and a
    rule that names such a fact is refused when the rulebook is read.
    """
    return _PARAMETER.sub(lambda found: in_force[found[1]].sql if found[1] in in_force else "NULL", select)


def facts_table(subject: str) -> str:
    """The table that holds a subject's facts."""
    return f"{subject}_facts"


def outcome_sql(prepared: Prepared, *, careful: bool = False) -> str:
    """SQL for an outcome, as one of ``Code``.

    Args:
        prepared: the rule.
        careful: whether a row whose numbers are too large to be compared is undecided instead of an error.
    """
    p, f = prepared.population, prepared.flag
    inside = f"CASE WHEN {f} THEN {Code.FLAGGED} WHEN NOT {f} THEN {Code.CLEAR} ELSE {Code.INSIDE} END"
    counted = inside
    if p != "true":
        counted = f"CASE WHEN {p} THEN {inside} WHEN NOT {p} THEN {Code.NOT_APPLICABLE} ELSE {Code.ABOUT} END"
    if prepared.subjects != "true":
        counted = f"CASE WHEN {prepared.subjects} THEN {counted} ELSE {Code.NOT_COUNTED} END"
    return f"coalesce(TRY(CAST({counted} AS TINYINT)), {Code.ABOUT})" if careful else f"CAST({counted} AS TINYINT)"


def measure_sql(fact: Fact) -> str:
    """SQL for a measure times ``SHARED_OUT``, DECIMAL(38,10): exact for every population that divides it."""
    if fact.kind is not Kind.QUOTIENT:
        return f"CAST(CAST({fact.name} AS DECIMAL(22,6)) * {SHARED_OUT} AS DECIMAL(38,{MEASURE_DIGITS}))"
    over, under = f"CAST({fact.name}__n AS DECIMAL(22,6))", f"{fact.name}__d"
    exact = f"{over} * CAST({SHARED_OUT} // {under} AS DECIMAL(6,0))"
    millionths = f"CAST({over} * 1000000 AS HUGEINT) * {SHARED_OUT * 10 ** (MEASURE_DIGITS - 6)} // {under}"
    truncated = f"CAST({millionths} AS DECIMAL(38,0)) * CAST(1e-{MEASURE_DIGITS} AS DECIMAL(11,{MEASURE_DIGITS}))"
    return (
        f"CAST(CASE WHEN {SHARED_OUT} % {under} = 0 THEN {exact} ELSE {truncated} END AS DECIMAL(38,{MEASURE_DIGITS}))"
    )


def bind_sql(rules: Sequence[Prepared]) -> str:
    """SQL that fails if one of these rules does not fit its subject's facts, at no cost."""
    columns = []
    for prepared in rules:
        columns.append(outcome_sql(prepared))
        if prepared.rule.measure:
            columns.append(measure_sql(prepared.rule.measure))
        if not prepared.rule.indicator:
            columns.append(evidence_sql(prepared.rule, prepared.parameters, prepared.in_force))
            columns += [message_sql(prepared.rule, lang, prepared.parameters) for lang in ("zh", "en")]
    return f"SELECT {', '.join(columns)} FROM {facts_table(rules[0].rule.subject.name)} LIMIT 0"


def outcomes_table(subject: str) -> str:
    """The table that holds the outcomes of all rules of a subject."""
    return f"{subject}_outcomes"


def _words(rules: int) -> range:
    return range((rules + _RULES_PER_WORD - 1) // _RULES_PER_WORD)


def picked_sql(place: int) -> str:
    """SQL for the outcome of the rule at one place, out of a row of the outcomes table."""
    word, position = divmod(place, _RULES_PER_WORD)
    return f"((w{word} >> {position * _BITS}) & {(1 << _BITS) - 1})"


def with_outcome_sql(prepared: Prepared, place: int, *, careful: bool) -> str:
    """SQL for the facts of a rule's subject, each row with its number ``row_no`` and its outcome ``code``.

    Args:
        prepared: the rule, of which outcomes have been made.
        place: its place among its subject's rules.
        careful: whether the numbers of some row were too large to be compared. Then the outcomes are read beside the
            facts, row by row as they were made from them. Deciding anew is faster, as all cores can share in it.
    """
    facts = facts_table(prepared.rule.subject.name)
    if not careful:
        return f"(SELECT *, rowid AS row_no, {outcome_sql(prepared)} AS code FROM {facts})"
    outcomes = f"SELECT row_no, {picked_sql(place)} AS code FROM {outcomes_table(prepared.rule.subject.name)}"
    return f"(SELECT f.*, o.row_no, o.code FROM {facts} AS f POSITIONAL JOIN ({outcomes}) AS o)"


def outcomes_sql(subject: str, rules: Sequence[Prepared], careful: Set[str] = frozenset()) -> str:
    """SQL for the outcomes of all rules of a subject in one pass over its facts, packed into a few numbers a row.

    Args:
        subject: the subject.
        rules: its rules.
        careful: ids of the rules in which some row's numbers are too large to be compared.
    """
    columns, decided = _decided_sql(rules, f"(SELECT *, rowid AS row_no FROM {facts_table(subject)})", careful)
    return f"SELECT row_no, area_code, household_id, {', '.join(columns)} FROM {decided}"


def _decided_sql(rules: Sequence[Prepared], facts: str, careful: Set[str]) -> tuple[list[str], str]:
    """SQL for packed outcomes and measures over facts with an outcome each, and SQL for these facts."""
    codes, measures = [], []
    for place, prepared in enumerate(rules):
        codes.append(f"{outcome_sql(prepared, careful=prepared.rule.id in careful)} AS o{place}")
        if prepared.rule.measure:
            amount = measure_sql(prepared.rule.measure)
            measures.append(f"CASE WHEN o{place} = {Code.FLAGGED} THEN {amount} END AS m{place}")
    words = []
    for word in _words(len(rules)):
        places = range(word * _RULES_PER_WORD, min((word + 1) * _RULES_PER_WORD, len(rules)))
        packed = " + ".join(f"CAST(o{place} AS BIGINT) * {1 << _BITS * (place % _RULES_PER_WORD)}" for place in places)
        words.append(f"{packed} AS w{word}")
    return [*words, *measures], f"(SELECT *, {', '.join(codes)} FROM {facts})"


def at_once_sql(rules: Sequence[Prepared], select: str, columns: Collection[str]) -> str:
    """SQL that makes a subject's facts, decides all its rules and counts them, in one pass that keeps no other facts.

    The rows are those of ``combined_sql``, with ``hits``: the facts of the subjects that some rule flags.

    Args:
        rules: the rules of one subject.
        select: the SELECT that makes its facts.
        columns: the columns of these facts.
    """
    made, decided = _decided_sql(rules, f"({select})", frozenset())
    kept = ", ".join(f"{quote(column)}: {column}" for column in sorted({*columns, *OWN_COLUMNS} - {"area_code"}))
    hits = f", list({{{kept}}}) FILTER ({_mask_sql(rules)}) AS hits"
    return combined_sql(f"(SELECT *, {', '.join(made)} FROM {decided})", rules, hits)


def gathered_sql(combined: str, rules: Sequence[Prepared]) -> str:
    """SQL for the facts of the subjects that some rule flags, with their packed outcomes, out of ``at_once_sql``."""
    words = "".join(f", w{word}" for word in _words(len(rules)))
    return f"SELECT area_code{words}, hit.* FROM (SELECT area_code{words}, unnest(hits) AS hit FROM {combined})"


def combined_sql(outcomes: str, rules: Sequence[Prepared], more: str = "") -> str:
    """SQL that counts the outcomes of all rules of a subject together, by area code.

    However many rules there are, few combinations of outcomes occur in one place: what follows reads these only.

    Args:
        outcomes: what stands after FROM: the subject's outcomes.
        rules: its rules.
        more: SQL for a further aggregate, after a comma.
    """
    words = "".join(f", w{word}" for word in _words(len(rules)))
    measured = [place for place, prepared in enumerate(rules) if prepared.rule.measure]
    units = f"CAST(sum(m{{place}}) * {10**MEASURE_DIGITS} AS HUGEINT)"
    sums = "".join(f", {units.format(place=place)} AS s{place}, count(m{place}) AS k{place}" for place in measured)
    return f"SELECT area_code{words}, count(*) AS n{sums}{more} FROM {outcomes} GROUP BY area_code{words}"


def counts_sql(table: str, rules: Sequence[Prepared]) -> str:
    """SQL that counts each rule by area code: one row each, from the rows of ``combined_sql``."""
    parts = []
    for place, prepared in enumerate(rules):
        counts = ", ".join(f"coalesce(sum(n) FILTER (code = {code}), 0)" for code in _COUNTED)
        measured = f"s{place} AS s, k{place} AS k" if prepared.rule.measure else "NULL AS s, NULL AS k"
        parts.append(
            f"SELECT {quote(prepared.rule.id)} AS rule_id, area_code, {counts}, sum(s), sum(k) "
            f"FROM (SELECT area_code, n, {picked_sql(place)} AS code, {measured} FROM {table}) GROUP BY area_code"
        )
    return "\nUNION ALL\n".join(parts)


def flagged_table(subject: str) -> str:
    """The table that holds the facts of the subjects that have a finding."""
    return f"{subject}_flagged"


def flagged_sql(subject: str, rules: Sequence[Prepared]) -> str:
    """SQL for the facts of the subjects that any rule with findings has flagged, with their packed outcomes."""
    words = ", ".join(f"o.w{word}" for word in _words(len(rules)))
    return (
        f"SELECT f.*, {words} FROM {facts_table(subject)} AS f "
        f"JOIN {outcomes_table(subject)} AS o ON o.row_no = f.rowid WHERE {findings_mask_sql(rules)}"
    )


def findings_mask_sql(rules: Sequence[Prepared]) -> str:
    """SQL that is true for the packed outcomes of a subject that any rule with findings has flagged."""
    return _mask_sql(rules, lambda prepared: not prepared.rule.indicator)


def _mask_sql(rules: Sequence[Prepared], asked: Callable[[Prepared], bool] = lambda _: True) -> str:
    masks = dict.fromkeys(_words(len(rules)), 0)
    for place, prepared in enumerate(rules):
        if asked(prepared):
            word, position = divmod(place, _RULES_PER_WORD)
            masks[word] |= Code.FLAGGED << position * _BITS
    return "(" + " OR ".join(f"(w{word} & {mask}) <> 0" for word, mask in masks.items()) + ")"


def finding_id_sql(rule_id: str, subject_type: str) -> str:
    """SQL for a finding's id: from rule, subject type and subject id alone, so that it is stable over runs."""
    return f"substr(sha256({quote(rule_id + '|' + subject_type + '|')} || subject_id), 1, 20)"


def findings_sql(
    prepared: Prepared,
    as_of: str,
    place: int | None = None,
    joined: Callable[[str], str] = str,
    added: Sequence[str] = (),
) -> str:
    """SQL for the findings of one rule, in the order of the subject ids.

    Args:
        prepared: the rule.
        as_of: the day of the audit.
        place: its place among its subject's rules, to read the flagged table; by default its facts are asked.
        joined: gives SQL for the flagged rows with more columns, such as what was known before.
        added: those columns, for the findings to carry on.
    """
    rule = prepared.rule
    if place is None:
        flagged = f"FROM {facts_table(rule.subject.name)} WHERE {prepared.flagged}"
    else:
        flagged = f"FROM {flagged_table(rule.subject.name)} WHERE {picked_sql(place)} = {Code.FLAGGED}"
    return (
        f"SELECT {finding_id_sql(rule.id, rule.subject.name)} AS finding_id, {quote(rule.id)} AS rule_id, "
        f"{quote(rule.severity)} AS severity, {quote(rule.subject.name)} AS subject_type, subject_id, household_id, "
        f"person_id, area_code, DATE {quote(as_of)} AS as_of, "
        f"{evidence_sql(rule, prepared.parameters, prepared.in_force)} AS evidence, "
        f"{message_sql(rule, 'zh', prepared.parameters)} AS message, "
        f"{message_sql(rule, 'en', prepared.parameters)} AS message_en, source_no, source_row"
        f"{''.join(f', {column}' for column in added)} FROM ({joined(flagged)} ORDER BY subject_id)"
    )


def undecided_sql(prepared: Prepared) -> str:
    """SQL for the subjects about which a rule can't decide, with the facts it names."""
    columns = []
    for fact in prepared.rule.facts:
        match fact.kind:
            case Kind.QUOTIENT:
                columns.append(
                    f"TRY_CAST(CAST({fact.name}__n AS DOUBLE) / {fact.name}__d AS DECIMAL(28,4)) AS {fact.name}"
                )
            case Kind.RANGE:
                columns += [f"{fact.name}__lo", f"{fact.name}__hi"]
            case _:
                columns.append(fact.name)
    listed = "".join(f", {column}" for column in columns)
    undecided = f"{outcome_sql(prepared)} IN ({Code.INSIDE}, {Code.ABOUT})"
    return (
        f"SELECT subject_id, household_id, area_code, source_no, source_row{listed} "
        f"FROM {facts_table(prepared.rule.subject.name)} WHERE {undecided} ORDER BY subject_id"
    )
