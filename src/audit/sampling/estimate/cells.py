"""Precision with cells weighted as they are in the frame: post-stratification, small cells put together (D16)."""

from __future__ import annotations

import numpy as np

from audit.sampling.estimate.collapse import collapse
from audit.sampling.estimate.limits import share_limits
from audit.sampling.estimate.share import FEWEST, Method, Share
from audit.sampling.estimate.survey import Floats, Ints, total_variance, worth
from audit.sampling.estimate.visits import Answered, Population, Visits, findings_judged

#: The order in which cells are put together: within a rule by township, then rules of one severity, then all.
SEVERITY_ORDER = ("high", "medium", "low")


def share_in_cells(population: Population, visits: Visits, reading: Answered, alpha: float) -> Share | None:
    """Share of the findings that are confirmed: sum over cells of (M_g / M) p_g.

    A cell is a rule in a township. p_g is the weighted share among the visited; the variance is that of the residuals
    within cells, added up by household: sum over g of (M_g / M) (x_ig - p_g m_ig) / (weighted findings of the cell).

    Args:
        population: who could be drawn, with M_g findings in each cell.
        visits: what was found.
        reading: how the unresolved are read.
        alpha: the risk that is left, both sides together.

    Returns:
        None where all or none of the findings were confirmed or everybody was visited (the exact limit needs no cells),
        or nothing was settled.
    """
    findings, households = _in_frame(population)
    order = sorted(range(len(population.rules)), key=lambda rule: SEVERITY_ORDER.index(population.severities[rule]))
    cells = [(rule, place) for rule in order for place in range(len(population.townships)) if findings[rule, place]]
    if not cells:
        return None
    judged, counted = findings_judged(visits, reading.version)
    judged, counted = judged[reading.taken], counted[reading.taken]
    township = visits.township[reading.taken]
    seen = np.array([int(((judged[:, rule] > 0) & (township == place)).sum()) for rule, place in cells])
    names = [f"{population.rules[rule]} {population.townships[place]}" for rule, place in cells]
    put_together = collapse(names, seen, np.array([households[cell] for cell in cells]), FEWEST)
    of_cell = np.zeros(findings.shape, dtype=np.int64)
    for cell, group in zip(cells, put_together.groups, strict=True):
        of_cell[cell] = group
    part = np.bincount(put_together.groups, [findings[cell] for cell in cells]) / findings.sum()
    asked, found = (_by_group(table, of_cell[:, township], len(part)) for table in (judged, counted))
    expanded = reading.survey.weight @ asked
    if bool(np.any(expanded == 0)):
        return None
    share = (reading.survey.weight @ found) / expanded
    point = float(part @ share)
    residual = (found - share * asked) @ (part / expanded)
    units, things, confirmed = int((judged.sum(axis=1) > 0).sum()), int(judged.sum()), int(counted.sum())
    if confirmed in {0, things} or bool(np.all(reading.survey.sampled == reading.survey.sizes)):
        return None
    variance = total_variance(reading.survey, residual)
    return Share(
        point,
        share_limits(point, variance, units, len(part), alpha, worth(reading.survey.weight[judged.sum(axis=1) > 0])),
        Method.CELLS,
        variance,
        units,
        things,
        confirmed,
        None,
        put_together.merged,
    )


def _in_frame(population: Population) -> tuple[Ints, Ints]:
    """Findings of each rule in each township of the frame, and households that have any; both of shape (R, T)."""
    shape = len(population.rules), len(population.townships)
    findings, households = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for rule in range(shape[0]):
        each = population.findings[:, rule]
        findings[rule] = np.bincount(population.township, population.households * each, shape[1])
        households[rule] = np.bincount(population.township, population.households * (each > 0), shape[1])
    return findings, households


def _by_group(findings: Ints, groups: Ints, many: int) -> Floats:
    """Findings of each household by merged cell, shape (n, G), from those by rule and the cell of each."""
    counts = np.zeros((len(findings), many))
    every = np.arange(len(findings))
    for rule in range(findings.shape[1]):
        np.add.at(counts, (every, groups[rule]), findings[:, rule])
    return counts
