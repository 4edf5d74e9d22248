"""One audit from a registry to a published folder, as one function that reads like the journey of a record."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from audit.contract.accept import accept
from audit.contract.feeds import Registry
from audit.contract.normalise import quote
from audit.engine.plan import make_plan
from audit.engine.policy_notes import policy_notes
from audit.engine.run import evaluate, make_facts
from audit.engine.statements import undecided_sql
from audit.engine.values_in_force import all_in_force
from audit.errors import AuditError, RunError
from audit.findings.publish import publish, written_aside
from audit.findings.record import digest_files, inputs_record, parameters_record, rules_record, run_id, write_record
from audit.findings.summary import RunSummary, rule_counts, summarise
from audit.findings.write import write_faults, write_findings, write_rates
from audit.intake import open_registry
from audit.language import Language
from audit.report import build_pages
from audit.rulebook import Rule, Rulebook, load_rulebook

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Steps of an audit in their order, as progress shows them.
STEPS = ("rules", "intake", "digests", "contract", "facts", "rates", "findings", "pages", "publish")

Progress = Callable[[str, str], None]


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
        """Give one of the Parquet files (findings, rates, quarantine, cell_faults, absent) as a DuckDB relation."""
        return duckdb.read_parquet(str(self.folder / f"{name}.parquet"))

    def arrow(self, name: str = "findings") -> pa.Table:
        """Give one of the Parquet files as an Arrow table."""
        return self.relation(name).to_arrow_table()

    def pandas(self, name: str = "findings") -> pd.DataFrame:
        """Give one of the Parquet files as a pandas frame."""
        frame: pd.DataFrame = self.relation(name).df()
        return frame


@dataclass(frozen=True)
class Settings:
    """How an audit is run, beside what is audited.

    Attributes:
        lang: language of the pages.
        show_personal: whether pages show personal data unmasked.
        memory: the most memory that DuckDB may take; what does not fit goes to the scratch folder.
        threads: how many threads; None for all.
        scratch: folder for what does not fit into memory; None for the system's.
    """

    lang: Language = "zh"
    show_personal: bool = False
    memory: str = "2500MB"
    threads: int | None = None
    scratch: Path | None = None


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
        data: the registry: a folder, a workbook or a DuckDB file.
        as_of: the day of the audit.
        year: the audit year, by default the year of ``as_of``.
        rules: a folder of rules or a loaded rulebook, by default the rules that come with the audit.
        out: the folder in which the run's own folder appears.
        source_map: which file and header feeds what, by default ``source-map.yaml`` beside the data.
        settings: language, masking, memory.
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
    clock.step("rules")
    rulebook = rules if isinstance(rules, Rulebook) else load_rulebook(rules)
    with written_aside(out) as folder, _database(settings) as con:
        clock.step("intake")
        registry = open_registry(con, Path(data), source_map, lambda what: progress("intake", what))
        clock.step("digests")
        paths = [source.path for source in registry.sources] + ([registry.source_map] if registry.source_map else [])
        digests = digest_files(list(dict.fromkeys(paths)))
        name = run_id(as_of, audit_year, registry, digests, rulebook)
        _name_sources(con, registry)
        clock.step("contract")
        intakes = accept(con, registry, lambda table: progress("contract", table))
        clock.step("facts")
        make_facts(con, as_of, audit_year, lambda subject: progress("facts", subject))
        in_force = all_in_force(rulebook.parameters, audit_year)
        plan = make_plan(rulebook.rules, in_force, _present(registry), as_of, audit_year)
        clock.step("rates")
        evaluation = evaluate(con, plan)
        write_rates(con, evaluation, folder)
        clock.step("findings")
        write_findings(con, evaluation, as_of, folder)
        write_faults(con, folder)
        notes = [*_notes(registry), *policy_notes(con, evaluation, in_force, audit_year)]
        summary = summarise(con, name, as_of, audit_year, intakes, registry.unread, notes, evaluation.statuses)
        clock.step("pages")
        build_pages(
            con,
            folder,
            summary,
            dict(rulebook.parameters),
            lang=settings.lang,
            show_personal=settings.show_personal,
            on_page=lambda done, pages: progress("pages", f"{done}/{pages}"),
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
            "inputs": inputs_record(registry, intakes, digests),
            "unread": list(registry.unread),
            "parameters": parameters_record(in_force),
            "rules": rules_record(evaluation.statuses, rule_counts(con)),
            "notes": [note.message("zh") for note in summary.notes],
        }
        clock.step("publish")
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
    data: Path,
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
    with _database(Settings()) as con:
        registry = open_registry(con, data, source_map)
        _name_sources(con, registry)
        accept(con, registry)
        make_facts(con, as_of, audit_year)
        in_force = all_in_force(rulebook.parameters, audit_year)
        plan = make_plan([rule], in_force, _present(registry), as_of, audit_year)
        if plan.left_out:
            raise plan.left_out[0].reason
        found = con.execute(
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

    def step(self, name: str) -> None:
        self._marks.append((name, time.perf_counter()))
        self._progress(name, "")

    def seconds(self) -> dict[str, float]:
        ends = [mark for _, mark in self._marks[1:]] + [time.perf_counter()]
        return {name: round(end - start, 3) for (name, start), end in zip(self._marks, ends, strict=True)}


@contextmanager
def _database(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB database in memory that may grow beyond it, into a scratch folder of its own."""
    with tempfile.TemporaryDirectory(prefix="audit-", dir=settings.scratch) as scratch:
        con = duckdb.connect(":memory:")
        try:
            con.execute(f"SET temp_directory = {quote(scratch)}")
            con.execute("SET preserve_insertion_order = true")
            _limit_memory(con, settings.memory)
            if settings.threads:
                con.execute(f"SET threads = {settings.threads}")
            yield con
        finally:
            con.close()


def _limit_memory(con: duckdb.DuckDBPyConnection, memory: str) -> None:
    try:
        con.execute(f"SET memory_limit = {quote(memory)}")
    except duckdb.Error as error:
        raise RunError("pipeline.memory", value=memory) from error


def _name_sources(con: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    con.execute("CREATE TABLE source_files (no INTEGER, file VARCHAR, sheet VARCHAR)")
    for source in registry.sources:
        con.execute("INSERT INTO source_files VALUES (?, ?, ?)", [source.no, source.file, source.sheet])


def _present(registry: Registry) -> set[str]:
    return {f"{feed.table}.{column}" for feed in registry.feeds for column in feed.columns}


def _notes(registry: Registry) -> list[AuditError]:
    """What was taken for granted because the registry does not say it."""
    present = _present(registry)
    notes = []
    if "households.deregistered_on" not in present:
        notes.append(AuditError("pipeline.all_registered"))
    if "persons.left_on" not in present and any(feed.table == "persons" for feed in registry.feeds):
        notes.append(AuditError("pipeline.all_present"))
    return notes
