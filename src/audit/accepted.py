"""A registry taken in, on which any number of policies can be asked: the audit, a rehearsal, an explanation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from audit.contract.accept import ConservationError, Intake, accept
from audit.contract.feeds import Registry
from audit.contract.in_place import NOTHING_KNOWN, Known, left_in_place
from audit.contract.narrow import narrowed
from audit.contract.tables import TABLES
from audit.database import Settings, database
from audit.engine.facts import make_facts
from audit.engine.plan import Plan, make_plan
from audit.engine.values_in_force import InForce, all_in_force
from audit.intake import open_registry
from audit.intake.reuse import sheet_store
from audit.intake.steady import check_unchanged, find_damaged
from audit.remaining import parts_of
from audit.rulebook import Parameter, Rule
from audit.subjects import Fact
from audit.subjects.asked import all_columns, asked_columns, columns_read

#: Told the step and what it works on.
Progress = Callable[[str, str], None]
#: Given what is read of a registry, tells what was seen of the same files before.
Recalled = Callable[[Registry], Known]
#: Given the columns that a registry has, as ``table.column``, tells by table which of them are read.
Reads = Callable[[Set[str]], Mapping[str, Collection[str]]]


@dataclass(frozen=True)
class Opened:
    """A registry that lies open in a database of its own; no row has been taken in.

    Attributes:
        con: the database.
        registry: which sheet feeds which table.
        present: the columns that the registry has, as ``table.column``, also those that nobody reads.
        parts: in how many parts the facts of households are made, so that they fit into memory.
    """

    con: duckdb.DuckDBPyConnection
    registry: Registry
    present: frozenset[str]
    parts: int


@dataclass(frozen=True)
class Accepted(Opened):
    """A registry whose rows have been accepted or quarantined.

    Its database has the contract's tables, ``quarantine``, ``cell_faults`` and ``source_files``.

    Attributes:
        intakes: how many rows went where.
    """

    intakes: tuple[Intake, ...]


@contextmanager
def opened_registry(
    data: Path | str,
    source_map: Path | None,
    settings: Settings,
    progress: Progress = lambda _step, _what: None,
    reads: Reads | None = None,
    *,
    recalled: Recalled | None = None,
    facts_stay: bool = True,
) -> Iterator[Opened]:
    """Open a registry in a database of its own, which is gone afterwards; no row is taken in yet.

    Args:
        data: the registry.
        source_map: which file and header feeds what.
        settings: memory, scratch folder, time left.
        progress: called with the step and what it works on.
        reads: given the columns that the registry has, tells by table which are read, and that they are read once or
            twice only: what can be read where it lies is not copied. None to read all, many times.
        recalled: given what is read, tells what was seen of the same files before. None to look at all.
        facts_stay: whether tables of all facts are made, which take room beside the registry's.

    Raises:
        InputError: a file can't be used.
        SourceMapError: the source map has mistakes.
        RunError: the memory limit is not understood.
    """
    with database(settings) as opened, sheet_store(settings.reuse) as store:
        con = opened.con
        progress("digests", "")
        registry = open_registry(con, data, source_map, lambda what: progress("intake", what), store)
        present = frozenset(f"{feed.table}.{column}" for feed in registry.feeds for column in feed.columns)
        if reads:
            registry = narrowed(registry, reads(present))
        if settings.on_work:
            settings.on_work(parts_of(registry), con.query_progress)
        if reads:
            with damage_named(con, registry):
                seen = recalled(registry) if recalled else NOTHING_KNOWN
                registry = left_in_place(con, registry, lambda table: progress("contract", table), seen)
        cells = _cells(registry)
        parts = opened.expect(cells if facts_stay else _cells(registry, copied=True), cells)
        con.execute("CREATE TABLE source_files (no INTEGER, file VARCHAR, sheet VARCHAR)")
        for source in registry.sources:
            con.execute("INSERT INTO source_files VALUES (?, ?, ?)", [source.no, source.file, source.sheet])
        yield Opened(con, registry, present, parts)


def take_in(opened: Opened, progress: Progress = lambda _step, _what: None) -> Accepted:
    """Accept or quarantine every row of an opened registry.

    Raises:
        InputError: a file changed since it was opened, or can't be read to its end.
    """
    progress("contract", "")
    con, registry = opened.con, opened.registry
    with damage_named(con, registry):
        intakes = accept(con, registry, lambda table: progress("contract", table))
    check_unchanged(registry.seen)
    return Accepted(con, registry, opened.present, opened.parts, intakes)


@contextmanager
def damage_named(con: duckdb.DuckDBPyConnection, registry: Registry) -> Iterator[None]:
    """Raise an error about the file that changed or can't be read to its end, where one is the reason for an error."""
    try:
        yield
    except (duckdb.OutOfMemoryException, KeyboardInterrupt):
        raise
    except (duckdb.Error, ConservationError) as error:
        check_unchanged(registry.seen)
        raise find_damaged(con, registry) or error from error


