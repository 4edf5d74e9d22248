"""``rehearsal.json``: which policies were compared on what, in what they differ, and what would change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from importlib import metadata
from pathlib import Path

import duckdb

from audit.contract.feeds import Registry
from audit.findings.record import request_digest
from audit.rehearsal.summary import RehearsalSummary, RuleLine, RuleSide, TownshipLine
from audit.rulebook import Rulebook
from audit.rulebook.policy import Chosen


def rehearsal_id(
    as_of: date,
    year: int,
    registry: Registry,
    digests: Mapping[Path, str],
    policies: tuple[Rulebook, Rulebook],
    seed: str | None,
    visits: int,
) -> str:
    """The name of a rehearsal: its day and a digest of everything that its results depend on."""
    runs = [request_digest(as_of, year, registry, digests, policy) for policy in policies]
    drawn = [] if seed is None else [seed, visits]
    digest = hashlib.sha256(json.dumps([runs, drawn]).encode()).hexdigest()
    return f"rehearsal-{as_of.isoformat()}-{digest[:12]}"


def record_of(
    summary: RehearsalSummary,
    old_digest: str,
    new_digest: str,
    values: Sequence[str],
    inputs: Sequence[Mapping[str, object]],
    unread: Sequence[str],
    visits: int,
) -> dict[str, object]:
    """The record of a rehearsal; without a clock, so that the same rehearsal gives the same bytes."""
    return {
        "rehearsal_id": summary.run_id,
        "as_of": summary.as_of,
        "year": summary.year,
        "versions": {"audit": metadata.version("household-audit"), "duckdb": duckdb.__version__},
        "old": {"rulebook": old_digest},
        "new": {"rulebook": new_digest, "values": list(values)},
        "inputs": list(inputs),
        "unread": list(unread),
        "parameters": [
            {"name": one.parameter.name, "old": _values(one.old), "new": _values(one.new)} for one in summary.parameters
        ],
        "texts": [{"rule_id": one.rule_id, "part": one.part, "old": one.old, "new": one.new} for one in summary.texts],
        "rules": [_rule(line) for line in summary.rules],
        "workload": [_township(line) for line in (summary.total, *summary.townships)],
        "draw": None
        if summary.seed is None
        else {"seed": summary.seed, "visits": visits, "households": summary.disagreed},
    }


def _values(chosen: Sequence[Chosen]) -> list[dict[str, object]]:
    return [
        {
            "value": str(one.dated.value),
            "area": one.dated.area,
            "state": one.state.value,
            "valid_from": one.dated.valid_from.isoformat(),
            "valid_to": one.dated.valid_to.isoformat() if one.dated.valid_to else None,
            "source": one.dated.source,
        }
        for one in chosen
    ]


def _rule(line: RuleLine) -> dict[str, object]:
    return {
        "rule_id": line.rule.id,
        "old": _side(line.old),
        "new": _side(line.new),
        "findings": asdict(line.findings) if line.findings else None,
    }


def _side(side: RuleSide) -> dict[str, object]:
    return {
        "status": side.status,
        "reason": side.reason.message("zh") if side.reason else None,
        "reason_en": side.reason.message("en") if side.reason else None,
        "flagged": side.flagged,
        "population": side.population,
    }


def _township(line: TownshipLine) -> dict[str, object]:
    return {
        "area_code": line.code or None,
        "population": line.population,
        "findings": asdict(line.findings),
        "households": asdict(line.households),
    }
