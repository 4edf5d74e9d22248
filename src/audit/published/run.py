"""What a run's folder says about the whole run: its numbers, its inputs, its rules as they were then."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from audit.errors import AuditError, RulebookError, RunError
from audit.findings.behind import RULEBOOK_FILE
from audit.findings.prove import FILES
from audit.findings.summary import InputLine, RuleCounts
from audit.language import Language
from audit.model.shares import percent
from audit.rulebook import Rule, Rulebook, load_rulebook
from audit.runs.record import RUN_FILE, Run, read_record

REHEARSAL_FILE = "rehearsal.json"


@dataclass(frozen=True)
class RuleState:
    """A rule of the run: what became of it and what it counted.

    Attributes:
        rule: the rule as it was then.
        status: ``evaluated``, ``not_evaluated`` or ``broken``.
        reasons: why it was not evaluated, by language; empty if it was.
        counts: its numbers; zeros unless it was evaluated.
    """

    rule: Rule
    status: str
    reasons: Mapping[Language, str]
    counts: RuleCounts

    @property
    def rate(self) -> str:
        """Flagged of population, in percent."""
        return percent(self.counts.flagged, self.counts.population)


@dataclass(frozen=True)
class PublishedRun:
    """A whole run as its folder tells it.

    Attributes:
        run: what it was, what it was compared with and what changed.
        year: the audit year.
        rulebook: rules and parameters as they were then.
        rules: every rule with what became of it, in the order of the ids.
        inputs: how many rows of each sheet went where.
        unread: files that no table claims.
        counts: households, persons, flagged_households, advisory_findings, cell_faults.
        set_apart: ids of the rules whose findings are counted apart.
        notes: what a reader should know about what was assumed, by language.
    """

    run: Run
    year: int
    rulebook: Rulebook
    rules: tuple[RuleState, ...]
    inputs: tuple[InputLine, ...]
    unread: tuple[str, ...]
    counts: Mapping[str, int]
    set_apart: frozenset[str]
    notes: Mapping[Language, tuple[str, ...]]

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.run.folder

    @property
    def run_id(self) -> str:
        """Its name."""
        return self.run.run_id

    @property
    def as_of(self) -> date:
        """The day of the audit."""
        return self.run.as_of

    @property
    def shows_personal(self) -> bool:
        """Whether it was asked to show personal data, so that its files hold them in full."""
        return bool(self.run.shown.get("show_personal"))

    def rows(self, what: str) -> int:
        """How many rows of all files were ``read``, ``accepted`` or ``quarantined``; derived rows count only once."""
        return sum(int(getattr(line, f"rows_{what}")) for line in self.inputs if not line.derived)


def read_published(folder: Path) -> PublishedRun:
    """Read a run, and see that it is one to be handed on: whole, published, and no trial.

    Raises:
        RunError: there is no run, it is a trial, the gate holds it, a file is missing or can't be read.
    """
    if (folder / REHEARSAL_FILE).is_file():
        raise RunError("published.trial", folder=folder)
    if not (folder / RUN_FILE).is_file():
        raise RunError("runs.no_run", folder=folder)
    run = read_record(folder)
    if run.state == "held":
        raise RunError("published.held", run=run.run_id)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise RunError("published.not_whole", run=run.run_id, file=missing[0])
    record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    rulebook = _read_rulebook(folder / RULEBOOK_FILE, run.run_id)
    try:
        return PublishedRun(
            run,
            int(record["year"]),
            rulebook,
            _rule_states(record["rules"], rulebook),
            tuple(_input_line(one) for one in record["inputs"]),
            tuple(str(one) for one in record["unread"]),
            {str(name): int(number) for name, number in record["counts"].items()},
            frozenset(str(one) for one in record["set_apart"]),
            {"zh": tuple(map(str, record["notes"])), "en": tuple(map(str, record["notes_en"]))},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RunError("published.older", file=folder / RUN_FILE) from error


def _read_rulebook(path: Path, run_id: str) -> Rulebook:
    """The rules that a run kept; unpacked into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="audit-rules-") as aside:
        try:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(Path(aside) / "rules")
            return load_rulebook(Path(aside) / "rules")
        except (OSError, zipfile.BadZipFile, RulebookError) as error:
            problem = error if isinstance(error, AuditError) else AuditError("published.damaged", file=path.name)
            raise RunError("published.no_rules", run=run_id, problem=problem) from error


def _rule_states(records: Sequence[Mapping[str, object]], rulebook: Rulebook) -> tuple[RuleState, ...]:
    by_id = {str(one["rule_id"]): one for one in records}
    return tuple(_rule_state(rule, by_id[rule.id]) for rule in rulebook.rules if rule.id in by_id)


def _rule_state(rule: Rule, one: Mapping[str, object]) -> RuleState:
    reasons: dict[Language, str] = {}
    if one["reason"]:
        reasons = {"zh": str(one["reason"]), "en": str(one["reason_en"])}
    counts = RuleCounts(
        rule.id,
        population=cast("int", one["population"] or 0),
        flagged=cast("int", one["flagged"] or 0),
        clear=cast("int", one["clear"] or 0),
        undecided=cast("int", one["undecided"] or 0),
        not_applicable=cast("int", one["not_applicable"] or 0),
    )
    return RuleState(rule, str(one["status"]), reasons, counts)


def _input_line(one: Mapping[str, object]) -> InputLine:
    read, accepted, quarantined = (cast("int", one[f"rows_{name}"]) for name in ("read", "accepted", "quarantined"))
    derived = bool(one["derived"])
    named = str(one["table"]), str(one["file"]), str(one["sheet"])
    return InputLine(*named, derived, read, accepted, quarantined, str(one["sha256"]))
