"""One audit from a registry to a published folder, as one function that reads like the journey of a record."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from audit.accepted import Accepted, Asked, Progress, ask, opened_registry, take_in
from audit.contract.feeds import Registry
from audit.database import Settings
from audit.engine.area_notes import area_notes
from audit.engine.policy_notes import policy_notes
from audit.engine.run import drop_facts, evaluate
from audit.errors import AuditError
from audit.findings.behind import TABLES_BEHIND, write_behind
from audit.findings.prove import prove
from audit.findings.record import (
    inputs_record,
    parameters_record,
    rules_record,
)
from audit.findings.summary import RunSummary, rule_counts, summarise
from audit.findings.write import write_cooccurrence, write_faults, write_findings, write_households, write_rates
from audit.gate import Gate, Verdict, find_gate, find_lost_places, hold, load_gate
from audit.history.absent import judge_absent
from audit.history.known import load_aliases, load_known
from audit.history.write import write_history
from audit.measured import SAMPLES, read_measured
from audit.memory import memory_bytes, peak_bytes
from audit.model.extent import Extent
from audit.model.registry_place import registry_place, shown_place
from audit.report import build_pages, rule_figures
from audit.report.areas.queries import TABLES_READ
from audit.report.gate_page import write_gate_page
from audit.report.ground import Night
from audit.rulebook import Rulebook, load_rulebook
from audit.runs.line import mend_line, prune, read_line
from audit.runs.lock import locked
from audit.runs.publish import publish, written_aside
from audit.runs.record import Run, read_record, write_record
from audit.scratch import scratch_parent
from audit.tonight import Request, find_tonight

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Steps of an audit in their order, as progress shows them.
STEPS = ("rules", "digests", "intake", "contract", "gate", "facts", "rates", "findings", "history", "pages", "publish")


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
        verdict: what the gate said, if it was asked now.
    """

    folder: Path
    run: Run
    computed: RunSummary | None = field(repr=False)
    compared: Run | None = None
    look_back_from: Run | None = None
    pruned: tuple[str, ...] = ()
    verdict: Verdict | None = field(default=None, repr=False)

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
    gate: Gate | Path | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda _step, _what: None,
    now: Callable[[], datetime] = datetime.now,
) -> AuditResult:
    """Audit a registry, compare with the run before, and publish what was found.

    The same data, rules and day as last time are recognised: nothing is done, and that run is given.

    Args:
        data: the registry: a folder, a workbook, a DuckDB file or ``postgresql://user@host/database``.
        as_of: the day of the audit.
        year: the audit year, by default the year of ``as_of``.
        rules: a folder of rules or a loaded rulebook, by default the rules that come with the audit.
        out: the folder in which the run's own folder appears.
        source_map: which file and header feeds what, by default ``source-map.yaml`` beside the data.
        aliases: what was renumbered or renamed, by default the ``aliases.csv`` beside the data and among the rules.
        previous: the run to compare with, or ``none`` to begin anew, by default the last published one.
        force: whether to audit also what has been audited already.
        keep: how many published runs are kept, by default all.
        gate: what is expected of the extract, or the file that says so, by default ``gate.yaml`` among the rules;
            ``OPEN_GATE`` for an audit without a gate.
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
    asked_for = Request(
        registry_place(str(data)),
        as_of,
        as_of.year if year is None else year,
        rules,
        source_map,
        settings,
    )
    out = Path(out)
    clock = _Clock(now, progress)
    clock("rules")
    rulebook = rules if isinstance(rules, Rulebook) else load_rulebook(rules)
    expected = gate if isinstance(gate, Gate) else load_gate(gate or find_gate(asked_for.own_rules))
    with (
        locked(out, now),
        written_aside(out) as folder,
        opened_registry(asked_for.data, source_map, settings, clock) as opened,
    ):
        con, registry = opened.con, opened.registry
        digests = registry.digests
        tonight = find_tonight(
            asked_for, mend_line(out), registry, digests, rulebook, expected, aliases, previous, force=force
        )
        if isinstance(tonight, Run):
            return AuditResult(tonight.folder, tonight, None)
        accepted = take_in(opened, clock)
        clock("gate")
        load_aliases(con, tonight.renamed)
        verdict = hold(accepted, folder, expected, [run.folder for run in tonight.good], as_of)
        tonight = tonight.judged(verdict)
        read_later = {*TABLES_READ, *TABLES_BEHIND}
        policy = ask(accepted, rulebook.rules, rulebook.parameters, as_of, asked_for.year, clock, keep=read_later)
        clock("rates")
        evaluation = evaluate(con, policy.plan)
        write_rates(con, evaluation, folder)
        clock("findings")
        set_apart = frozenset(rule.id for rule in rulebook.rules if rule.advisory and not settings.count_advisory)
        load_known(con, tonight.compared_folder, tonight.renamed)
        write_findings(con, evaluation, as_of, folder, set_apart)
        write_households(con, folder)
        write_cooccurrence(con, evaluation, folder)
        write_faults(con, folder)
        clock("history")
        find_lost_places(con, tonight.compared_folder)
        judge_absent(con, evaluation.evaluated)
        presence, absent = write_history(con, folder, tonight.compared_folder, tonight.name, as_of)
        write_behind(con, folder, rulebook.files, masked=not settings.show_personal)
        notes = [
            *verdict.notes,
            *_notes(accepted),
            *area_notes(con, settings.areas),
            *policy_notes(con, evaluation, policy.in_force, asked_for.year),
        ]
        summary = summarise(
            con,
            tonight.name,
            as_of,
            asked_for.year,
            accepted.intakes,
            registry.unread,
            notes,
            evaluation.statuses,
            {source.no: source.sha256(digests) for source in registry.sources},
            set_apart,
        )
        clock("pages")
        figures = rule_figures(con, evaluation, settings.lang) if settings.pages is not Extent.NONE else {}
        drop_facts(con)
        pages = (
            ()
            if settings.pages is Extent.NONE
            else build_pages(
                con,
                folder,
                summary,
                rulebook,
                figures,
                Night(tonight.before, verdict, presence, absent, read_measured(settings.samples or out / SAMPLES)),
                lang=settings.lang,
                show_personal=settings.show_personal,
                held=tonight.state == "held",
                extent=settings.pages,
                on_page=lambda done, pages: clock("pages", f"{done}/{pages}"),
            )
        )
        gate_page = write_gate_page(folder, verdict, settings.lang, run_id=tonight.name)
        record = {
            **tonight.record(),
            **_machine(clock, now(), settings),
            **_policy_record(asked_for, registry, digests, rulebook, policy),
            "inputs": inputs_record(registry, accepted.intakes, digests),
            "unread": list(registry.unread),
            "rules": rules_record(evaluation.statuses, rule_counts(con)),
            "gate": {
                "stops": [one.id for one in verdict.stops],
                "warnings": [one.id for one in verdict.warnings],
                "compared": list(verdict.compared),
            },
            "counts": {
                "households": summary.households,
                "persons": summary.persons,
                "flagged_households": summary.flagged_households,
                "advisory_findings": summary.advisory_findings,
                "cell_faults": summary.cell_faults,
            },
            "set_apart": sorted(summary.set_apart),
            "findings": dict(summary.findings),
            "presence": presence,
            "absent": absent,
            "notes": [note.message("zh") for note in summary.notes],
            "notes_en": [note.message("en") for note in summary.notes],
        }
        clock("publish")
        write_record(folder / "run.json", record)
        prove(con, folder, summary, [*pages, gate_page])
        latest = tonight.state == "published"
        publish(folder, out, tonight.name, latest=latest, reached=lambda point: clock("publish", point))
        published = read_record(out / tonight.name)
        gone = prune(read_line(out), keep)
        return AuditResult(published.folder, published, summary, tonight.before, tonight.look_back_from, gone, verdict)


def _machine(clock: _Clock, finished: datetime, settings: Settings) -> dict[str, object]:
    """What ran, and how long: the part of ``run.json`` that differs from one time to the next."""
    return {
        "engine": f"duckdb {duckdb.__version__}",
        "started": clock.started,
        "finished": finished,
        "seconds": clock.seconds(),
        "memory": {"setting": settings.memory, "bytes": memory_bytes(settings.memory), "peak": peak_bytes()},
        "scratch": str(scratch_parent(settings.scratch)),
        "versions": {"audit": metadata.version("household-audit"), "duckdb": duckdb.__version__},
    }


def _policy_record(
    asked: Request, registry: Registry, digests: Mapping[Path, str], rulebook: Rulebook, policy: Asked
) -> dict[str, object]:
    """What was asked, by which policy."""
    return {
        "asked": {
            "data": shown_place(asked.data),
            "source_map": str(asked.source_map) if asked.source_map else None,
            "source_map_sha256": digests[registry.source_map] if registry.source_map else None,
            "rules": str(asked.rules) if isinstance(asked.rules, Path) else None,
            "rules_sha256": rulebook.digest,
        },
        "parameters": parameters_record(policy.in_force),
    }


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
