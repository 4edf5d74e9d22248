"""Tries rules out on a registry: what they find now, from as little of the registry as they need.

A tryout is no run: no gate, no history, no pages, and ``latest`` and the runs beside it stay as they are. Its findings
and rates are those that an audit by the same rules would give.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from audit.accepted import Accepted, Progress, accepted_registry, ask, damage_named, reads_of
from audit.contract.feeds import Registry
from audit.database import Settings
from audit.engine.at_once import AtOnce
from audit.engine.plan import make_plan
from audit.engine.run import Evaluation, evaluate
from audit.engine.values_in_force import InForce, all_in_force
from audit.findings.record import inputs_record, parameters_record, request_digest, rules_record
from audit.findings.summary import InputLine, RuleCounts, RuleLine, input_lines, rule_counts
from audit.findings.write import write_faults, write_findings, write_rates
from audit.history.aliases import Aliases
from audit.history.known import load_known
from audit.intake.steady import check_unchanged
from audit.rulebook import Parameter, Rule, Rulebook, find_rule, load_rulebook
from audit.rulebook.override import with_values
from audit.runs.publish import publish, written_aside
from audit.runs.record import write_record
from audit.tried import TRYOUT_FILE, map_digest, recall, versions

#: Up to so many rules are decided while their facts are made; of more, facts have so many readers that tables of them
#: save time.
FEW = 15
#: Steps of a tryout in their order, as progress shows them.
STEPS = ("rules", "digests", "intake", "contract", "facts", "rates", "findings", "publish")


@dataclass(frozen=True)
class Tryout:
    """What rules found when they were tried.

    Attributes:
        folder: where findings, rates and refused rows are.
        name: the name of that folder: the day, and a digest of everything that was asked.
        as_of: the day of the audit.
        year: the audit year.
        inputs: what was read, one line per table and sheet.
        rules: one line per rule, with what became of it and what it counted.
        recalled: the tables at which nobody had to look again, as an earlier tryout did.
    """

    folder: Path
    name: str
    as_of: date
    year: int
    inputs: tuple[InputLine, ...] = field(repr=False)
    rules: tuple[RuleLine, ...] = field(repr=False)
    recalled: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether a rule failed while it was run."""
        return any(line.status.status == "broken" for line in self.rules)

    def relation(self, name: str = "findings") -> duckdb.DuckDBPyRelation:
        """Give one of the Parquet files (findings, rates, quarantine, cell_faults) as a DuckDB relation."""
        return duckdb.read_parquet(str(self.folder / f"{name}.parquet"))


