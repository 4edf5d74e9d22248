"""The SQL of an audit, as text: outcomes, counts and findings. Nothing here runs a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.contract.normalise import quote
from audit.engine.exact import condition_sql
from audit.engine.values import evidence_sql, message_sql
from audit.rulebook.policy import Rule
from audit.subjects import Fact, Kind

#: A measure is summed in units of 10**-18, so that no quotient is rounded before the sum is.
MEASURE_SCALE = 18


@dataclass(frozen=True)
class Prepared:
    """A rule ready to be run: its conditions as SQL over its subject's facts.

    Attributes:
        rule: the rule.
        parameters: the SQL of each parameter's value for a row.
        subjects: SQL for who is a subject at all.
        population: SQL for P.
        flag: SQL for F.
    """

    rule: Rule
    parameters: Mapping[str, str]
    subjects: str
    population: str
    flag: str

    @property
    def flagged(self) -> str:
        """SQL that is true for the flagged subjects."""
        return " AND ".join(part for part in (self.subjects, self.population, self.flag) if part != "true") or "true"


def prepare(rule: Rule, parameters: Mapping[str, str], available: Sequence[str] = ()) -> Prepared:
    """Turn a rule into SQL.

    Args:
        rule: the rule.
        parameters: the SQL of each parameter's value for a row.
        available: SQL conditions under which its parameters have a value at all; who doesn't meet them is not counted.
    """
    conditions = [part for part in (condition_sql(rule.among, parameters), *available) if part != "true"]
    subjects = f"({' AND '.join(conditions)})" if conditions else "true"
    return Prepared(
        rule,
        parameters,
        subjects,
        condition_sql(rule.population, parameters),
        condition_sql(rule.flag, parameters),
    )


def facts_table(subject: str) -> str:
    """The table that holds a subject's facts."""
    return f"{subject}_facts"


def outcome_sql(prepared: Prepared) -> str:
    """SQL for an outcome: 1 flagged, 2 clear, 3 undecided inside P, 4 about P, 5 not applicable, else NULL."""
    p, f = prepared.population, prepared.flag
    inside = f"CASE WHEN {f} THEN 1 WHEN NOT {f} THEN 2 ELSE 3 END"
    applicable = inside if p == "true" else f"CASE WHEN {p} THEN {inside} WHEN NOT {p} THEN 5 ELSE 4 END"
    counted = applicable if prepared.subjects == "true" else f"CASE WHEN {prepared.subjects} THEN {applicable} END"
    return f"CAST({counted} AS TINYINT)"


def measure_units_sql(fact: Fact) -> str:
    """SQL for a measure in units of 10**-18: HUGEINT, truncated only beyond the eighteenth digit."""
    if fact.kind is Kind.QUOTIENT:
        millionths = f"CAST(CAST({fact.name}__n AS DECIMAL(28,6)) * 1000000 AS HUGEINT)"
        return f"({millionths} * 1000000000000 // {fact.name}__d)"
    return f"(CAST(CAST({fact.name} AS DECIMAL(28,6)) * 1000000 AS HUGEINT) * 1000000000000)"


def bind_sql(prepared: Prepared) -> str:
    """SQL that fails if a rule does not fit its subject's facts, at no cost."""
    table = facts_table(prepared.rule.subject.name)
    columns = [outcome_sql(prepared)]
    if prepared.rule.measure:
        columns.append(measure_units_sql(prepared.rule.measure))
    if not prepared.rule.indicator:
        columns += [evidence_sql(prepared.rule, prepared.parameters)]
        columns += [message_sql(prepared.rule, lang, prepared.parameters) for lang in ("zh", "en")]
    return f"SELECT {', '.join(columns)} FROM {table} LIMIT 0"


def counts_sql(subject: str, rules: Sequence[Prepared]) -> str:
    """SQL that counts all rules of a subject in one pass: one row per area code with five counts per rule."""
    outcomes = [f"{outcome_sql(prepared)} AS o{place}" for place, prepared in enumerate(rules)]
    counts = []
    for place, prepared in enumerate(rules):
        counts += [f"count(*) FILTER (o{place} = {number}) AS c{place}_{number}" for number in range(1, 6)]
        measure = prepared.rule.measure
        if measure:
            outcomes.append(f"CASE WHEN o{place} = 1 THEN {measure_units_sql(measure)} END AS m{place}")
            counts += [f"sum(m{place}) AS s{place}", f"count(m{place}) AS k{place}"]
    return (
        f"SELECT area_code, {', '.join(counts)} FROM (SELECT area_code, {', '.join(outcomes)} "
        f"FROM {facts_table(subject)}) GROUP BY area_code"
    )


def long_counts_sql(table: str, rules: Sequence[Prepared]) -> str:
    """SQL that turns the counts of ``counts_sql`` into one row per rule and area code."""
    parts = []
    for place, prepared in enumerate(rules):
        measured = f"s{place}, k{place}" if prepared.rule.measure else "NULL, NULL"
        parts.append(
            f"SELECT {quote(prepared.rule.id)} AS rule_id, area_code, c{place}_1 AS flagged, c{place}_2 AS clear, "
            f"c{place}_3 AS undecided_inside, c{place}_4 AS undecided_about, c{place}_5 AS not_applicable, "
            f"{measured} FROM {table}"
        )
    return "\nUNION ALL\n".join(parts)


def finding_id_sql(rule_id: str, subject_type: str) -> str:
    """SQL for a finding's id: from rule, subject type and subject id alone, so that it is stable over runs."""
    return f"substr(sha256({quote(rule_id + '|' + subject_type + '|')} || subject_id), 1, 20)"


def findings_sql(prepared: Prepared, as_of: str) -> str:
    """SQL for the findings of one rule, in the order of the subject ids."""
    rule = prepared.rule
    return (
        f"SELECT {finding_id_sql(rule.id, rule.subject.name)} AS finding_id, {quote(rule.id)} AS rule_id, "
        f"{quote(rule.severity)} AS severity, {quote(rule.subject.name)} AS subject_type, subject_id, household_id, "
        f"person_id, area_code, DATE {quote(as_of)} AS as_of, {evidence_sql(rule, prepared.parameters)} AS evidence, "
        f"{message_sql(rule, 'zh', prepared.parameters)} AS message, "
        f"{message_sql(rule, 'en', prepared.parameters)} AS message_en, source_no, source_row "
        f"FROM (FROM {facts_table(rule.subject.name)} WHERE {prepared.flagged} ORDER BY subject_id)"
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
    return (
        f"SELECT subject_id, household_id, area_code, source_no, source_row{listed} "
        f"FROM {facts_table(prepared.rule.subject.name)} WHERE {outcome_sql(prepared)} IN (3, 4) ORDER BY subject_id"
    )
