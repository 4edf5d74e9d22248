"""Which columns of a registry a fact needs: ``a.x and (b.y or b.z)``, written as data."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

_TOKENS = re.compile(r"\(|\)|[a-z_]+(?:\.[a-z_]+)?")


@dataclass(frozen=True)
class Needs:
    """A column, or several of which all or one must be there.

    Attributes:
        column: ``table.column``, for a single column.
        every: all of these must be met.
        one_of: one of these must be met.
    """

    column: str = ""
    every: tuple[Needs, ...] = ()
    one_of: tuple[Needs, ...] = ()

    def missing(self, present: Set[str]) -> tuple[str, ...]:
        """The columns that would have to be added; nothing if the registry has what is needed."""
        if self.column:
            return () if self.column in present else (self.column,)
        if self.one_of:
            lacking = [need.missing(present) for need in self.one_of]
            return min(lacking, key=len)
        return tuple(dict.fromkeys(column for need in self.every for column in need.missing(present)))


def parse_needs(text: str) -> Needs:
    """Read ``table.column`` joined by ``and``, ``or`` and brackets; ``and`` binds closer."""
    tokens = _TOKENS.findall(text)
    needs = _either(tokens)
    if tokens:
        raise ValueError(f"not understood: {text}")
    return needs


def _either(tokens: list[str]) -> Needs:
    parts = [_all(tokens)]
    while tokens and tokens[0] == "or":
        tokens.pop(0)
        parts.append(_all(tokens))
    return parts[0] if len(parts) == 1 else Needs(one_of=tuple(parts))


def _all(tokens: list[str]) -> Needs:
    parts = [_one(tokens)]
    while tokens and tokens[0] == "and":
        tokens.pop(0)
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else Needs(every=tuple(parts))


def _one(tokens: list[str]) -> Needs:
    token = tokens.pop(0)
    if token != "(":
        return Needs(column=token)
    inner = _either(tokens)
    tokens.pop(0)
    return inner
