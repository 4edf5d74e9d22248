"""Holds the audit against the source plan: its printed figures beside those of an audit of its own sample."""

from __future__ import annotations

from audit.replicate.compare import Compared, Replication, replicate

__all__ = ["Compared", "Replication", "replicate"]
