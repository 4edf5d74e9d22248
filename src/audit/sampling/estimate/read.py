"""Reads a sample with what inspectors found, as far as it is recorded."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from audit.contract.normalise import quote
from audit.database import Settings, database
from audit.errors import RunError
from audit.sampling.chance import Rate
from audit.sampling.draw.reasons import REASONS
from audit.sampling.draw.sample import Sample, Visited, discarded, read_sample, to_visit
from audit.sampling.estimate.chances import released_chances
from audit.sampling.estimate.conclusion import Taken
from audit.sampling.estimate.decision import Asked
from audit.sampling.estimate.places import read_places
from audit.sampling.estimate.population import checked_of, findings_of, read_population
from audit.sampling.estimate.visits import Outcome, Population, Visits
from audit.sampling.field.codes import Result, Target, Verdict
from audit.sampling.field.outcomes import ItemOutcome, UnitOutcome, read_outcomes, settled
from audit.sampling.layout import Samples
from audit.sampling.plan import AIMS
from audit.sampling.rows import Replacement
from audit.sampling.second_phase import FirstPhase
from audit.sampling.store import open_store

_OUTCOMES = {
    Result.RESOLVED: Outcome.RESOLVED,
    Result.OUT_OF_SCOPE: Outcome.OUT_OF_SCOPE,
    Result.UNRESOLVED: Outcome.UNRESOLVED,
}
#: What a verdict makes of a finding or question; whatever is not here is unknown.
_SAID = {
    Verdict.CONFIRMED: "confirmed",
    Verdict.PARTLY: "partly",
    Verdict.REFUTED: "refuted",
    Verdict.NOT_APPLICABLE: "refuted",
}
#: A finding of a household: its id, its rule, and the column that it is counted in.
Findings = Mapping[str, Sequence[tuple[str, str, str]]]


def read_taken(samples: Samples, sample_id: str, out: Path) -> Taken:
    """Read a sample with its outcomes.

    Args:
        samples: the folder of samples.
        sample_id: the sample; the first digits are enough.
        out: the output folder with the runs.

    Raises:
        RunError: there is no such sample, it was discarded, its run is not there any more, or a file is damaged.
    """
    sample = read_sample(samples, sample_id)
    with open_store(samples) as store:
        thrown = discarded(sample, store)
        if thrown is not None:
            raise RunError("estimate.discarded", sample=sample.sample_id, because=thrown.discarded_reason)
        visited = to_visit(sample, store)
        replaced = {one.out_unit: one.reason_code for one in store.rows(Replacement, sample_id=sample.sample_id)}
    outcomes = read_outcomes(samples.root, sample.sample_id)
    final = settled(outcomes)
    released = {one.unit.stratum for one in visited}
    covered = tuple(one.stratum for one in sample.design.strata if one.stratum in released)
    population = read_population(sample.frame, sample.design, out, covered)
    first = FirstPhase.of(sample.frame)
    if first:
        population = _of_two_phases(samples, sample, first, population, out, covered)
    findings = _findings(sample, out, [one.unit.unit_id for one in visited]) if population.rules else {}
    fixed = fixed_findings(out, sample.frame.as_of)
    ends = {one.unit.unit_id: _end(final.get(one.unit.unit_id), replaced.get(one.unit.unit_id)) for one in visited}
    return Taken(
        sample.sample_id,
        sample.frame.run_id,
        sample.frame.as_of,
        json.dumps([sample.frame.definition.get(name) or [] for name in ("rules", "areas")]),
        sample.frame.population,
        population,
        _visits(sample, visited, population, findings, final, ends, fixed),
        tuple(one.unit.unit_id for one in visited),
        outcomes,
        _asked(sample, visited),
        tuple(one.stratum for one in sample.design.strata if one.stratum not in released),
        first.sample_id if first else "",
        read_places(out / sample.frame.run_id),
    )


def _of_two_phases(
    samples: Samples, sample: Sample, first: FirstPhase, checked: Population, out: Path, covered: Sequence[str]
) -> Population:
    """The households checked by desk or phone, with all from which they were drawn.

    Raises:
        RunError: nobody of some group was visited, so that nothing can be said of all.
    """
    if unseen := [one.stratum for one in sample.design.strata if one.stratum not in covered]:
        raise RunError("estimate.group_not_visited", groups=", ".join(unseen))
    if sample.design.method != "ticket":
        raise RunError("estimate.second_phase_by_ticket", method=sample.design.method)
    phase_one = read_sample(samples, first.sample_id)
    names = tuple(one.stratum for one in phase_one.design.strata)
    return checked_of(read_population(phase_one.frame, phase_one.design, out, names), checked)


def fixed_findings(out: Path, as_of: date) -> frozenset[str]:
    """The findings that a later audit no longer has because the registry was put right: the change is on record.

    Args:
        out: the output folder with the runs.
        as_of: the day of the run from which a sample was drawn.
    """
    found: set[str] = set()
    for record in sorted(out.glob("*/run.json")):
        absent = record.with_name("absent.parquet")
        try:
            later = date.fromisoformat(json.loads(record.read_text(encoding="utf-8"))["as_of"]) > as_of
        except (OSError, ValueError, KeyError, TypeError):
            continue  # no run that this program could read says nothing about a finding
        if later and absent.is_file() and not record.parent.is_symlink():
            sql = f"SELECT finding_id FROM read_parquet({quote(str(absent))}) WHERE reason = 'fixed'"
            found |= {one for (one,) in duckdb.execute(sql).fetchall()}
    return frozenset(found)


def _findings(sample: Sample, out: Path, units: Sequence[str]) -> Findings:
    """The findings of the sampled households."""
    column = "side" if sample.frame.population == "disagreement" else "rule_id"
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    with database(Settings()) as opened:
        opened.con.execute("CREATE TABLE wanted AS SELECT unnest(?::VARCHAR[]) AS unit_id", [list(units)])
        rows = opened.con.execute(
            f"SELECT unit_id, finding_id, rule_id, {column} FROM ({findings_of(sample.frame, out)}) "
            "SEMI JOIN (SELECT unit_id, unnest(rules) AS rule_id "
            f"FROM read_parquet({quote(str(sample.frame.units))}) SEMI JOIN wanted USING (unit_id)) "
            "USING (unit_id, rule_id) ORDER BY ALL"
        ).fetchall()
    for unit, finding, rule, name in rows:
        found[unit].append((finding, rule, name))
    return found


def _end(outcome: UnitOutcome | None, reason: str | None) -> Outcome:
    """How a household ended: a coded replacement says so, else the visit; without either it is unresolved."""
    if reason is not None:
        outside = REASONS[reason].result == "out_of_scope" if reason in REASONS else False
        return Outcome.OUT_OF_SCOPE if outside else Outcome.UNRESOLVED
    return _OUTCOMES[outcome.result] if outcome else Outcome.UNRESOLVED


def _visits(
    sample: Sample,
    visited: Sequence[Visited],
    population: Population,
    findings: Findings,
    final: Mapping[str, UnitOutcome],
    ends: Mapping[str, Outcome],
    fixed: frozenset[str],
) -> Visits:
    shape = (len(visited), len(population.rules))
    asked, confirmed, partly, unknown = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    problem, open_problem = (np.zeros(len(visited), dtype=np.int64) for _ in range(2))
    column = {name: place for place, name in enumerate(population.rules)}
    for row, one in enumerate(visited):
        unit = one.unit.unit_id
        if ends[unit] is Outcome.OUT_OF_SCOPE:
            continue
        outcome = final.get(unit) if ends[unit] is Outcome.RESOLVED else None
        items = {item.item_code: item for item in outcome.items} if outcome else {}
        for finding, rule, name in findings.get(unit, ()):
            said = _said(items.get(finding) or items.get(rule), fixed)
            asked[row, column[name]] += 1
            counted = {"confirmed": confirmed, "partly": partly, "unknown": unknown}.get(said)
            if counted is not None:
                counted[row, column[name]] += 1
        if population.rules:
            problem[row] = int(confirmed[row].sum() + partly[row].sum() > 0)
            open_problem[row] = int(not problem[row] and unknown[row].sum() > 0)
        else:
            said_of_all = [_said(item, fixed) for item in items.values() if item.target is Target.CHECKLIST]
            problem[row] = int(any(said in {"confirmed", "partly"} for said in said_of_all))
            open_problem[row] = int(not problem[row] and (not said_of_all or "unknown" in said_of_all))
    strata, townships = population.strata, population.townships
    equal = sample.design.method in {"ticket", "systematic"}
    return Visits(
        np.array([strata.index(one.unit.stratum) for one in visited], dtype=np.int64),
        np.array([townships.index(one.unit.township) for one in visited], dtype=np.int64),
        None if equal else released_chances(sample.frame, sample.design, [one.unit for one in visited]),
        np.array([ends[one.unit.unit_id] for one in visited], dtype=np.int64),
        asked,
        confirmed,
        partly,
        unknown,
        problem,
        open_problem,
    )


def _said(item: ItemOutcome | None, fixed: frozenset[str]) -> str:
    """What is known of a finding or question."""
    if item is None or item.verdict is None:
        return "unknown"
    if item.verdict is Verdict.FIXED_SINCE:
        return "confirmed" if item.finding_id in fixed else "unknown"
    return _SAID.get(item.verdict, "unknown")


def _asked(sample: Sample, visited: Sequence[Visited]) -> Asked | None:
    """The claim of the sample's plan; neither a comparison nor a second phase is drawn for one."""
    plan = sample.design.plan
    aim = next((one for one in AIMS if one == plan.get("aim")), None)
    # The plan of a second phase is about the households checked, and the claim about all.
    if aim is None or sample.frame.population == "disagreement" or FirstPhase.of(sample.frame):
        return None

    def rate(name: str) -> Rate | None:
        written = plan.get(name)
        return Rate.read(str(written)) if written is not None else None

    confidence = rate("confidence")
    if confidence is None:
        return None
    return Asked(
        aim,
        confidence,
        rate("tolerable"),
        int(str(plan.get("k") or 0)),
        int(str(plan.get("k2") or 0)),
        int(str(plan.get("n2") or 0)),
        any(one.unit.stage == 2 for one in visited),
        rate("margin"),
    )
