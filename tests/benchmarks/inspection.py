"""``python -m tests.benchmarks.inspection``: a thousand simulated inspections of a registry whose truth is known.

A made-up registry is audited once. A hidden rule says which findings are true and which unflagged households have a
problem all the same. Then households are drawn, "visited" and estimated again and again, each time with another seed,
and it is counted how often the limits hold the truth.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256
from math import sqrt
from pathlib import Path

import duckdb
import numpy as np

from audit import Settings, run_audit
from audit.generate import generate_registry
from audit.model.extent import Extent
from audit.sampling.estimate.estimate import DomainKind, Estimate, Measure
from audit.sampling.estimate.measures import Sample, finding_estimates, household_estimates, recall_estimate
from audit.sampling.estimate.survey import Floats, Ints
from audit.sampling.estimate.visits import Outcome, Population, Visits

AS_OF = date(2024, 12, 31)
ALPHA = Fraction(1, 20)
#: Of so many visits one settles nothing, whatever the truth.
UNRESOLVED = 25
#: Shares of true findings by rule, in turn.
SHARES = (0.97, 0.9, 0.8, 0.65, 0.85, 0.5, 0.93)


@dataclass(frozen=True)
class Frame:
    """One population with its hidden truth, one entry a household.

    Attributes:
        ids: of the households.
        population: the same as counts.
        stratum, township: of each household.
        asked: findings by rule, shape (N, R).
        true: how many of them are true.
        problem: 1 if the household has a real problem.
    """

    ids: tuple[str, ...]
    population: Population
    stratum: Ints
    township: Ints
    asked: Ints
    true: Ints
    problem: Ints


@dataclass(frozen=True)
class World:
    """A registry with its audit and its truth."""

    flagged: Frame
    unflagged: Frame


def chance_of(*about: object) -> float:
    """A number between 0 and 1 that is always the same for the same things."""
    return int(sha256("\x1f".join(map(str, about)).encode()).hexdigest()[:13], 16) / 16**13


def make_world(households: int, seed: int, folder: Path) -> World:
    """Make up a registry, audit it and decide what is true."""
    registry = folder / "registry"
    generate_registry(households, seed, registry, as_of=AS_OF)
    run = run_audit(registry, as_of=AS_OF, out=folder / "out", settings=Settings("en", pages=Extent.NONE)).folder
    with duckdb.connect() as con:
        people = con.execute(
            f"SELECT household_id, area_code FROM '{registry / 'households.parquet'}' ORDER BY household_id"
        ).fetchall()
        findings = con.execute(
            f"SELECT household_id, rule_id, severity, finding_id FROM '{run / 'findings.parquet'}' "
            "WHERE household_id IS NOT NULL AND rule_id NOT LIKE 'FAB%' ORDER BY ALL"
        ).fetchall()
    by_household: dict[str, list[tuple[str, str]]] = defaultdict(list)
    severities: dict[str, str] = {}
    for household, rule, severity, finding in findings:
        by_household[household].append((rule, finding))
        severities[rule] = severity
    places = dict(people)
    rules = tuple(sorted(severities))
    flagged = [one for one in places if one in by_household]
    asked = np.zeros((len(flagged), len(rules)), dtype=np.int64)
    true = np.zeros_like(asked)
    for row, household in enumerate(flagged):
        # Some households are wrong in everything: their findings stand and fall together.
        sloppy = chance_of("sloppy", seed, household) < 0.1
        for rule, finding in by_household[household]:
            place = rules.index(rule)
            asked[row, place] += 1
            share = SHARES[place % len(SHARES)] * (0.4 if sloppy else 1.0)
            true[row, place] += chance_of("true", seed, finding) < share
    unflagged = [one for one in places if one not in by_household]
    missed = np.array([_missed(seed, one, places[one]) for one in unflagged], dtype=np.int64)
    nothing = np.zeros((len(unflagged), 0), dtype=np.int64)
    kinds = tuple(severities[rule] for rule in rules)
    return World(
        _frame(flagged, [places[one] for one in flagged], rules, kinds, asked, true, (true.sum(axis=1) > 0)),
        _frame(unflagged, [places[one] for one in unflagged], (), (), nothing, nothing, missed),
    )


def _missed(seed: int, household: str, area: str) -> bool:
    """Whether an unflagged household has a problem: about one in seventy, more in some villages."""
    return chance_of("missed", seed, household) < 0.005 + 0.02 * chance_of("village", seed, area)


def _frame(
    ids: list[str],
    areas: list[str],
    rules: tuple[str, ...],
    severities: tuple[str, ...],
    asked: Ints,
    true: Ints,
    problem: Ints,
) -> Frame:
    """Count a population by kind of household; strata are townships, and within them thirds of the villages."""
    townships = tuple(sorted({area[:9] + "000" for area in areas}))
    strata = tuple(sorted({_stratum(area) for area in areas}))
    stratum = np.array([strata.index(_stratum(area)) for area in areas])
    township = np.array([townships.index(area[:9] + "000") for area in areas])
    kinds, inverse = np.unique(np.column_stack([stratum, township, asked]), axis=0, return_inverse=True)
    population = Population(
        strata,
        np.bincount(stratum, minlength=len(strata)),
        rules,
        severities,
        townships,
        kinds[:, 0],
        kinds[:, 1],
        kinds[:, 2:],
        np.bincount(inverse.reshape(-1)),
    )
    return Frame(tuple(ids), population, stratum, township, asked, true, problem.astype(np.int64))


def _stratum(area: str) -> str:
    return f"{area[:9]}-{int(area[9:]) % 3}"


def draw(frame: Frame, visits: int, seed: str) -> Ints:
    """The households with the smallest tickets of each stratum, in proportion to its size, at least two."""
    tickets = [sha256(f"prn1\x1f{seed}\x1fhousehold\x1f{one}".encode()).digest() for one in frame.ids]
    order = sorted(range(len(tickets)), key=lambda place: (frame.stratum[place], tickets[place]))
    sizes = frame.population.sizes
    wanted = np.minimum(sizes, np.maximum(2, np.rint(visits * sizes / sizes.sum()))).astype(int)
    ends = np.cumsum(sizes)
    starts = ends - sizes
    return np.array(
        [order[place] for start, n in zip(starts, wanted, strict=True) for place in range(start, start + n)]
    )


def visit(frame: Frame, chosen: Ints, seed: str) -> Visits:
    """What inspectors find there: the truth, or nothing."""
    unresolved = np.array([chance_of("unresolved", seed, frame.ids[one]) < 1 / UNRESOLVED for one in chosen])
    asked, true = frame.asked[chosen], frame.true[chosen]
    nothing = np.zeros_like(asked)
    settled = ~unresolved[:, None]
    return Visits(
        frame.stratum[chosen],
        frame.township[chosen],
        None,
        np.where(unresolved, Outcome.UNRESOLVED, Outcome.RESOLVED),
        asked,
        true * settled,
        nothing,
        asked * ~settled,
        frame.problem[chosen] * ~unresolved,
        unresolved.astype(np.int64),
    )


def truth_of(world: World, estimate: Estimate) -> float:
    """What an estimate should have been, counted over the whole population."""
    flagged, unflagged = world.flagged, world.unflagged
    if estimate.measure is Measure.RECALL:
        return float(flagged.problem.sum() / (flagged.problem.sum() + unflagged.problem.sum()))
    if estimate.measure is Measure.MISSED_HOUSEHOLDS:
        return float(unflagged.problem.sum())
    frame = unflagged if estimate.measure is Measure.MISS_RATE else flagged
    names = estimate.domain.split(" + ")
    households = np.ones(len(frame.ids), dtype=bool)
    rules = np.ones(len(frame.population.rules), dtype=bool)
    if estimate.kind in {DomainKind.TOWNSHIP, DomainKind.TOWNSHIPS}:
        households = np.isin(np.array(frame.population.townships)[frame.township], names)
    elif estimate.kind in {DomainKind.RULE, DomainKind.RULES}:
        rules = np.isin(frame.population.rules, names)
    elif estimate.kind is DomainKind.SEVERITY:
        rules = np.isin(frame.population.severities, names)
    if estimate.measure in {Measure.MISS_RATE, Measure.HOUSEHOLD_PRECISION, Measure.CONFIRMED_HOUSEHOLDS}:
        found = float(frame.problem[households].sum())
        return found if estimate.measure is Measure.CONFIRMED_HOUSEHOLDS else found / float(households.sum())
    found = float(frame.true[households][:, rules].sum())
    asked = float(frame.asked[households][:, rules].sum())
    return found if estimate.measure is Measure.CONFIRMED_FINDINGS else found / asked


def inspect(world: World, seed: str, flagged_visits: int, unflagged_visits: int) -> tuple[Estimate, ...]:
    """Draw, visit and estimate once."""
    samples = [
        Sample.of(frame.population, visit(frame, draw(frame, visits, seed), seed), ALPHA)
        for frame, visits in ((world.flagged, flagged_visits), (world.unflagged, unflagged_visits))
    ]
    recall = recall_estimate(*samples)
    return (
        *finding_estimates(samples[0]),
        *household_estimates(samples[0]),
        *household_estimates(samples[1]),
        *((recall,) if recall else ()),
    )


@dataclass
class Tally:
    """How often the limits of one kind of estimate held the truth."""

    asked: int = 0
    held: int = 0
    over: int = 0
    under: int = 0
    bounded: int = 0
    width: float = 0.0

    @property
    def coverage(self) -> float:
        """Share of the limits that held the truth."""
        return self.held / self.asked

    @property
    def slack(self) -> float:
        """Three standard errors of a coverage of 95 % counted so often."""
        return 3 * sqrt(0.95 * 0.05 / self.asked)


def simulate(
    world: World, seeds: Iterable[str], flagged_visits: int, unflagged_visits: int
) -> dict[tuple[str, str, str], Tally]:
    """Inspect again and again and count.

    Returns:
        By measure, kind of domain and domain, in the order in which they were met.
    """
    tallies: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    truths: dict[tuple[str, str, str], float] = {}
    for seed in seeds:
        for estimate in inspect(world, seed, flagged_visits, unflagged_visits):
            small = estimate.kind in {DomainKind.RULES, DomainKind.TOWNSHIPS}  # their members change with the draw
            key = (str(estimate.measure), str(estimate.kind), "" if small else estimate.domain)
            if estimate.seen is None or estimate.lower_worst is None or estimate.upper_best is None:
                continue
            if small or key not in truths:
                truths[key] = truth_of(world, estimate)
            truth, limits, tally = truths[key], estimate.seen.limits, tallies[key]
            near = 1e-9 * max(1.0, truth)
            tally.asked += 1
            tally.over += limits.lower > truth + near
            tally.under += limits.upper < truth - near
            tally.held += limits.lower <= truth + near and truth - near <= limits.upper
            tally.bounded += estimate.lower_worst <= truth + near and truth - near <= estimate.upper_best
            tally.width += limits.upper - limits.lower
    return dict(tallies)


def by_kind(tallies: dict[tuple[str, str, str], Tally]) -> Iterator[tuple[str, str, int, Tally, Tally]]:
    """Per measure and kind of domain: how many domains, all of them together, and the one held least often."""
    kinds: dict[tuple[str, str], list[Tally]] = defaultdict(list)
    for (measure, kind, _), tally in tallies.items():
        kinds[measure, kind].append(tally)
    for (measure, kind), members in kinds.items():
        together = Tally()
        for one in members:
            together.asked += one.asked
            together.held += one.held
            together.over += one.over
            together.under += one.under
            together.bounded += one.bounded
            together.width += one.width
        often = [one for one in members if one.asked >= max(tally.asked for tally in members) / 2]
        yield measure, kind, len(members), together, min(often, key=lambda one: one.coverage)


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=6000)
    parser.add_argument("--registry-seed", type=int, default=7)
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--flagged", type=int, default=200, help="visits to flagged households")
    parser.add_argument("--unflagged", type=int, default=300, help="visits to unflagged households")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="audit-inspection-") as folder:
        world = make_world(options.households, options.registry_seed, Path(folder))
    shares: Floats = np.array([one.problem.mean() for one in (world.flagged, world.unflagged)])
    print(
        f"{len(world.flagged.ids)} flagged households with {int(world.flagged.asked.sum())} findings of "
        f"{len(world.flagged.population.rules)} rules, {len(world.unflagged.ids)} unflagged; "
        f"true in {shares[0]:.3f} and {shares[1]:.4f}"
    )
    began = time.monotonic()
    seeds = (str(options.first_seed + step) for step in range(options.repetitions))
    tallies = simulate(world, seeds, options.flagged, options.unflagged)
    print(f"{options.repetitions} inspections in {time.monotonic() - began:.0f} s")
    print("measure                for        domains   held  with unresolved bounds  width   least held")
    for measure, kind, domains, together, least in by_kind(tallies):
        print(
            f"{measure:22} {kind:10} {domains:7} {together.coverage:6.3f} {together.bounded / together.asked:23.3f} "
            f"{together.width / together.asked:7.3f} {least.coverage:12.3f}"
        )


if __name__ == "__main__":
    main()
