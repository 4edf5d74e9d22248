"""One audit from a registry to a published folder, as one function that reads like the journey of a record."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from audit.accepted import Accepted, Progress, accepted_registry, ask
from audit.database import Settings
from audit.engine.policy_notes import policy_notes
from audit.engine.run import evaluate
from audit.engine.statements import undecided_sql
from audit.errors import AuditError
from audit.findings.publish import publish, written_aside
from audit.findings.record import digest_files, inputs_record, parameters_record, rules_record, run_id, write_record
from audit.findings.summary import RunSummary, rule_counts, summarise
from audit.findings.write import write_cooccurrence, write_faults, write_findings, write_rates
from audit.model.registry_place import shown_place
from audit.report import build_pages
from audit.rulebook import Rule, Rulebook, load_rulebook

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Steps of an audit in their order, as progress shows them.
STEPS = ("rules", "intake", "contract", "digests", "facts", "rates", "findings", "pages", "publish")


@dataclass(frozen=True)
class AuditResult:
    """A published run.

    Attributes:
        folder: where it was published.
        summary: its numbers.
    """

    folder: Path
    summary: RunSummary

    @property
    def broken(self) -> bool:
        """Whether a rule failed while it was run."""
        return any(line.status.status == "broken" for line in self.summary.rules)

    def relation(self, name: str = "findings") -> duckdb.DuckDBPyRelation:
        """Give one of the Parquet files (findings, rates, cooccurrence, quarantine, ...) as a DuckDB relation."""
        return duckdb.read_parquet(str(self.folder / f"{name}.parquet"))

    def arrow(self, name: str = "findings") -> pa.Table:
        """Give one of the Parquet files as an Arrow table."""
        return self.relation(name).to_arrow_table()

    def pandas(self, name: str = "findings") -> pd.DataFrame:
        """Give one of the Parquet files as a pandas frame."""
        frame: pd.DataFrame = self.relation(name).df()
        return frame


def run_audit(
    data: Path | str,
    *,
    as_of: date,
    year: int | None = None,
    rules: Path | Rulebook | None = None,
    out: Path | str = "reports",
    source_map: Path | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda _step, _what: None,
    now: Callable[[], datetime] = datetime.now,
) -> AuditResult:
    """Audit a registry and publish what was found.

    Args:
        data: the registry: a folder, a workbook, a DuckDB file or ``postgresql://user@host/database``.
        as_of: the day of the audit.
        year: the audit year, by default the year of ``as_of``.
        rules: a folder of rules or a loaded rulebook, by default the rules that come with the audit.
        out: the folder in which the run's own folder appears.
        source_map: which file and header feeds what, by default ``source-map.yaml`` beside the data.
        settings: language, masking, memory, whether advisory findings count.
        progress: called with the step and what it works on.
        now: the clock; only ``run.json`` shows it.

    Raises:
        InputError: a file can't be used.
        SourceMapError: the source map has mistakes.
        RulebookError: the rules have mistakes.
        RunError: the output folder can't be written.
    """
    settings = settings or Settings()
    out = Path(out)
    audit_year = as_of.year if year is None else year
    clock = _Clock(now, progress)
    clock("rules")
    rulebook = rules if isinstance(rules, Rulebook) else load_rulebook(rules)
    with written_aside(out) as folder, accepted_registry(data, source_map, settings, clock) as accepted:
        con, registry, intakes = accepted.con, accepted.registry, accepted.intakes
        clock("digests")
        digests = digest_files(registry.files)
        name = run_id(as_of, audit_year, registry, digests, rulebook)
        asked = ask(accepted, rulebook.rules, rulebook.parameters, as_of, audit_year, clock)
        clock("rates")
        evaluation = evaluate(con, asked.plan)
        write_rates(con, evaluation, folder)
        clock("findings")
        set_apart = frozenset(rule.id for rule in rulebook.rules if rule.advisory and not settings.count_advisory)
        write_findings(con, evaluation, as_of, folder, set_apart)
        write_cooccurrence(con, evaluation, folder)
        write_faults(con, folder)
        notes = [*_notes(accepted), *policy_notes(con, evaluation, asked.in_force, audit_year)]
        summary = summarise(
            con, name, as_of, audit_year, intakes, registry.unread, notes, evaluation.statuses, set_apart
        )
        clock("pages")
        build_pages(
            con,
            folder,
            summary,
            dict(rulebook.parameters),
            lang=settings.lang,
            show_personal=settings.show_personal,
            on_page=lambda done, pages: clock("pages", f"{done}/{pages}"),
        )
        record = {
            "run_id": name,
            "as_of": as_of,
            "year": audit_year,
            "engine": f"duckdb {duckdb.__version__}",
            "started": clock.started,
            "finished": now(),
            "seconds": clock.seconds(),
            "versions": {"audit": metadata.version("household-audit"), "duckdb": duckdb.__version__},
            "asked": {
                "data": shown_place(data),
                "source_map": str(source_map) if source_map else None,
                "source_map_sha256": digests[registry.source_map] if registry.source_map else None,
                "rules": str(rules) if isinstance(rules, Path) else None,
                "rules_sha256": rulebook.digest,
            },
            "inputs": inputs_record(registry, intakes, digests),
            "unread": list(registry.unread),
            "parameters": parameters_record(asked.in_force),
            "count_advisory": settings.count_advisory,
            "rules": rules_record(evaluation.statuses, rule_counts(con)),
            "notes": [note.message("zh") for note in summary.notes],
        }
        clock("publish")
        write_record(folder / "run.json", record)
        return AuditResult(publish(folder, out, name), summary)


@dataclass(frozen=True)
class Undecided:
    """Subjects about which a rule can't decide.

    Attributes:
        columns: subject, household, area, file, row, then the facts that the rule names.
        rows: the first of them, in the order of their ids.
        count: how many there are in all.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    count: int


