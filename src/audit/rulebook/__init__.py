"""Policy as data: rules and dated parameters, read from YAML, checked as a whole, never evaluated as code."""

from __future__ import annotations

from audit.rulebook.load import default_rules, find_rule, load_rulebook
from audit.rulebook.policy import Case, Outcome, Parameter, Rule, Rulebook

__all__ = ["Case", "Outcome", "Parameter", "Rule", "Rulebook", "default_rules", "find_rule", "load_rulebook"]
