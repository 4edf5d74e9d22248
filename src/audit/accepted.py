"""A registry taken in, on which any number of policies can be asked: the audit, a rehearsal, an explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from audit.contract.accept import Intake, accept
from audit.contract.feeds import Registry
from audit.database import Settings, database
from audit.engine.plan import Plan, make_plan
from audit.engine.run import make_facts
from audit.engine.values_in_force import InForce, all_in_force
from audit.intake import open_registry
from audit.rulebook import Parameter, Rule

#: Told the step and what it works on.
Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Accepted:
    """A registry whose rows have been accepted or quarantined.

    Attributes:
        con: the database; it has the contract's tables, ``quarantine``, ``cell_faults`` and ``source_files``.
        registry: which sheet fed which table.
        intakes: how many rows went where.
    """

    con: duckdb.DuckDBPyConnection
    registry: Registry
    intakes: tuple[Intake, ...]

    @property
    def present(self) -> set[str]:
        """The columns that the registry has, as ``table.column``."""
        return {f"{feed.table}.{column}" for feed in self.registry.feeds for column in feed.columns}


@contextmanager
def opened_registry(
    data: Path | str, source_map: Path | None, settings: Settings, progress: Progress = lambda _step, _what: None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Registry]]:
    """Open a registry in a database of its own, which is gone afterwards; no row is taken in yet.

    Raises:
        InputError: a file can't be used.
        SourceMapError: the source map has mistakes.
        RunError: the memory limit is not understood.
    """
    with database(settings) as con:
        progress("intake", "")
        registry = open_registry(con, data, source_map, lambda what: progress("intake", what))
        con.execute("CREATE TABLE source_files (no INTEGER, file VARCHAR, sheet VARCHAR)")
        for source in registry.sources:
            con.execute("INSERT INTO source_files VALUES (?, ?, ?)", [source.no, source.file, source.sheet])
        yield con, registry


def take_in(
    con: duckdb.DuckDBPyConnection, registry: Registry, progress: Progress = lambda _step, _what: None
) -> Accepted:
    """Accept or quarantine every row of an opened registry."""
    progress("contract", "")
    return Accepted(con, registry, accept(con, registry, lambda table: progress("contract", table)))


@contextmanager
def accepted_registry(
    data: Path | str,
    source_map: Path | None,
    settings: Settings,
    progress: Progress = lambda _step, _what: None,
) -> Iterator[Accepted]:
    """Open a registry and take its rows in; raises what opening it raises."""
    with opened_registry(data, source_map, settings, progress) as (con, registry):
        yield take_in(con, registry, progress)


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
) -> Asked:
    """Make the facts of all subjects for a policy and plan its rules; facts of an earlier policy are replaced."""
    progress("facts", "")
    in_force = all_in_force(parameters, year)
    make_facts(accepted.con, as_of, year, in_force, lambda subject: progress("facts", subject))
    return Asked(in_force, make_plan(rules, in_force, accepted.present, as_of, year))
