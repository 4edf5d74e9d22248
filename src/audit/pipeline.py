"""One audit from a registry to a published folder, as one function that reads like the journey of a record."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from audit.accepted import Accepted, Progress, accepted_registry, ask, opened_registry, take_in
from audit.database import Settings
from audit.engine.policy_notes import policy_notes
from audit.engine.run import drop_facts, evaluate
from audit.engine.statements import undecided_sql
from audit.errors import AuditError
from audit.findings.prove import prove
from audit.findings.record import (
    inputs_record,
    parameters_record,
    request_digest,
    rules_record,
    run_id,
)
from audit.findings.summary import RunSummary, rule_counts, summarise
from audit.findings.write import write_cooccurrence, write_faults, write_findings, write_rates
from audit.history.absent import judge_absent
from audit.history.aliases import alias_files, read_aliases
from audit.history.known import load_known
from audit.history.write import write_history
from audit.memory import memory_bytes, peak_bytes
from audit.report import build_pages
from audit.rulebook import Rule, Rulebook, load_rulebook
from audit.rulebook.load import default_rules
from audit.runs.line import compared_with, mend_line, prune, read_line
from audit.runs.lock import locked
from audit.runs.publish import publish, written_aside
from audit.runs.record import Run, State, read_record, write_record
from audit.scratch import scratch_parent

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Steps of an audit in their order, as progress shows them.
STEPS = ("rules", "digests", "intake", "contract", "facts", "rates", "findings", "history", "pages", "publish")


@dataclass(frozen=True)
class AuditResult:
    """A run in its folder.

    Attributes:
        folder: where it is.
        run: what its folder says about it.
        computed: its numbers, if it was computed now; None if the same had been asked before and nothing was done.
        compared: the run with which its findings were compared, if there was one.
        look_back_from: the latest run, if this one's day is before its day.
        pruned: names of the old runs that the policy let go.
    """

    folder: Path
    run: Run
    computed: RunSummary | None = field(repr=False)
    compared: Run | None = None
    look_back_from: Run | None = None
    pruned: tuple[str, ...] = ()

    @property
    def summary(self) -> RunSummary:
        """The run's numbers.

        Raises:
            ValueError: it was not computed now.
        """
        if self.computed is None:
            raise ValueError(f"{self.run.run_id} was there already")
        return self.computed

    @property
    def broken(self) -> bool:
        """Whether a rule failed while it was run."""
        return bool(self.run.broken)

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
    aliases: Path | None = None,
    previous: str | None = None,
    force: bool = False,
    keep: int | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda _step, _what: None,
    now: Callable[[], datetime] = datetime.now,
) -> AuditResult:
    """Audit a registry, compare with the run before, and publish what was found.

    The same data, rules and day as last time are recognised: nothing is done, and that run is given.

    Args:
        data: the registry: a folder, a workbook or a DuckDB file.
        as_of: the day of the audit.
        year: the audit year, by default the year of ``as_of``.
        rules: a folder of rules or a loaded rulebook, by default the rules that come with the audit.
        out: the folder in which the run's own folder appears.
        source_map: which file and header feeds what, by default ``source-map.yaml`` beside the data.
        aliases: what was renumbered or renamed, by default the ``aliases.csv`` beside the data and among the rules.
        previous: the run to compare with, or ``none`` to begin anew, by default the last published one.
        force: whether to audit also what has been audited already.
        keep: how many published runs are kept, by default all.
        settings: language, masking, memory, whether advisory findings count.
        progress: called with the step and what it works on.
        now: the clock; only ``run.json`` shows it.

    Raises:
        InputError: a file can't be used.
        SourceMapError: the source map has mistakes.
        RulebookError: the rules or the aliases have mistakes.
        RunError: the output folder can't be written, another audit writes into it, or the run to compare with is not
            there or can't be read.
    """
    settings = settings or Settings()
    data, out = Path(data), Path(out)
    audit_year = as_of.year if year is None else year
    clock = _Clock(now, progress)
    clock("rules")
    rulebook = rules if isinstance(rules, Rulebook) else load_rulebook(rules)
    with (
        locked(out, now),
        written_aside(out) as folder,
        opened_registry(data, source_map, settings, clock) as (con, registry),
    ):
        line = mend_line(out)
        before = compared_with(line, as_of, previous)
        own_rules = default_rules() if rules is None else rules if isinstance(rules, Path) else None
        renamed = read_aliases(alias_files(data, own_rules, aliases), as_of, before.as_of if before else None)
        digests = registry.digests
        request = request_digest(as_of, audit_year, registry, digests, rulebook, renamed.digest)
        shown = {
            "lang": settings.lang,
            "show_personal": settings.show_personal,
            "count_advisory": settings.count_advisory,
        }
        after = line.latest
        if not force and previous is None:
            known = line.asked(request, run_id(as_of, request, before.run_id if before else ""))
            if known and known.shown == shown:
                return AuditResult(known.folder, known, None)
            if known and known is line.latest:  # the same run, to be shown otherwise
                before, after = line.runs.get(known.previous or ""), line.runs.get(known.after or "")
        name = run_id(as_of, request, before.run_id if before else "")
        accepted = take_in(con, registry, clock)
        asked = ask(accepted, rulebook.rules, rulebook.parameters, as_of, audit_year, clock, last=True)
        clock("rates")
        evaluation = evaluate(con, asked.plan)
        write_rates(con, evaluation, folder)
        clock("findings")
        set_apart = frozenset(rule.id for rule in rulebook.rules if rule.advisory and not settings.count_advisory)
        load_known(con, before.folder if before else None, renamed)
        write_findings(con, evaluation, as_of, folder, set_apart)
        write_cooccurrence(con, evaluation, folder)
        write_faults(con, folder)
        clock("history")
        judge_absent(con, evaluation.evaluated)
        presence, absent = write_history(con, folder, before.folder if before else None, name, as_of)
        notes = [*_notes(accepted), *policy_notes(con, evaluation, asked.in_force, audit_year)]
        summary = summarise(
            con, name, as_of, audit_year, accepted.intakes, registry.unread, notes, evaluation.statuses, set_apart
        )
        drop_facts(con)
        clock("pages")
        pages = build_pages(
            con,
            folder,
            summary,
            dict(rulebook.parameters),
            lang=settings.lang,
            show_personal=settings.show_personal,
            on_page=lambda done, pages: clock("pages", f"{done}/{pages}"),
        )
        looks_back = previous is None and line.latest is not None and as_of < line.latest.as_of
        state: State = "look_back" if looks_back else "published"
        record = {
            "run_id": name,
            "as_of": as_of,
            "year": audit_year,
            "state": state,
            "previous": before.run_id if before else None,
            "after": after.run_id if after else None,
            "request": request,
            "shown": shown,
            "engine": f"duckdb {duckdb.__version__}",
            "started": clock.started,
            "finished": now(),
            "seconds": clock.seconds(),
            "memory": {"setting": settings.memory, "bytes": memory_bytes(settings.memory), "peak": peak_bytes()},
            "scratch": str(scratch_parent(settings.scratch)),
            "versions": {"audit": metadata.version("household-audit"), "duckdb": duckdb.__version__},
            "asked": {
                "data": str(data),
                "source_map": str(source_map) if source_map else None,
                "source_map_sha256": digests[registry.source_map] if registry.source_map else None,
                "rules": str(rules) if isinstance(rules, Path) else None,
                "rules_sha256": rulebook.digest,
            },
            "inputs": inputs_record(registry, accepted.intakes, digests),
            "unread": list(registry.unread),
            "parameters": parameters_record(asked.in_force),
            "rules": rules_record(evaluation.statuses, rule_counts(con)),
            "findings": dict(summary.findings),
            "presence": presence,
            "absent": absent,
            "notes": [note.message("zh") for note in summary.notes],
        }
        clock("publish")
        write_record(folder / "run.json", record)
        prove(con, folder, summary, pages)
        published = read_record(publish(folder, out, name, latest=state == "published"))
        return AuditResult(
            published.folder,
            published,
            summary,
            before,
            line.latest if looks_back else None,
            prune(read_line(out), keep),
        )


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
