"""Decides what each household is asked about, once: what was issued stays as it is, whatever the rules become."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.rulebook import Rulebook
from audit.sampling.field.codes import Role, Target
from audit.sampling.field.disputes import disputed_items
from audit.sampling.field.questions import Question, checklist, question
from audit.sampling.field.records import transaction
from audit.sampling.field.registered import Values
from audit.sampling.field.row_key import row_key
from audit.sampling.field.sample import Sample, Unit


@dataclass(frozen=True)
class Finding:
    """A finding as the run wrote it; ``facts`` is its evidence without the parameters, as JSON."""

    finding_id: str
    rule_id: str
    message: str
    message_en: str
    facts: str


@dataclass(frozen=True)
class Asked:
    """An item of one household before it has a key."""

    target: Target
    finding_id: str
    rule_id: str
    message: str = ""
    message_en: str = ""
    registry_value: str = ""


def issue(
    con: sqlite3.Connection,
    sample: Sample,
    run: Path | None,
    rulebook: Rulebook,
    role: Role,
    units: Sequence[Unit],
    values: Values | None = None,
) -> None:
    """Record what households are asked about, for those that have not been issued in this role yet.

    A second inspector is asked what the first inspector was asked; an adjudicator only what the two disagree about.

    Args:
        con: the records.
        sample: the sample.
        run: the folder of the run from which its frame was built; None if there is none, as for a rehearsal.
        rulebook: the rules of that run.
        role: as whom the inspector comes.
        units: the households.
        values: what the registry says of them about the questions; nothing is shown where it says nothing.

    Raises:
        RunError: the run is not there any more.
    """
    issued = _issued(con, sample.sample_id, role)
    new = [unit for unit in units if unit.unit_id not in issued or role is Role.ADJUDICATOR]
    if not new:
        return
    before = _asked_before(con, sample.sample_id, role) if role is not Role.FIRST else {}
    fresh = [unit for unit in new if unit.unit_id not in before]
    findings = _findings(run, fresh) if fresh and run else {}
    rules = {rule.id: rule for rule in rulebook.rules}
    full = checklist(rulebook.rules, _evaluated(run)) if fresh and run else ()
    asked = {unit.unit_id: before.get(unit.unit_id) or _asked(unit, findings, full, values or {}) for unit in new}
    named = dict.fromkeys(one.rule_id for items in asked.values() for one in items)
    gone = sorted(rule_id for rule_id in named if rule_id not in rules)
    if gone and fresh:
        raise RunError("field.rules_gone", rules=", ".join(gone), run=sample.run_id)
    with transaction(con):
        for rule_id in named:
            if rule_id in rules:
                _add_question(con, sample.sample_id, question(rules[rule_id]))
        for unit in new:
            _add_unit(con, sample, unit, role, asked[unit.unit_id])


def rules_asked(
    con: sqlite3.Connection, sample: Sample, run: Path, rulebook: Rulebook, role: Role, units: Sequence[Unit]
) -> Mapping[str, tuple[str, ...]]:
    """The questions of the checklist that households have yet to be asked for the first time, by household.

    What the registry says about them has to be read now, while it is what the run saw; see ``issue`` for the rest.
    """
    issued = _issued(con, sample.sample_id, Role.FIRST) | _issued(con, sample.sample_id, role)
    full = tuple(one.rule_id for one in checklist(rulebook.rules, _evaluated(run)))
    fresh = [unit for unit in units if unit.unit_id not in issued]
    # Where two runs are compared, a rule that only the other one flagged is asked as a question.
    compared = sample.population == "disagreement"
    return {one.unit_id: one.rules if one.flagged else full for one in fresh if compared or not one.flagged}


def _issued(con: sqlite3.Connection, sample_id: str, role: Role) -> set[str]:
    rows = con.execute("SELECT unit_id FROM field_unit WHERE sample_id = ? AND role = ?", [sample_id, role])
    return {unit for (unit,) in rows}


def _asked_before(con: sqlite3.Connection, sample_id: str, role: Role) -> Mapping[str, tuple[Asked, ...]]:
    """What first inspectors were asked, by household; for an adjudicator what is disputed of it."""
    disputed = disputed_items(con, sample_id)
    items: dict[str, list[Asked]] = defaultdict(list)
    for unit, target, finding_id, rule_id, *texts in con.execute(
        "SELECT unit_id, target, finding_id, rule_id, message, message_en, registry_value FROM field_item "
        "WHERE sample_id = ? AND role = ? ORDER BY unit_id, place",
        [sample_id, Role.FIRST],
    ):
        if role is not Role.ADJUDICATOR or (finding_id or rule_id) in disputed.get(unit, {}):
            items[unit].append(Asked(Target(target), finding_id, rule_id, *texts))
    return {unit: tuple(asked) for unit, asked in items.items()}


def _asked(
    unit: Unit, findings: Mapping[str, Sequence[Finding]], full: Sequence[Question], values: Values
) -> tuple[Asked, ...]:
    """Every finding of a flagged household; the full checklist of the others.

    A rule that only the other of two compared runs flagged is asked as a question.
    """

    def question_of(rule_id: str) -> Asked:
        return Asked(Target.CHECKLIST, "", rule_id, registry_value=values.get((unit.unit_id, rule_id), ""))

    if not unit.flagged:
        return tuple(question_of(one.rule_id) for one in full)
    found = [one for one in findings.get(unit.unit_id, ()) if one.rule_id in unit.rules]
    items = [
        Asked(Target.FINDING, one.finding_id, one.rule_id, one.message, one.message_en, one.facts) for one in found
    ]
    there = {one.rule_id for one in found}
    return (*items, *(question_of(rule_id) for rule_id in unit.rules if rule_id not in there))


def _findings(run: Path, units: Iterable[Unit]) -> Mapping[str, Sequence[Finding]]:
    wanted = sorted(unit.unit_id for unit in units if unit.flagged)
    found: dict[str, list[Finding]] = defaultdict(list)
    path = run / "findings.parquet"
    if not path.is_file():
        raise RunError("field.run_gone", run=run.name, folder=run.parent)
    try:
        with duckdb.connect() as con:
            rows = con.execute(
                "SELECT household_id, finding_id, rule_id, message, message_en, evidence "
                f"FROM read_parquet({quote(str(path))}) SEMI JOIN (SELECT unnest(?::VARCHAR[]) AS unit) "
                "ON household_id = unit ORDER BY household_id, rule_id, finding_id",
                [wanted],
            ).fetchall()
    except duckdb.Error as error:
        raise RunError("field.run_gone", run=run.name, folder=run.parent) from error
    for household, finding_id, rule_id, message, message_en, evidence in rows:
        found[household].append(Finding(finding_id, rule_id, message, message_en, _facts(evidence)))
    return found


def _facts(evidence: str) -> str:
    facts = json.loads(evidence, parse_float=str)
    facts.pop("parameters", None)
    return json.dumps(facts, ensure_ascii=False)


def _evaluated(run: Path) -> frozenset[str]:
    """The rules that the run evaluated."""
    try:
        record = json.loads((run / "run.json").read_text(encoding="utf-8"))
        return frozenset(str(one["rule_id"]) for one in record["rules"] if one["status"] == "evaluated")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError("field.run_gone", run=run.name, folder=run.parent) from error


def _add_question(con: sqlite3.Connection, sample_id: str, asked: Question) -> None:
    values = (asked.title, asked.title_en, asked.look, asked.look_en, asked.stability)
    con.execute(
        "INSERT OR IGNORE INTO field_question VALUES (?, ?, ?, ?, ?, ?, ?)", [sample_id, asked.rule_id, *values]
    )


def _add_unit(con: sqlite3.Connection, sample: Sample, unit: Unit, role: Role, asked: Sequence[Asked]) -> None:
    about = (sample.sample_id, unit.unit_id, role.value)
    con.execute(
        "INSERT OR IGNORE INTO field_unit VALUES (?, ?, ?, ?, ?, ?, ?)",
        [row_key("H", *about), *about, unit.stratum, unit.flagged, sample.as_of.isoformat()],
    )
    marks = ", ".join("?" * 11)
    con.executemany(f"INSERT OR IGNORE INTO field_item VALUES ({marks})", _item_rows(about, asked))


def _item_rows(about: tuple[str, str, str], asked: Sequence[Asked]) -> Iterator[tuple[str | int, ...]]:
    for place, one in enumerate(asked, start=1):
        kind = "F" if one.target is Target.FINDING else "C"
        key = row_key(kind, *about, one.finding_id or one.rule_id)
        texts = (one.target.value, one.finding_id, one.rule_id, one.message, one.message_en, one.registry_value)
        yield (key, *about, place, *texts)
