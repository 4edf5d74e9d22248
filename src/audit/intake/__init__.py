"""Finds files, sheets and headers; reads every cell as text with file, sheet and row; says what feeds what."""

from __future__ import annotations

from audit.intake.draft import draft_map
from audit.intake.registry import open_registry

__all__ = ["draft_map", "open_registry"]
