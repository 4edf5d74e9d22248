"""Merges cells that hold too few sampled units, in a declared order, and says which (D16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audit.sampling.estimate.survey import Ints


@dataclass(frozen=True, slots=True)
class Collapse:
    """Which cells were put together.

    Attributes:
        groups: the merged cell of each cell, numbered from 0, shape (G,).
        merged: the names of the cells of every merged cell that holds more than one.
    """

    groups: Ints
    merged: tuple[tuple[str, ...], ...]


def collapse(names: Sequence[str], sampled: Ints, sizes: Ints, fewest: int) -> Collapse:
    """Put neighbours in the declared order together until each has enough sampled units, or was taken whole.

    Cells are walked in the order given; those taken whole stand for themselves. A cell with too few units takes the
    next ones in; what is left at the end joins the last cell before it.

    Args:
        names: the cells in the declared order.
        sampled: sampled units by cell.
        sizes: units of the population by cell.
        fewest: how many sampled units a cell needs.
    """
    groups: list[list[int]] = []
    open_group: list[int] = []
    for cell in range(len(names)):
        if sizes[cell] == sampled[cell]:
            groups.append([cell])
            continue
        open_group.append(cell)
        if sampled[open_group].sum() >= fewest:
            groups.append(open_group)
            open_group = []
    if open_group:
        # The remainder joins the last cell that is no cell taken whole; such a cell joins only if there is no other.
        sampled_groups = [one for one in groups if sampled[one].sum() < sizes[one].sum()]
        target = sampled_groups[-1] if sampled_groups else groups[-1] if groups else None
        if target is None:
            groups.append(open_group)
        else:
            target.extend(open_group)
    number = np.empty(len(names), dtype=np.int64)
    for place, group in enumerate(groups):
        number[group] = place
    return Collapse(number, tuple(tuple(names[cell] for cell in group) for group in groups if len(group) > 1))
