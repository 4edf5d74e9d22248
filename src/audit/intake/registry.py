"""Opens a registry: says which sheet of which file feeds which table, and loads text sheets into DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

import duckdb

from audit.contract.feeds import Feed, RawColumn, Registry, Seen
from audit.contract.tables import TABLES
from audit.errors import AuditError, InputError, SourceMapError
from audit.intake.claims import Claim, claim_files
from audit.intake.columns import map_columns
from audit.intake.opened import Opened, open_claim
from audit.intake.reuse import SheetStore
from audit.intake.server import ServerTables, TableClaim
from audit.intake.source_map import FeedMap, read_source_map
from audit.intake.steady import see_files
from audit.model.registry_place import is_server

MAP_NAME = "source-map.yaml"


def open_registry(
    con: duckdb.DuckDBPyConnection,
    data: Path | str,
    source_map: Path | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    store: SheetStore | None = None,
) -> Registry:
    """Open a folder, a workbook, a DuckDB file or a database server.

    Args:
        con: the database into which text sheets and a server's tables are loaded as ``raw_0``, ``raw_1``, ...
        data: the registry: a path, or the address of a database server.
        source_map: the source map; by default ``source-map.yaml`` in or beside the registry.
        on_step: called with the name of each file or table.
        store: where the text of sheets is kept from one audit to the next; None to read all anew.

    Raises:
        InputError: a file or sheet can't be used.
        SourceMapError: the source map has mistakes.
    """
    if is_server(data):
        return _from_server(con, str(data), source_map, on_step)
    place = Path(data)
    if not place.exists():
        raise InputError("intake.no_registry", file=place)
    beside = (place if place.is_dir() else place.parent) / MAP_NAME
    chosen = source_map or (beside if beside.is_file() else None)
    seen = see_files([chosen] if chosen else [])
    claims, unread = claim_files(place, read_source_map(chosen) if chosen else (), chosen)
    seen |= see_files(claim.path for claim in claims)
    if store:
        store.digests.update((path, one.sha256) for path, one in seen.items())
    opened: list[Opened] = []
    for claim in claims:
        on_step(claim.file)
        opened.append(open_claim(con, claim, len(opened), store))
    if store:
        store.tidy()
    return _registry(claims, opened, unread, chosen, place.name, seen)


def _from_server(
    con: duckdb.DuckDBPyConnection, place: str, source_map: Path | None, on_step: Callable[[str], None]
) -> Registry:
    maps = read_source_map(source_map) if source_map else ()
    try:
        # Its driver is installed only where it is wanted.
        read = import_module("audit.intake.server.read")
    except ImportError as error:
        raise InputError("server.no_driver") from error
    tables: ServerTables = read.read_tables(con, place, maps, source_map, on_step)
    return _registry(
        tables.claims,
        tables.opened,
        tables.unread,
        source_map,
        tables.name,
        see_files([source_map] if source_map else []),
    )


def _registry(
    claims: Sequence[Claim | TableClaim],
    opened: Sequence[Opened],
    unread: Sequence[str],
    source_map: Path | None,
    name: str,
    seen: Mapping[Path, Seen],
) -> Registry:
    """Say what feeds what, once everything is opened."""
    mistakes: list[AuditError] = []
    feeds: list[Feed] = []
    for one, claim in zip(opened, claims, strict=True):
        feeds += _feeds(one, claim, mistakes, source_map.name if source_map else "")
    if mistakes:
        raise SourceMapError("intake.map_mistakes", mistakes)
    fed = {feed.table for feed in feeds}
    for table in TABLES.values():
        if table.only_required and table.name not in fed:
            raise InputError("intake.no_table", table=table.name, title=table.title, registry=name)
    order = {table: place for place, table in enumerate(TABLES)}
    feeds.sort(key=lambda feed: (order[feed.table], feed.source.no))
    return Registry(tuple(feeds), tuple(one.source for one in opened), tuple(unread), source_map, seen)


def _feeds(one: Opened, claim: Claim | TableClaim, mistakes: list[AuditError], shown: str) -> list[Feed]:
    plans: Sequence[FeedMap | None] = claim.source_map.feeds if claim.source_map else [None]
    percent = claim.source_map.percent if claim.source_map else ()
    feeds = []
    for place, plan in enumerate(plans):
        table = TABLES[plan.table if plan else claim.table]
        before = len(mistakes)
        columns = map_columns(one.columns, table, plan, percent, mistakes, shown)
        if len(mistakes) == before:
            _need(one, claim, table.name, columns)
        shape, by = (plan.shape, plan.by) if plan else ("rows", ())
        feeds.append(Feed(table.name, one.source, columns, shape, by, grain=place == 0))
    return feeds


def _need(one: Opened, claim: Claim | TableClaim, table: str, columns: dict[str, RawColumn]) -> None:
    lacking = [field for field in TABLES[table].fields if field.required and field.name not in columns]
    if lacking:
        raise InputError(
            "intake.columns_missing",
            file=claim.file,
            sheet=claim.sheet or "–",
            table=table,
            columns=", ".join(f"{field.name} {field.title}" for field in lacking),
            headers=", ".join(header.name for header in one.columns.headers[:30]),
        )
