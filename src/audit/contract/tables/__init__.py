"""All tables that an audit reads, in contract order."""

from __future__ import annotations

from audit.contract.declare import Table
from audit.contract.tables import household, support, village

TABLES: dict[str, Table] = {table.name: table for table in (*household.TABLES, *support.TABLES, *village.TABLES)}