def list_undecided(
    data: Path | str,
    rule: Rule,
    rulebook: Rulebook,
    *,
    as_of: date,
    year: int | None = None,
    source_map: Path | None = None,
    limit: int = 100,
) -> Undecided:
    """List the subjects about which one rule can't decide, with the facts that it names.

    Raises:
        AuditError: the rule can't be evaluated with the columns of this registry, or the data can't be read.
    """
    audit_year = as_of.year if year is None else year
    with accepted_registry(data, source_map, Settings()) as accepted:
        plan = ask(accepted, [rule], rulebook.parameters, as_of, audit_year).plan
        if plan.left_out:
            raise plan.left_out[0].reason
        found = accepted.con.execute(
            "SELECT u.* EXCLUDE (source_no, source_row), s.file AS source_file, u.source_row "
            f"FROM ({undecided_sql(plan.prepared[0])}) AS u LEFT JOIN source_files AS s ON s.no = u.source_no "
            "ORDER BY u.subject_id"
        )
        columns = tuple(str(column[0]) for column in found.description or ())
        rows = found.fetchall()
    return Undecided(columns, tuple(rows[:limit]), len(rows))


class _Clock:
    """Notes how long each step takes, and tells the progress."""

    def __init__(self, now: Callable[[], datetime], progress: Progress) -> None:
        self.started = now()
        self._progress = progress
        self._marks: list[tuple[str, float]] = []

    def __call__(self, step: str, what: str = "") -> None:
        if not self._marks or self._marks[-1][0] != step:
            self._marks.append((step, time.perf_counter()))
        self._progress(step, what)

    def seconds(self) -> dict[str, float]:
        ends = [mark for _, mark in self._marks[1:]] + [time.perf_counter()]
        return {name: round(end - start, 3) for (name, start), end in zip(self._marks, ends, strict=True)}


def _notes(accepted: Accepted) -> list[AuditError]:
    """What was taken for granted because the registry does not say it."""
    present = accepted.present
    notes = []
    if "households.deregistered_on" not in present:
        notes.append(AuditError("pipeline.all_registered"))
    if "persons.left_on" not in present and any(feed.table == "persons" for feed in accepted.registry.feeds):
        notes.append(AuditError("pipeline.all_present"))
    return notes
