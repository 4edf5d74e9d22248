"""How an audit went, in numbers and ids alone: what may leave the house."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from audit.language import Language, text

State = Literal["published", "look_back", "held", "unchanged", "failed"]

#: From what on one wants to be told, the most talkative first; each tells what stands to its right as well.
_LADDER = ("always", "findings", "held", "failed")


@dataclass(frozen=True)
class Outcome:
    """How an audit went, free of personal data.

    Attributes:
        state: published; look_back, published for a day before the latest run's; held by the gate; unchanged, as this
            input was published before; failed.
        as_of: the day of the audit.
        run_id: the run's name; empty if it did not come so far.
        report: the folder of the run, if there is one.
        counts: rows read, accepted and quarantined, households, persons, flagged households.
        findings: findings by severity: high, medium, low.
        presence: findings by presence: new, unchanged, updated, recurred.
        absent: findings of the last run that are gone, by reason: fixed, not_evaluated, unit_gone.
        not_evaluated: ids of the rules that were not evaluated.
        broken: ids of the rules that failed.
        gate: the gate's sentence; empty if it had nothing to say.
        error: the key of the message that stopped the audit, or the kind of a defect.
        place: the files, sheets and rows that this message names.
    """

    state: State
    as_of: date
    run_id: str = ""
    report: Path | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    presence: Mapping[str, int] = field(default_factory=dict)
    absent: Mapping[str, int] = field(default_factory=dict)
    not_evaluated: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    gate: str = ""
    error: str = ""
    place: Mapping[str, object] = field(default_factory=dict)

    def summary(self, lang: Language) -> dict[str, object]:
        """The outcome as data, with one sentence for people, ``text``."""
        return {
            "text": self.sentence(lang),
            "state": self.state,
            "run_id": self.run_id or None,
            "as_of": self.as_of.isoformat(),
            "counts": dict(self.counts),
            "findings": dict(self.findings),
            "presence": dict(self.presence),
            "absent": dict(self.absent),
            "rules_not_evaluated": list(self.not_evaluated),
            "rules_broken": list(self.broken),
            "gate": self.gate or None,
            "report": str(self.report / "index.html") if self.report else None,
            "error": self.error or None,
            "place": dict(self.place),
        }

    def as_json(self, lang: Language) -> bytes:
        """The outcome as one JSON object; only ASCII, which every receiver reads alike."""
        return json.dumps(self.summary(lang)).encode("ascii")

    def environment(self, lang: Language) -> dict[str, str]:
        """The outcome as environment variables; their names are none of a setting's."""
        return {
            "AUDIT_RUN_STATE": self.state,
            "AUDIT_RUN_ID": self.run_id,
            "AUDIT_RUN_AS_OF": self.as_of.isoformat(),
            "AUDIT_RUN_REPORT": str(self.report / "index.html") if self.report else "",
            "AUDIT_RUN_TEXT": self.sentence(lang),
            **{f"AUDIT_RUN_{severity.upper()}": str(count) for severity, count in self.findings.items()},
        }

    def sentence(self, lang: Language) -> str:
        """The outcome as one sentence for people."""
        told = {severity: f"{self.findings.get(severity, 0):,}" for severity in ("high", "medium", "low")}
        where = ", ".join([self.error, *(f"{name} {value}" for name, value in self.place.items())])
        parts = [text(f"notification.{self.state}", lang, run_id=self.run_id, as_of=self.as_of, where=where, **told)]
        if self.broken:
            parts.append(text("notification.broken", lang, rules=", ".join(self.broken)))
        return text("notification.between", lang).join([*parts, *([self.gate] if self.gate else [])])


def wanted(outcome: Outcome, when: str) -> bool:
    """Whether someone who asked to be told from ``when`` on wants to be told of this outcome."""
    step = "always"
    if outcome.state == "failed" or outcome.broken:
        step = "failed"
    elif outcome.state == "held":
        step = "held"
    elif outcome.state != "unchanged" and any(outcome.findings.values()):
        step = "findings"
    return _LADDER.index(step) >= _LADDER.index(when)
