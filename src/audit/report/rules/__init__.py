"""The pages of the rules: what each says, by which numbers, what it counted, and how that was computed."""

from __future__ import annotations

from audit.report.rules.build import build_rules
from audit.report.rules.figures import RuleFigures, rule_figures

__all__ = ["RuleFigures", "build_rules", "rule_figures"]
