"""The pages of a run: they open from a folder, without a network, with personal data masked."""

from __future__ import annotations

from audit.report.rules import rule_figures
from audit.report.site import build_pages

__all__ = ["build_pages", "rule_figures"]