def _cells(registry: Registry, *, copied: bool = False) -> int:
    """How many cells a registry has; or only those of tables that are copied."""
    feeds = [feed for feed in registry.feeds if not (copied and feed.in_place)]
    return sum(feed.source.rows_read * len(feed.columns) for feed in feeds)


@contextmanager
def accepted_registry(
    data: Path | str,
    source_map: Path | None,
    settings: Settings,
    progress: Progress = lambda _step, _what: None,
    reads: Reads | None = None,
    *,
    recalled: Recalled | None = None,
    facts_stay: bool = True,
) -> Iterator[Accepted]:
    """Open a registry and take its rows in, or those that are read; raises what opening it raises."""
    with opened_registry(
        data, source_map, settings, progress, reads, recalled=recalled, facts_stay=facts_stay
    ) as opened:
        yield take_in(opened, progress)


@dataclass(frozen=True)
class Asked:
    """A policy held against an accepted registry: its facts are made.

    Attributes:
        in_force: the value of each parameter in the audit year.
        plan: which rules can be evaluated, and why not the others.
    """

    in_force: Mapping[str, InForce]
    plan: Plan


def ask(
    accepted: Accepted,
    rules: Sequence[Rule],
    parameters: Mapping[str, Parameter],
    as_of: date,
    year: int,
    progress: Progress = lambda _step, _what: None,
    *,
    whole: bool = False,
    keep: Collection[str] | None = None,
) -> Asked:
    """Plan the rules of a policy and make the facts that they ask for; facts of an earlier policy are replaced.

    Args:
        accepted: the registry.
        rules: the rules.
        parameters: the parameters by name.
        as_of: the day of the audit.
        year: the audit year.
        progress: called with the subject whose facts are made.
        whole: whether to make all facts, also those that no rule asks for.
        keep: if no other policy is asked afterwards, the tables that are still read then: the others are dropped on
            the way. None keeps all.
    """
    progress("facts", "")
    in_force = all_in_force(parameters, year)
    plan = make_plan(rules, in_force, accepted.present, as_of, year)
    columns = all_columns() if whole else _asked_facts(plan)
    lying = {feed.table for feed in accepted.registry.feeds if feed.in_place}
    spent = [] if keep is None else [table for table in TABLES if table not in {*keep, *lying}]
    make_facts(
        accepted.con, as_of, year, in_force, columns, lambda name: progress("facts", name), spent, accepted.parts
    )
    return Asked(in_force, plan)


def _asked_facts(plan: Plan) -> Mapping[str, Collection[str]]:
    """By subject, the columns of the facts that the rules of a plan ask for."""
    # The pages count the households, whatever the rules are about.
    facts: dict[str, list[Fact]] = {"household": []}
    for prepared in plan.prepared:
        facts.setdefault(prepared.rule.subject.name, []).extend(prepared.rule.facts)
    return asked_columns(facts)


def reads_of(rules: Sequence[Rule], parameters: Mapping[str, Parameter], as_of: date, year: int) -> Reads:
    """Tell what of a registry has to be read to ask a policy, and nothing else."""

    def reads(present: Set[str]) -> Mapping[str, Collection[str]]:
        return columns_read(_asked_facts(make_plan(rules, all_in_force(parameters, year), present, as_of, year)))

    return reads
