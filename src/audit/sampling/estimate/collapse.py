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
    seen, whole = sampled.tolist(), (sampled == sizes).tolist()
    groups: list[list[int]] = []
    waiting: list[int] = []
    for cell in range(len(names)):
        if whole[cell]:
            groups.append([cell])
            continue
        waiting.append(cell)
        if sum(seen[one] for one in waiting) >= fewest:
            groups.append(waiting)
            waiting = []
    if waiting:
        # What is left joins the last cell that was not taken whole; one taken whole only if there is no other.
        drawn = [group for group in groups if not whole[group[0]]]
        if drawn or groups:
            (drawn or groups)[-1].extend(waiting)
        else:
            groups.append(waiting)
    number = np.empty(len(names), dtype=np.int64)
    for place, group in enumerate(groups):
        number[group] = place
    return Collapse(number, tuple(tuple(names[cell] for cell in group) for group in groups if len(group) > 1))
