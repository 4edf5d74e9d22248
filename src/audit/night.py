"""One audit as a site has set it: run, written into the log, and told to those who want to know."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, datetime
from importlib import metadata
from pathlib import Path

from audit.accepted import Progress
from audit.configuration import RunSettings
from audit.database import OnWork, Settings
from audit.errors import AuditError, defect_place
from audit.findings.summary import RunSummary
from audit.gate import OPEN_GATE, Verdict, warning
from audit.language import Language, text
from audit.log import RunLog, places, run_log
from audit.model.extent import Extent
from audit.notify import Outcome, tell, wanted
from audit.pipeline import AuditResult, run_audit
from audit.runs.record import read_record


def run_night(
    settings: RunSettings,
    *,
    today: date,
    clock: Callable[[], datetime],
    warn: Callable[[AuditError], None],
    progress: Progress = lambda _step, _what: None,
    on_work: OnWork | None = None,
    seconds: Callable[[], float] = time.perf_counter,
) -> tuple[AuditResult, Outcome]:
    """Run one audit; log it and tell its outcome, whatever that is.

    Args:
        settings: what is asked.
        today: the day of the audit if the settings name none.
        clock: tells the time, with its zone, for the log.
        warn: told what is wrong with the log or a notification; neither stops the audit.
        progress: called with the step and what it works on.
        on_work: told what there is to do, for the time left.
        seconds: the stop-watch.

    Raises:
        AuditError: the audit can't be run or published, or the log can't be opened.
    """
    as_of = settings.as_of or today
    with run_log(
        settings.log,
        clock,
        level=settings.log_level,
        as_json=settings.log_format == "json",
        warn=lambda error: warn(AuditError("notification.log_lost", problem=error.strerror or "")),
    ) as log:
        log("started", as_of=as_of.isoformat(), year=settings.year, version=metadata.version("household-audit"))
        steps = _Steps(log, progress, seconds)
        try:
            result = _audit(settings, as_of, steps, clock, on_work)
        except AuditError as error:
            log.failed(error, steps.name)
            _tell(Outcome("failed", as_of, error=error.key, place=places(error)), settings, log, warn)
            raise
        except KeyboardInterrupt:
            log("interrupted", "warning", step=steps.name)
            raise
        except Exception as error:
            kind, place = type(error).__name__, defect_place(error)
            log("failed", "error", step=steps.name, kind=kind, place=place)
            _tell(Outcome("failed", as_of, error=kind, place={"place": place}), settings, log, warn)
            raise
        steps.end()
        outcome = outcome_of(result.folder, result.computed, _told(result.verdict, settings.lang))
        _log(outcome, log, steps.seconds())
        _tell(outcome, settings, log, warn)
        return result, outcome


def _audit(
    settings: RunSettings, as_of: date, progress: Progress, clock: Callable[[], datetime], on_work: OnWork | None
) -> AuditResult:
    """Run the audit that the settings ask for."""
    machine = Settings(
        lang=settings.lang,
        show_personal=settings.show_personal,
        pages=Extent(settings.pages),
        memory=settings.memory,
        threads=settings.threads,
        scratch=settings.scratch,
        reuse=settings.reuse,
        count_advisory=settings.count_advisory,
        areas=settings.areas,
        samples=settings.samples,
        on_work=on_work,
    )
    return run_audit(
        settings.source or settings.data or "",
        as_of=as_of,
        year=settings.year,
        rules=settings.rules,
        out=settings.out,
        source_map=settings.source_map,
        aliases=settings.aliases,
        previous=settings.previous,
        force=settings.force,
        keep=settings.keep,
        gate=OPEN_GATE if settings.no_gate else settings.gate,
        settings=machine,
        progress=progress,
        now=clock,
    )


def _told(verdict: Verdict | None, lang: Language) -> str:
    """Why the gate holds the run, in a sentence per expectation; nothing if it does not."""
    return text("notification.between", lang).join(warning(one, lang) for one in (verdict.stops if verdict else ()))


def outcome_of(folder: Path, summary: RunSummary | None, gate: str = "") -> Outcome:
    """A run in numbers and ids alone.

    Args:
        folder: the run's folder, with its ``run.json``.
        gate: why the gate holds it, if it does.
        summary: its numbers; None if it was there already and nothing was done.
    """
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    state = read_record(folder).state
    rows = [one for one in record["inputs"] if not one["derived"]]
    counts = {name: sum(one[name] for one in rows) for name in ("rows_read", "rows_accepted", "rows_quarantined")}
    if summary:
        counts["households"] = summary.households
        counts["persons"] = summary.persons
        counts["flagged_households"] = summary.flagged_households
    rules: dict[str, list[str]] = {"not_evaluated": [], "broken": []}
    for one in record["rules"]:
        rules.setdefault(one["status"], []).append(one["rule_id"])
    return Outcome(
        state=state if summary or state == "held" else "unchanged",
        as_of=date.fromisoformat(record["as_of"]),
        run_id=record["run_id"],
        report=folder,
        counts=counts,
        findings=dict(summary.findings) if summary else record.get("findings", {}),
        presence=record.get("presence", {}),
        absent=record.get("absent", {}),
        not_evaluated=tuple(rules["not_evaluated"]),
        broken=tuple(rules["broken"]),
        gate=gate,
    )


def _log(outcome: Outcome, log: RunLog, seconds: float) -> None:
    for rule_id in outcome.broken:
        log("broken_rule", "error", run_id=outcome.run_id, rule_id=rule_id)
    log(
        "published" if outcome.state == "look_back" else outcome.state,
        "warning" if outcome.state == "held" else "info",
        run_id=outcome.run_id,
        as_of=outcome.as_of.isoformat(),
        state=outcome.state,
        seconds=seconds,
        counts={**outcome.counts, **outcome.findings, **outcome.presence},
        folder=str(outcome.report),
    )


def _tell(outcome: Outcome, settings: RunSettings, log: RunLog, warn: Callable[[AuditError], None]) -> None:
    if not wanted(outcome, settings.notify_when):
        return
    for told in tell(
        outcome,
        command=settings.notify_command,
        webhook=settings.notify_webhook,
        folder=settings.folder,
        timeout=settings.notify_timeout,
        lang=settings.lang,
    ):
        fields: dict[str, object] = {"channel": told.channel, "state": outcome.state, "seconds": told.seconds}
        if told.failure:
            warn(told.failure)
            log("notified", "warning", run_id=outcome.run_id or None, error=told.failure.key, **fields)
        else:
            log("notified", run_id=outcome.run_id or None, **fields)


class _Steps:
    """Writes each step into the log once it is over, and passes the progress on."""

    def __init__(self, log: RunLog, progress: Progress, seconds: Callable[[], float]) -> None:
        self.name: str | None = None
        self._log, self._progress, self._seconds = log, progress, seconds
        self._began = self._start = seconds()

    def __call__(self, step: str, what: str) -> None:
        if step != self.name:
            self.end()
            self.name, self._start = step, self._seconds()
        self._progress(step, what)

    def end(self) -> None:
        """Log the step that is over."""
        if self.name:
            self._log("step", step=self.name, seconds=round(self._seconds() - self._start, 3))
        self.name = None

    def seconds(self) -> float:
        """How long the audit has taken."""
        return round(self._seconds() - self._began, 3)
