"""``run.json``: what was read, with which policy, what each rule counted, and how long each step took."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from audit.contract.accept import Intake
from audit.contract.feeds import Registry
from audit.engine.run import RuleStatus
from audit.engine.values_in_force import InForce
from audit.findings.summary import RuleCounts
from audit.rulebook.policy import Rulebook


def request_digest(
    as_of: date, year: int, registry: Registry, digests: Mapping[Path, str], rulebook: Rulebook, *more: str
) -> str:
    """Digest of everything that was asked: the same request with the same run before it gives the same bytes.

    Args:
        as_of: the day of the audit.
        year: the audit year.
        registry: what was read.
        digests: of each file that was read.
        rulebook: the rules and parameters.
        more: digests of whatever else the results depend on.
    """
    content = {
        "as_of": as_of.isoformat(),
        "year": year,
        "inputs": [[source.file, source.sheet, digests[source.path]] for source in registry.sources],
        "map": digests.get(registry.source_map, "") if registry.source_map else "",
        "rules": rulebook.digest,
        "more": more,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def run_id(as_of: date, request: str, previous: str = "") -> str:
    """The name of a run: its day and a digest of what was asked and of the run that it is compared with."""
    digest = hashlib.sha256(json.dumps([request, previous]).encode()).hexdigest()
    return f"{as_of.isoformat()}-{digest[:12]}"


def inputs_record(
    registry: Registry, intakes: Sequence[Intake], digests: Mapping[Path, str]
) -> list[dict[str, object]]:
    """One entry per table and sheet; derived rows count where they were read, and are listed as derived."""
    sources = {source.no: source for source in registry.sources}
    return [
        {
            "table": one.table,
            "file": sources[one.source_no].file,
            "sheet": sources[one.source_no].sheet,
            "sha256": digests[sources[one.source_no].path],
            "derived": one.derived,
            "rows_read": one.rows_read,
            "rows_accepted": one.rows_accepted,
            "rows_quarantined": one.rows_quarantined,
        }
        for one in intakes
    ]


def parameters_record(in_force: Mapping[str, InForce]) -> list[dict[str, object]]:
    """The value of each parameter in each area, since when, from which source and how firmly."""
    return [
        {
            "name": name,
            "value": str(chosen.dated.value),
            "valid_from": chosen.dated.valid_from.isoformat(),
            "valid_to": chosen.dated.valid_to.isoformat() if chosen.dated.valid_to else None,
            "area": chosen.dated.area,
            "state": chosen.state.value,
            "source": chosen.dated.source,
        }
        for name, one in sorted(in_force.items())
        for chosen in one.chosen
    ]


def rules_record(statuses: Sequence[RuleStatus], counts: Mapping[str, RuleCounts]) -> list[dict[str, object]]:
    """What became of each rule and what it counted."""
    records: list[dict[str, object]] = []
    for one in statuses:
        count = counts.get(one.rule.id, RuleCounts(one.rule.id))
        known = one.status == "evaluated"
        records.append(
            {
                "rule_id": one.rule.id,
                "advisory": one.rule.advisory,
                "status": one.status,
                "reason": one.reason.message("zh") if one.reason else None,
                "reason_en": one.reason.message("en") if one.reason else None,
                "population": count.population if known else None,
                "flagged": count.flagged if known else None,
                "clear": count.clear if known else None,
                "undecided": count.undecided if known else None,
                "not_applicable": count.not_applicable if known else None,
            }
        )
    return records
