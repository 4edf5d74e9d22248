"""``python -m tests.benchmarks.coverage``: how often limits hold the truth in the scenarios of the method's tables."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np

from audit.sampling.chance import two_sided_counts
from audit.sampling.draw.select import certainty
from audit.sampling.estimate.limits import Limits, recall
from audit.sampling.estimate.share import Domain, estimate_share
from audit.sampling.estimate.survey import equal_chances, unequal_chances

ALPHA = Fraction(1, 20)


@dataclass(frozen=True)
class Strata:
    """A population in strata: households, visits and share affected of each."""

    name: str
    sizes: tuple[int, ...]
    visits: tuple[int, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Two:
    """A flagged and an unflagged population: households, visits and share with a real problem of each."""

    sizes: tuple[int, int]
    visits: tuple[int, int]
    shares: tuple[float, float]


@dataclass(frozen=True)
class Sized:
    """A population drawn in proportion to findings: of each number of findings the households and the share true."""

    name: str
    households: Mapping[int, tuple[int, float]]
    visits: int


#: Stratified shares (D17): rare and evenly spread; rare with one small bad township; uneven; mostly confirmed.
STRATIFIED = (
    Strata("rare 2 %, proportional", (900, 600, 300, 120), (60, 40, 20, 8), (0.02, 0.02, 0.02, 0.02)),
    Strata("rare, small bad stratum, at least 8", (2400, 900, 500, 200), (60, 30, 20, 8), (0.01, 0.01, 0.01, 0.2)),
    Strata("about 35 % confirmed, uneven", (900, 600, 300, 120), (30, 20, 10, 8), (0.2, 0.4, 0.5, 0.8)),
    Strata("about 85 % confirmed", (900, 600, 300, 120), (30, 20, 10, 8), (0.9, 0.85, 0.75, 0.7)),
)
#: Recall (D19).
RECALL = (
    Two((400, 9600), (80, 300), (0.8, 0.01)),
    Two((400, 9600), (80, 300), (0.8, 0.002)),
    Two((120, 2000), (30, 150), (0.6, 0.02)),
    Two((1500, 30000), (150, 400), (0.9, 0.003)),
    Two((60, 800), (20, 60), (0.5, 0.05)),
)


#: Draws in proportion to findings (D12): equally often true; the truer the fewer; hardly any wrong; some drawn for certain.
PROPORTIONAL = (
    Sized("by size, about 70 % confirmed", {1: (300, 0.7), 2: (150, 0.7), 4: (40, 0.7), 8: (10, 0.7)}, 60),
    Sized("by size, the more the less true", {1: (300, 0.9), 2: (150, 0.7), 4: (40, 0.5), 8: (10, 0.3)}, 60),
    Sized("by size, 2 % wrong", {1: (300, 0.98), 2: (150, 0.98), 4: (40, 0.98), 8: (10, 0.98)}, 60),
    Sized("by size, some certain", {1: (200, 0.8), 3: (60, 0.6), 40: (5, 0.4)}, 40),
)


@dataclass(frozen=True)
class Coverage:
    """How often limits held the truth, and how wide they were on average."""

    truth: float
    held: float
    width: float


def stratified_coverage(scenario: Strata, repetitions: int, seed: int) -> Coverage:
    """Draw stratified samples again and again and look whether the limits of the share hold the truth."""
    generator = np.random.default_rng(seed)
    sizes, visits = np.array(scenario.sizes), np.array(scenario.visits)
    affected = np.rint(sizes * np.array(scenario.shares)).astype(int)
    truth = float(affected.sum() / sizes.sum())
    survey = equal_chances(sizes, np.repeat(np.arange(len(sizes)), visits))
    names = tuple("abcdefgh"[: len(sizes)])
    held, width = 0, 0.0
    for found in generator.hypergeometric(affected, sizes - affected, visits, (repetitions, len(sizes))):
        seen = np.concatenate([np.arange(n) < k for k, n in zip(found, visits, strict=True)]).astype(float)
        once = ((1, int(sizes.sum())),)
        share = estimate_share(Domain(survey, names, np.ones(len(seen)), seen, sizes, sizes, once), ALPHA)
        assert share is not None
        held += _holds(share.limits, truth)
        width += share.limits.upper - share.limits.lower
    return Coverage(truth, held / repetitions, width / repetitions)


def recall_coverage(scenario: Two, repetitions: int, seed: int) -> Coverage:
    """Draw from both populations again and again and look whether the limits of recall hold the truth."""
    generator = np.random.default_rng(seed)
    real = [round(size * share) for size, share in zip(scenario.sizes, scenario.shares, strict=True)]
    truth = real[0] / sum(real)
    held, counted, width = 0, 0, 0.0
    known: dict[tuple[int, int], Limits] = {}
    for _ in range(repetitions):
        points, limits = [], []
        for place, (size, visits) in enumerate(zip(scenario.sizes, scenario.visits, strict=True)):
            found = int(generator.hypergeometric(real[place], size - real[place], visits))
            if (place, found) not in known:
                known[place, found] = Limits(*two_sided_counts(size, visits, found, ALPHA))
            points.append(size * found / visits)
            limits.append(known[place, found])
        made = recall(points[0], limits[0], points[1], limits[1])
        if made is not None:
            counted += 1
            held += _holds(made.limits, truth)
            width += made.limits.upper - made.limits.lower
    return Coverage(truth, held / counted, width / counted)


def proportional_coverage(scenario: Sized, repetitions: int, seed: int) -> Coverage:
    """Draw by sequential Poisson again and again and look whether the limits of the share of findings hold the truth."""
    generator = np.random.default_rng(seed)
    findings = np.repeat(list(scenario.households), [count for count, _ in scenario.households.values()])
    shares = np.repeat([share for _, share in scenario.households.values()], np.unique(findings, return_counts=True)[1])
    true = generator.binomial(findings, shares)
    truth = float(true.sum() / findings.sum())
    sizes = tuple((size, count) for size, (count, _) in scenario.households.items())
    bound, n, total = certainty(sizes, scenario.visits)
    chance = np.where(findings >= bound, 1.0, n * findings / total)
    population, things = np.array([len(findings)]), np.array([int(findings.sum())])
    held, width = 0, 0.0
    for _ in range(repetitions):
        order = np.where(chance == 1.0, -1.0, generator.random(len(findings)) / chance)
        drawn = np.argsort(order)[: scenario.visits]
        survey = unequal_chances(population, np.zeros(len(drawn), dtype=np.int64), chance[drawn])
        asked, found = findings[drawn].astype(float), true[drawn].astype(float)
        share = estimate_share(Domain(survey, ("a",), asked, found, population, things, sizes), ALPHA)
        assert share is not None
        held += _holds(share.limits, truth)
        width += share.limits.upper - share.limits.lower
    return Coverage(truth, held / repetitions, width / repetitions)


def simulation_error(repetitions: int) -> float:
    """Three standard errors of a share of 95 % counted so often."""
    return 3 * sqrt(0.95 * 0.05 / repetitions)


def _holds(limits: Limits, truth: float) -> bool:
    return limits.lower <= truth + 1e-12 and truth - 1e-12 <= limits.upper


def lines(repetitions: int, seed: int) -> Iterator[tuple[str, Coverage]]:
    """Every scenario with what came of it."""
    for one in STRATIFIED:
        yield one.name, stratified_coverage(one, repetitions, seed)
    for sized in PROPORTIONAL:
        yield sized.name, proportional_coverage(sized, repetitions, seed)
    for two in RECALL:
        name = " / ".join(
            f"{size}, {share:g}, {visits}"
            for size, share, visits in zip(two.sizes, two.shares, two.visits, strict=True)
        )
        yield f"recall {name}", recall_coverage(two, repetitions, seed)


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    print(f"{'scenario (nominal 95 %)':45} {'truth':>7} {'held':>7} {'width':>7}")
    for name, found in lines(options.repetitions, options.seed):
        print(f"{name:45} {found.truth:7.4f} {found.held:7.3f} {found.width:7.3f}")


if __name__ == "__main__":
    main()
