"""Small cells join their neighbours in the declared order, openly."""

from __future__ import annotations

import numpy as np

from audit.sampling.estimate.collapse import collapse


def test_neighbours_are_put_together_until_there_are_enough() -> None:
    # b (2) takes c (1) and d (4) in; e (1) is left over and joins them.
    made = collapse(["a", "b", "c", "d", "e"], np.array([9, 2, 1, 4, 1]), np.array([90, 20, 10, 40, 10]), 5)
    assert made.groups.tolist() == [0, 1, 1, 1, 1]
    assert made.merged == (("b", "c", "d", "e"),)


def test_a_cell_taken_whole_stands_for_itself() -> None:
    made = collapse(["a", "b", "c"], np.array([1, 3, 1]), np.array([10, 3, 10]), 2)
    assert made.groups.tolist() == [1, 0, 1]
    assert made.merged == (("a", "c"),)


def test_all_cells_together_may_still_be_small() -> None:
    assert collapse(["a", "b"], np.array([1, 0]), np.array([10, 10]), 5).groups.tolist() == [0, 0]
