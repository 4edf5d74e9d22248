"""Tries a new policy on today's registry before it counts: what it would find more, find less and tell otherwise.

from datetime import date
from audit.rehearsal import rehearse

rehearsal = rehearse("data/sample", as_of=date(2024, 12, 31), values=["low_income_line=4500"], out="reports")
"""

from __future__ import annotations

from audit.rehearsal.rehearse import Rehearsal, rehearse

__all__ = ["Rehearsal", "rehearse"]
