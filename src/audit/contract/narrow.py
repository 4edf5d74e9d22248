"""Leaves out of a registry what nobody will read: whole tables, and columns that no row can be refused for.

The same rows are accepted and refused as if all had been read, so the rest of an audit comes out the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from audit.contract.declare import Table
from audit.contract.feeds import Feed, Registry
from audit.contract.fields import Type
from audit.contract.tables import TABLES

#: A number of these that Excel has shortened refuses its row, also where the column is not required.
_SHORTENED = frozenset({Type.IDENTIFIER, Type.AREA})


def narrowed(registry: Registry, read: Mapping[str, Collection[str]]) -> Registry:
    """Give a registry that has only the feeds and columns that are read, and those that decide about their rows.

    Args:
        registry: the registry, which stays as it is.
        read: by table, the columns that are read.
    """
    feeds = tuple(
        _narrowed(feed, TABLES[feed.table], read.get(feed.table, ()))
        for feed in registry.feeds
        if feed.table in read or TABLES[feed.table].only_required
    )
    return replace(registry, feeds=feeds)


def _narrowed(feed: Feed, table: Table, read: Collection[str]) -> Feed:
    deciding = {field.name for field in table.fields if field.required or field.type in _SHORTENED}
    kept = {*read, *deciding, *table.key, *feed.by}
    return replace(feed, columns={name: column for name, column in feed.columns.items() if name in kept})