def try_rules(
    data: Path | str,
    *,
    as_of: date,
    year: int | None = None,
    rules: Path | Rulebook | None = None,
    only: Sequence[str] = (),
    values: Sequence[str] = (),
    out: Path | str = "reports",
    source_map: Path | None = None,
    settings: Settings | None = None,
    progress: Progress = lambda _step, _what: None,
) -> Tryout:
    """Ask some rules about a registry, reading only the tables and columns that they need.

    Args:
        data: the registry: a folder, a workbook, a DuckDB file or ``postgresql://user@host/database``.
        as_of: the day of the audit.
        year: the audit year, by default the year of ``as_of``.
        rules: a folder of rules or a loaded rulebook, by default the rules that come with the audit.
        only: ids of the rules to try, by default all.
        values: values that parameters have instead of their dated ones: ``low_income_line=4500``.
        out: the folder in which the tryout's own folder appears.
        source_map: which file and header feeds what, by default ``source-map.yaml`` beside the data.
        settings: memory, threads, scratch folder.
        progress: called with the step and what it works on.

    Raises:
        InputError: a file can't be used.
        SourceMapError: the source map has mistakes.
        RulebookError: the rules or the values have mistakes, or there is no rule of that id.
        RunError: the output folder can't be written.
    """
    settings = settings or Settings()
    out, audit_year = Path(out), as_of.year if year is None else year
    progress("rules", "")
    rulebook = with_values(rules if isinstance(rules, Rulebook) else load_rulebook(rules), values)
    if only:
        rulebook = replace(rulebook, rules=tuple(find_rule(rulebook, one) for one in sorted(set(only))))
    asked = (rulebook.rules, rulebook.parameters, as_of, audit_year)
    few = len(rulebook.rules) <= FEW
    with (
        written_aside(out) as folder,
        accepted_registry(
            data,
            source_map,
            settings,
            progress,
            reads_of(*asked),
            recalled=lambda registry: recall(out, registry),
            facts_stay=not few,
        ) as accepted,
    ):
        con = accepted.con
        name = _name(as_of, audit_year, accepted.registry, rulebook)
        with damage_named(con, accepted.registry):
            in_force, evaluation = _decided(accepted, *asked, progress, few=few)
        write_rates(con, evaluation, folder)
        progress("findings", "")
        load_known(con, None, Aliases())  # a tryout is no night of its own: all its findings are new
        write_findings(con, evaluation, as_of, folder)
        write_faults(con, folder)
        check_unchanged(accepted.registry.seen)  # rows were read until now
        counts = rule_counts(con)
        record = {
            **_asked_record(name, as_of, audit_year, accepted, rulebook),
            "values": list(values),
            "parameters": parameters_record(in_force),
            "rules": rules_record(evaluation.statuses, counts),
        }
        progress("publish", "")
        write_record(folder / TRYOUT_FILE, record)
        return Tryout(
            publish(folder, out, name, latest=False),
            name,
            as_of,
            audit_year,
            input_lines(con, accepted.intakes, _digests(accepted.registry)),
            tuple(RuleLine(one, counts.get(one.rule.id, RuleCounts(one.rule.id))) for one in evaluation.statuses),
            tuple(dict.fromkeys(feed.table for feed in accepted.registry.feeds if feed.whole)),
        )


def _decided(
    accepted: Accepted,
    rules: Sequence[Rule],
    parameters: Mapping[str, Parameter],
    as_of: date,
    year: int,
    progress: Progress,
    *,
    few: bool,
) -> tuple[Mapping[str, InForce], Evaluation]:
    """Decide rules, few while their facts are made, many on tables of facts; gives the values in force and outcomes."""
    if not few:
        asked = ask(accepted, rules, parameters, as_of, year, progress, keep=())
        progress("rates", "")
        return asked.in_force, evaluate(accepted.con, asked.plan)
    progress("facts", "")
    in_force = all_in_force(parameters, year)
    plan = make_plan(rules, in_force, accepted.present, as_of, year)
    facts = AtOnce(accepted.con, as_of, year, in_force, accepted.parts, lambda name: progress("facts", name))
    evaluation = evaluate(accepted.con, plan, facts)
    progress("rates", "")
    return in_force, evaluation


def _name(as_of: date, year: int, registry: Registry, rulebook: Rulebook) -> str:
    """The name of a tryout: its day and a digest of everything that its findings depend on."""
    asked = request_digest(as_of, year, registry, registry.digests, rulebook)
    digest = hashlib.sha256(json.dumps([asked, [rule.id for rule in rulebook.rules]]).encode()).hexdigest()
    return f"tryout-{as_of.isoformat()}-{digest[:12]}"


def _asked_record(name: str, as_of: date, year: int, accepted: Accepted, rulebook: Rulebook) -> dict[str, object]:
    """What was asked about what; without a clock, so that the same tryout gives the same bytes."""
    registry = accepted.registry
    return {
        "tryout_id": name,
        "as_of": as_of.isoformat(),
        "year": year,
        "versions": dict(versions()),
        "rules_sha256": rulebook.digest,
        "inputs": inputs_record(registry, accepted.intakes, registry.digests),
        "map": map_digest(registry),
        "read": _columns_read(registry),
        "in_place": sorted({feed.table for feed in registry.feeds if feed.in_place}),
    }


def _columns_read(registry: Registry) -> dict[str, list[str]]:
    read: dict[str, set[str]] = {}
    for feed in registry.feeds:
        read.setdefault(feed.table, set()).update(feed.columns)
    return {table: sorted(columns) for table, columns in read.items()}


def _digests(registry: Registry) -> dict[int, str]:
    return {source.no: source.sha256(registry.digests) for source in registry.sources}
