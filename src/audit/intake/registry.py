"""Opens a registry: says which sheet of which file feeds which table, and loads text sheets into DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from audit.contract.feeds import Feed, RawColumn, Registry
from audit.contract.tables import TABLES
from audit.errors import AuditError, InputError, SourceMapError
from audit.intake.claims import Claim, claim_files
from audit.intake.columns import map_columns
from audit.intake.opened import Opened, open_claim
from audit.intake.reuse import SheetStore
from audit.intake.source_map import FeedMap, read_source_map
from audit.intake.steady import see_files

MAP_NAME = "source-map.yaml"


def open_registry(
    con: duckdb.DuckDBPyConnection,
    data: Path,
    source_map: Path | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    store: SheetStore | None = None,
) -> Registry:
    """Open a folder, a workbook or a DuckDB file.

    Args:
        con: the database into which text sheets are loaded as ``raw_0``, ``raw_1``, ...
        data: the registry.
        source_map: the source map; by default ``source-map.yaml`` in or beside the registry.
        on_step: called with the name of each file.
        store: where the text of sheets is kept from one audit to the next; None to read all anew.

    Raises:
        InputError: a file or sheet can't be used.
        SourceMapError: the source map has mistakes.
    """
    if not data.exists():
        raise InputError("intake.no_registry", file=data)
    beside = (data if data.is_dir() else data.parent) / MAP_NAME
    chosen = source_map or (beside if beside.is_file() else None)
    seen = see_files([chosen] if chosen else [])
    maps = read_source_map(chosen) if chosen else ()
    claims, unread = claim_files(data, maps, chosen)
    mistakes: list[AuditError] = []
    feeds: list[Feed] = []
    opened: list[Opened] = []
    shown = chosen.name if chosen else ""
    seen |= see_files(claim.path for claim in claims)
    if store:
        store.digests.update((path, one.sha256) for path, one in seen.items())
    for claim in claims:
        on_step(claim.file)
        one = open_claim(con, claim, len(opened), store)
        opened.append(one)
        feeds += _feeds(one, claim, mistakes, shown)
    if store:
        store.tidy()
    if mistakes:
        raise SourceMapError("intake.map_mistakes", mistakes)
    fed = {feed.table for feed in feeds}
    for table in TABLES.values():
        if table.only_required and table.name not in fed:
            raise InputError("intake.no_table", table=table.name, title=table.title, registry=data.name)
    order = {name: place for place, name in enumerate(TABLES)}
    feeds.sort(key=lambda feed: (order[feed.table], feed.source.no))
    return Registry(tuple(feeds), tuple(one.source for one in opened), tuple(unread), chosen, seen)


def _feeds(one: Opened, claim: Claim, mistakes: list[AuditError], shown: str) -> list[Feed]:
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


def _need(one: Opened, claim: Claim, table: str, columns: dict[str, RawColumn]) -> None:
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
