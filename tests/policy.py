"""The rules that come with the audit, read once for all tests of a process, and a few of them for tests about few."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from audit.rulebook import Rulebook, find_rule, load_rulebook


@cache
def shipped() -> Rulebook:
    """All of them."""
    return load_rulebook()


@cache
def few(*ids: str) -> Rulebook:
    """Only these, in this order."""
    return replace(shipped(), rules=tuple(find_rule(shipped(), one) for one in ids))
