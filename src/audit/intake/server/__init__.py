"""A database server as the registry: PostgreSQL's tables and views, read as they were at one moment."""

from __future__ import annotations

from audit.intake.server.claims import ServerTables, TableClaim

__all__ = ["ServerTables", "TableClaim"]
