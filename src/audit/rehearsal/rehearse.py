"""One rehearsal: two policies asked about one registry, their findings compared, the comparison published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from audit.accepted import Accepted, Asked, Progress, accepted_registry, ask
from audit.contract.normalise import quote
from audit.database import Settings
from audit.engine.run import Evaluation, RuleStatus, evaluate
from audit.errors import RunError
from audit.findings.record import inputs_record
from audit.findings.write import write_findings, write_households, write_rates
from audit.history.aliases import Aliases
from audit.history.known import load_known
from audit.rehearsal.compare import CHANGES_TABLE, WORKLOAD_TABLE, changes_sql, counted_sql, visits_sql, workload_sql
from audit.rehearsal.differences import all_rules, parameter_differences, rule_differences
from audit.rehearsal.page import build_page
from audit.rehearsal.record import record_of, rehearsal_id
from audit.rehearsal.summary import (
    RehearsalSummary,
    disagreed_households,
    rule_lines,
    rule_sides,
    township_lines,
)
from audit.rulebook import Rulebook, load_rulebook
from audit.rulebook.override import with_values
from audit.runs.parquet import write_parquet
from audit.runs.publish import publish, written_aside
from audit.runs.record import write_record
from audit.scratch import scratch_folder

#: Steps of a rehearsal in their order, as progress shows them; facts, rates and findings come once per policy.
STEPS = ("rules", "digests", "intake", "contract", "facts", "rates", "findings", "pages", "publish")
#: So many households are drawn unless told otherwise.
VISITS = 30


@dataclass(frozen=True)
class Rehearsal:
    """A published rehearsal.

    Attributes:
        folder: where it was published.
        summary: its numbers.
    """

    folder: Path
    summary: RehearsalSummary

    def relation(self, name: str = "changes") -> duckdb.DuckDBPyRelation:
        """Give one of the Parquet files (changes, workload, visits) as a DuckDB relation."""
        return duckdb.read_parquet(str(self.folder / f"{name}.parquet"))


@dataclass(frozen=True)
class _Side:
    """One policy, asked: what was in force, and what became of its rules."""

    rulebook: Rulebook
    asked: Asked
    evaluation: Evaluation

    @property
    def statuses(self) -> Mapping[str, RuleStatus]:
        return {one.rule.id: one for one in self.evaluation.statuses}

    def asked_sql(self, rule_id: str) -> str:
        """SQL that is true of an area code where the rule was asked, or where the policy has no such rule."""
        status = self.statuses.get(rule_id)
        if status is None:
            return "true"
        if status.status != "evaluated":
            return "false"
        in_force = self.asked.in_force
        available = (in_force[name].available for name in status.rule.parameters if name in in_force)
        return " AND ".join(part for part in available if part != "true") or "true"


def rehearse(
    data: Path | str,
    *,
    as_of: date,
    year: int | None = None,
    old: Path | Rulebook | None = None,
    new: Path | Rulebook | None = None,
    values: Sequence[str] = (),
    out: Path | str = "reports",
    source_map: Path | None = None,
    seed: str | None = None,
    visits: int = VISITS,
    settings: Settings | None = None,
    progress: Progress = lambda _step, _what: None,
) -> Rehearsal:
    """Ask an old and a new policy about the same registry and publish what would change.

    Args:
        data: the registry: a folder, a workbook or a DuckDB file.
        as_of: the day of the audit.
        year: the audit year, by default the year of ``as_of``.
        old: the old policy, a folder of rules or a loaded rulebook, by default the rules that come with the audit.
        new: the new policy, by default the old one.
        values: values that parameters of the new policy have instead of their dated ones: ``low_income_line=4500``.
        out: the folder in which the rehearsal's own folder appears.
        source_map: which file and header feeds what, by default ``source-map.yaml`` beside the data.
        seed: from which households to visit are drawn; None for no draw.
        visits: how many households are drawn.
        settings: language, masking, memory.
        progress: called with the step and what it works on.

    Raises:
        InputError: a file can't be used.
        SourceMapError: the source map has mistakes.
        RulebookError: the rules or the values have mistakes.
        RunError: none of a policy's rules can be evaluated, or the output folder can't be written.
    """
    settings = settings or Settings()
    out = Path(out)
    audit_year = as_of.year if year is None else year
    progress("rules", "")
    old_rules = old if isinstance(old, Rulebook) else load_rulebook(old)
    new_rules = with_values(_new_rules(old_rules, new), values)
    with (
        written_aside(out) as folder,
        scratch_folder(settings.scratch) as scratch,
        accepted_registry(data, source_map, settings, progress) as accepted,
    ):
        con, registry = accepted.con, accepted.registry
        digests = registry.digests
        name = rehearsal_id(as_of, audit_year, registry, digests, (old_rules, new_rules), seed, visits)
        load_known(con, None, Aliases())  # a rehearsal is no night of its own: all its findings are new
        before = _ask(accepted, "old", old_rules, as_of, audit_year, scratch, progress)
        after = _ask(accepted, "new", new_rules, as_of, audit_year, scratch, progress)
        _compare(con, before, after)
        write_parquet(con, "FROM changes", folder / "changes.parquet")
        write_parquet(con, "FROM workload", folder / "workload.parquet")
        write_households(con, folder)
        if seed is not None:
            con.execute(f"CREATE TABLE drawn AS {visits_sql(seed, visits)}")
            write_parquet(con, "FROM drawn", folder / "visits.parquet")
        summary = _summarise(con, name, as_of, audit_year, before, after, seed)
        progress("pages", "")
        build_page(con, folder, summary, lang=settings.lang, show_personal=settings.show_personal)
        progress("publish", "")
        inputs = inputs_record(registry, accepted.intakes, digests)
        write_record(
            folder / "rehearsal.json",
            record_of(summary, old_rules.digest, new_rules.digest, values, inputs, registry.unread, visits),
        )
        return Rehearsal(publish(folder, out, name, latest=False), summary)


def _new_rules(old: Rulebook, new: Path | Rulebook | None) -> Rulebook:
    if new is None:
        return old
    return new if isinstance(new, Rulebook) else load_rulebook(new)


def _ask(
    accepted: Accepted, name: str, rulebook: Rulebook, as_of: date, year: int, scratch: Path, progress: Progress
) -> _Side:
    """Ask one policy; afterwards ``old_findings`` and ``old_rates``, or ``new_...``, are there to be compared."""
    con, folder = accepted.con, scratch / name
    folder.mkdir()
    asked = ask(accepted, rulebook.rules, rulebook.parameters, as_of, year, progress)
    progress("rates", "")
    evaluation = evaluate(con, asked.plan)
    if not evaluation.evaluated:
        reason = next((one.reason for one in evaluation.statuses if one.reason), "")
        raise RunError(f"rehearsal.nothing_{name}", count=len(rulebook.rules), reason=reason)
    write_rates(con, evaluation, folder)
    con.execute(f"CREATE TABLE {name}_rates AS FROM rates")
    progress("findings", "")
    write_findings(con, evaluation, as_of, folder)
    con.execute(f"CREATE VIEW {name}_findings AS FROM read_parquet({quote(str(folder / 'findings.parquet'))})")
    return _Side(rulebook, asked, evaluation)


def _compare(con: duckdb.DuckDBPyConnection, old: _Side, new: _Side) -> None:
    """Compare rule by rule, so that no more than one rule's findings are held against each other at a time."""
    con.execute(f"CREATE TABLE changes ({CHANGES_TABLE})")
    con.execute(f"CREATE TABLE counted ({WORKLOAD_TABLE})")
    listed = {one.rule.id for side in (old, new) for one in side.evaluation.statuses if not one.rule.indicator}
    for rule_id in sorted(listed):
        con.execute(f"INSERT INTO changes {changes_sql(rule_id, old.asked_sql(rule_id), new.asked_sql(rule_id))}")
        con.execute(f"INSERT INTO counted {counted_sql(rule_id)}")
    con.execute(f"INSERT INTO counted {counted_sql(None)}")
    con.execute(f"CREATE TABLE workload AS {workload_sql(sorted(listed))}")


def _summarise(
    con: duckdb.DuckDBPyConnection, name: str, as_of: date, year: int, old: _Side, new: _Side, seed: str | None
) -> RehearsalSummary:
    rules = all_rules(old.rulebook, new.rulebook)
    total, townships = township_lines(con)
    sides = rule_sides(con, "old", old.statuses), rule_sides(con, "new", new.statuses)
    return RehearsalSummary(
        run_id=name,
        as_of=as_of,
        year=year,
        rules=rule_lines(con, rules, *sides),
        townships=townships,
        total=total,
        parameters=parameter_differences(old.asked.in_force, new.asked.in_force),
        texts=rule_differences(old.rulebook, new.rulebook),
        seed=seed,
        disagreed=disagreed_households(con),
    )
