"""Why a rule says what it says about one household: its facts, its conditions with their values, its rows."""

from __future__ import annotations

from audit.explain.explanation import Explanation
from audit.explain.household import explain_household, explain_run

__all__ = ["Explanation", "explain_household", "explain_run"]
