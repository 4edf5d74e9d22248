"""The pages of townships and villages: flagged households with all their findings, their cards and visit sheets."""

from __future__ import annotations

from audit.report.areas.build import build_areas

__all__ = ["build_areas"]
