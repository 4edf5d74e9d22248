"""The overview: the state of the county on one page."""

from __future__ import annotations

from audit.report.overview.build import build_overview

__all__ = ["build_overview"]
