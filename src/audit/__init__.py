"""Checks household registries against dated rules and writes down every finding with its evidence.

from datetime import date
from audit import run_audit, load_rulebook

result = run_audit("data/sample", as_of=date(2024, 12, 31), out="reports")
result.pandas("findings")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.database import Settings
    from audit.pipeline import AuditResult, run_audit
    from audit.rulebook import Rulebook, load_rulebook

__all__ = ["AuditResult", "Rulebook", "Settings", "load_rulebook", "run_audit"]

_HOMES = {
    "AuditResult": "audit.pipeline",
    "Settings": "audit.database",
    "run_audit": "audit.pipeline",
    "Rulebook": "audit.rulebook",
    "load_rulebook": "audit.rulebook",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: DuckDB and pandas take their time."""
    if name not in _HOMES:
        raise AttributeError(name)

    return getattr(import_module(_HOMES[name]), name)
