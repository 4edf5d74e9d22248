"""What tonight's audit is asked for, and where its run stands among the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from audit.contract.feeds import Registry
from audit.database import Settings
from audit.findings.record import request_digest, run_id
from audit.gate import Gate, Verdict
from audit.history.aliases import Aliases, alias_files, read_aliases
from audit.rulebook import Rulebook
from audit.rulebook.load import default_rules
from audit.runs.line import Line, compared_with
from audit.runs.record import Run, State


@dataclass(frozen=True)
class Request:
    """What is audited, for which day, by which rules, and how it is shown."""

    data: Path | str
    as_of: date
    year: int
    rules: Path | Rulebook | None
    source_map: Path | None
    settings: Settings

    @property
    def shown(self) -> dict[str, object]:
        """What changes how a run looks, not what it found."""
        one = self.settings
        return {
            "lang": one.lang,
            "show_personal": one.show_personal,
            "pages": one.pages,
            "count_advisory": one.count_advisory,
            "areas": list(one.areas),
        }

    @property
    def own_rules(self) -> Path | None:
        """The folder of rules, unless they were given as they stand in memory."""
        return default_rules() if self.rules is None else self.rules if isinstance(self.rules, Path) else None


@dataclass(frozen=True)
class Tonight:
    """Where tonight's run stands among the others: what it is compared with, and what it is called."""

    asked: Request
    request: str
    name: str
    before: Run | None
    after: Run | None
    renamed: Aliases
    good: tuple[Run, ...]
    state: State

    @property
    def compared_folder(self) -> Path | None:
        """The folder of the run compared with."""
        return self.before.folder if self.before else None

    @property
    def look_back_from(self) -> Run | None:
        """The latest run, if tonight's day is before its day."""
        return self.after if self.state == "look_back" else None

    def judged(self, verdict: Verdict) -> Tonight:
        """The same after the gate has spoken; a look back is no night whose extract could be held up."""
        return replace(self, state="held") if verdict.stop and self.state == "published" else self

    def record(self) -> dict[str, object]:
        """Its part of ``run.json``."""
        return {
            "run_id": self.name,
            "as_of": self.asked.as_of,
            "year": self.asked.year,
            "state": self.state,
            "previous": self.before.run_id if self.before else None,
            "after": self.after.run_id if self.after else None,
            "request": self.request,
            "shown": self.asked.shown,
        }


def find_tonight(
    asked: Request,
    line: Line,
    registry: Registry,
    digests: Mapping[Path, str],
    rulebook: Rulebook,
    gate: Gate,
    aliases: Path | None,
    previous: str | None,
    *,
    force: bool,
) -> Tonight | Run:
    """Find tonight's place, or the run that answers the very same request already."""
    before, after = compared_with(line, asked.as_of, previous), line.latest
    renamed = read_aliases(
        alias_files(asked.data, asked.own_rules, aliases), asked.as_of, before.as_of if before else None
    )
    request = request_digest(asked.as_of, asked.year, registry, digests, rulebook, renamed.digest, gate.digest)
    name = run_id(asked.as_of, request, before.run_id if before else "")
    if not force and previous is None:
        known = line.asked(request, name)
        if known and known.shown == asked.shown:
            return known
        if known and known is line.latest:  # the same run, to be shown otherwise
            before, after = line.runs.get(known.previous or ""), line.runs.get(known.after or "")
            name = run_id(asked.as_of, request, before.run_id if before else "")
    looks_back = previous is None and after is not None and asked.as_of < after.as_of
    return Tonight(
        asked, request, name, before, after, renamed, line.good(before), "look_back" if looks_back else "published"
    )
