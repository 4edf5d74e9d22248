"""Reads all tables of a registry from a server, in one look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from audit.intake.opened import Opened
from audit.intake.server.claims import ServerTables, claim_tables
from audit.intake.server.load import open_table
from audit.intake.server.snapshot import snapshot
from audit.intake.source_map import SourceMap


def read_tables(
    con: duckdb.DuckDBPyConnection,
    place: str,
    maps: Sequence[SourceMap],
    map_path: Path | None,
    on_step: Callable[[str], None],
) -> ServerTables:
    """Copy every table that the contract or the map names, all as they were when the first was read.

    Args:
        con: the database into which they are copied as ``raw_0``, ``raw_1``, ...
        place: the server's address.
        maps: what the source map says.
        map_path: where the source map is, for messages.
        on_step: called with the name of each table.

    Raises:
        InputError: the server, a table or a column can't be read.
        SourceMapError: the map names tables that are not there.
    """
    with snapshot(place) as moment:
        claims, unread = claim_tables(moment, maps, map_path)
        opened: list[Opened] = []
        for claim in claims:
            on_step(claim.sheet)
            opened.append(open_table(con, moment, claim, len(opened)))
    return ServerTables(moment.address.shown, claims, opened, unread)
