"""Makes up registries: believable, deterministic, with planted patterns and a file that says what was planted."""

from __future__ import annotations

from audit.generate.registry import generate_registry

__all__ = ["generate_registry"]
