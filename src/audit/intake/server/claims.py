"""Which tables and views of a database feed which table of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from audit.contract.tables import TABLES
from audit.errors import AuditError, InputError, SourceMapError
from audit.intake.opened import Opened
from audit.intake.source_map import SourceMap
from audit.model.nearest import nearest

if TYPE_CHECKING:
    from audit.intake.server.snapshot import Snapshot


@dataclass(frozen=True)
class TableClaim:
    """One table or view that will be read.

    Attributes:
        file: the database, as reports name it.
        sheet: schema and name of the table.
        schema: its schema.
        name: its name in the schema.
        table: the table of the contract that it feeds when no map says so.
        source_map: the entry of the map that claims it.
    """

    file: str
    sheet: str
    schema: str
    name: str
    table: str
    source_map: SourceMap | None = None


@dataclass(frozen=True)
class ServerTables:
    """What was read from a server.

    Attributes:
        name: the database, as reports name it.
        claims: the tables that were read.
        opened: each of them, in the same order.
        unread: tables of the schema that nobody claims.
    """

    name: str
    claims: Sequence[TableClaim]
    opened: Sequence[Opened]
    unread: Sequence[str]


def claim_tables(
    snapshot: Snapshot, maps: Sequence[SourceMap], map_path: Path | None
) -> tuple[list[TableClaim], list[str]]:
    """Say what will be read, in the order of the contract, and which tables of the schema nobody claims.

    Raises:
        InputError: the schema is not there, or two tables stand for one.
        SourceMapError: the map names tables that are not there.
    """
    address = snapshot.address
    if address.schema not in (schemas := snapshot.schemas()):
        words = {"schema": address.schema, "nearest": nearest(address.schema, schemas), "user": snapshot.con.info.user}
        raise InputError("server.no_schema", place=address.shown, **words)
    tables = {f"{schema}.{table}": (schema, table) for schema, table in snapshot.tables()}
    claims: list[TableClaim] = []
    mistakes: list[AuditError] = []
    shown = map_path.name if map_path else ""
    for entry in maps:
        found = [sheet for sheet in tables if fnmatchcase(sheet, entry.pattern)]
        if not found:
            words = {"name": entry.pattern, "nearest": nearest(entry.pattern, tables)}
            mistakes.append(AuditError("server.map_table", file=shown, line=entry.line, **words))
        for sheet in found:
            claims.append(TableClaim(address.shown, sheet, *tables[sheet], entry.feeds[0].table, entry))
    if mistakes:
        raise SourceMapError("intake.map_mistakes", mistakes)
    mapped = {claim.sheet for claim in claims}
    titles = {**{name: name for name in TABLES}, **{table.title: name for name, table in TABLES.items()}}
    own: dict[str, TableClaim] = {}
    for sheet, (schema, name) in tables.items():
        if schema != address.schema or sheet in mapped or name not in titles:
            continue
        claim = TableClaim(address.shown, sheet, schema, name, titles[name])
        if first := own.setdefault(claim.table, claim) if claim.table in own else None:
            raise InputError(
                "intake.two_claims", table=claim.table, first=first.sheet, second=sheet, file=address.shown
            )
        own[claim.table] = claim
    claims += own.values()
    order = list(TABLES)
    claims.sort(key=lambda claim: (order.index(claim.table), claim.sheet))
    read = {claim.sheet for claim in claims}
    unread = [f"{address.shown} [{sheet}]" for sheet, (schema, _) in tables.items() if schema == address.schema]
    return claims, [one for one in unread if one.partition(" [")[2][:-1] not in read]
