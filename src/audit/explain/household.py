"""Explains one household: takes the registry in as an audit does, and asks every rule about this household alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from audit.accepted import Asked, Progress, accepted_registry, ask
from audit.database import Settings
from audit.engine.statements import facts_table
from audit.errors import AuditError, RunError
from audit.explain.answers import Background, ask_rule
from audit.explain.concerned import concerns_households, keep_concerned
from audit.explain.explanation import Explanation, LeftOut, RuleExplanation
from audit.explain.published import PublishedRun, changes, read_run
from audit.explain.sources import RowReader
from audit.explain.standing import find_household, masked_names
from audit.rulebook import Rule, Rulebook, find_rule, load_rulebook
from audit.subjects import Subject

#: Steps of an explanation in their order, as progress shows them.
STEPS = ("rules", "digests", "intake", "contract", "facts", "rates")


@dataclass(frozen=True)
class _Question:
    """What is asked: of which registry, by which rules, about whom, and which run it explains, if any."""

    data: Path
    source_map: Path | None
    rulebook: Rulebook
    rule_id: str | None
    household: str
    as_of: date
    year: int
    run: PublishedRun | None = None


def explain_household(
    data: Path | str,
    household_id: str,
    *,
    as_of: date,
    year: int | None = None,
    rules: Path | Rulebook | None = None,
    source_map: Path | None = None,
    rule_id: str | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda _step, _what: None,
) -> Explanation:
    """Say what every rule says about one household, and why.

    Args:
        data: the registry: a folder, a workbook or a DuckDB file.
        household_id: the household.
        as_of: the day of the audit.
        year: the audit year, by default the year of ``as_of``.
        rules: a folder of rules or a loaded rulebook, by default the rules that come with the audit.
        source_map: which file and header feeds what, by default ``source-map.yaml`` beside the data.
        rule_id: one rule; by default all.
        settings: language, masking, memory.
        progress: called with the step and what it works on.

    Raises:
        AuditError: there is no such household or rule; the message names the nearest.
        InputError: a file can't be used.
        SourceMapError: the source map has mistakes.
        RulebookError: the rules have mistakes.
    """
    progress("rules", "")
    rulebook = rules if isinstance(rules, Rulebook) else load_rulebook(rules)
    asked_year = as_of.year if year is None else year
    question = _Question(Path(data), source_map, rulebook, rule_id, household_id, as_of, asked_year)
    return _explain(question, settings or Settings(), progress)


def explain_run(
    folder: Path | str,
    household_id: str,
    *,
    as_of: date | None = None,
    year: int | None = None,
    rules: Path | None = None,
    source_map: Path | None = None,
    rule_id: str | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda _step, _what: None,
) -> Explanation:
    """Say what every rule says about one household, asked as a published run was asked.

    The explanation says what has changed since the run was made.

    Args:
        folder: the run's folder, such as ``reports/latest``.
        household_id: the household.
        as_of: the day of the audit, by default that of the run.
        year: the audit year, by default that of the run, or of ``as_of`` if that is given.
        rules: a folder of rules, by default that of the run.
        source_map: which file and header feeds what, by default as in the run.
        rule_id: one rule; by default all.
        settings: language, masking, memory.
        progress: called with the step and what it works on.

    Raises:
        RunError: there is no run, or it does not say how it was asked, or its registry is not there.
        AuditError: as ``explain_household``.
    """
    run = read_run(Path(folder))
    if not run.data.exists():
        raise RunError("explain.data_gone", run_id=run.run_id, data=run.data)
    progress("rules", "")
    rulebook = load_rulebook(rules or run.rules)
    if year is None:
        year = as_of.year if as_of else run.year
    question = _Question(
        run.data, source_map or run.source_map, rulebook, rule_id, household_id, as_of or run.as_of, year, run
    )
    return _explain(question, settings or Settings(), progress)


def _explain(question: _Question, settings: Settings, progress: Progress) -> Explanation:
    rulebook, household, run = question.rulebook, question.household, question.run
    rules = (find_rule(rulebook, question.rule_id),) if question.rule_id else rulebook.rules
    with accepted_registry(question.data, question.source_map, settings, progress) as accepted:
        changed = changes(run, accepted.registry, rulebook) if run else ()
        sources = {no: (file, sheet) for no, file, sheet in accepted.con.execute("FROM source_files").fetchall()}
        rows = RowReader(accepted, sources, household, settings.lang, settings.show_personal).read()
        found = find_household(accepted.con, household, question.as_of, rows, show_personal=settings.show_personal)
        asked = ask(accepted, rules, rulebook.parameters, question.as_of, question.year, progress, whole=True)
        progress("rates", "")
        # DuckDB computes what stands in two columns once, ahead of both, and so outside of their TRY.
        accepted.con.execute("SET disabled_optimizers = 'common_subexpressions'")
        persons = masked_names(accepted.con, household, show_personal=settings.show_personal)
        background = Background(asked.in_force, accepted.present, sources, persons, settings.lang)
        concerned = [rule for rule in rules if concerns_households(rule.subject)]
        for subject in _subjects(concerned):
            keep_concerned(accepted.con, subject, household, found.area_code)
        return Explanation(
            lang=settings.lang,
            household=found,
            as_of=question.as_of,
            year=question.year,
            run_id=run.run_id if run else "",
            changes=changed,
            rules=tuple(_rule(accepted.con, rule, asked, background) for rule in concerned),
            left_out=_left_out(accepted.con, [rule for rule in rules if not concerns_households(rule.subject)]),
            rows=rows.accepted,
            quarantined=rows.quarantined,
            cell_faults=rows.cell_faults,
        )


def _rule(con: duckdb.DuckDBPyConnection, rule: Rule, asked: Asked, background: Background) -> RuleExplanation:
    """One rule with its answers, or with the reason why it has none."""
    for left_out in asked.plan.left_out:
        if left_out.rule.id == rule.id:
            return RuleExplanation(rule, "not_evaluated", left_out.reason, ())
    (prepared,) = [one for one in asked.plan.prepared if one.rule.id == rule.id]
    try:
        return RuleExplanation(rule, "evaluated", None, ask_rule(con, prepared, background))
    except AuditError as problem:
        return RuleExplanation(rule, "broken", problem, ())


def _subjects(rules: Sequence[Rule]) -> tuple[Subject, ...]:
    """The subjects of some rules, each once."""
    return tuple({rule.subject.name: rule.subject for rule in rules}.values())


def _left_out(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> tuple[LeftOut, ...]:
    """The subjects that belong to no household, with how many there are."""
    left_out = []
    for subject in _subjects(rules):
        count = con.execute(f"SELECT count(*) FROM {facts_table(subject.name)}").fetchall()[0][0]
        own = tuple(rule.id for rule in rules if rule.subject.name == subject.name)
        left_out.append(LeftOut(subject, int(count), own))
    return tuple(left_out)
