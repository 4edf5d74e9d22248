"""A plan: how many households are visited, for which claim, at which risk."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from audit.sampling.chance import Distribution, Rate

#: Claim: fewer households deviate than would be tolerable. Discovery: at least one is seen if so many deviate.
#: Two stages: a claim for which a small sample may suffice. Margin: a share known to within a margin of error.
Aim = Literal["claim", "discovery", "two_stage", "margin"]
AIMS: tuple[Aim, ...] = get_args(Aim)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be shown about which population.

    Attributes:
        population: N, how many households the frame has.
        confidence: with which the claim is to hold, such as 0.95.
        tolerable: the rate that deviations must stay under.
        tolerable_count: K, that rate in households: rounded up, exactly.
        distribution: the law by which samples find deviations.
        expected: the rate at which deviations are expected; None if none are.
    """

    population: int
    confidence: Rate
    tolerable: Rate
    tolerable_count: int
    distribution: Distribution = "hypergeometric"
    expected: Rate | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How many households are visited and when the claim is supported.

    Attributes:
        aim: what it is for.
        population, confidence, distribution: as of the question.
        n: visits, of the first stage if there are two.
        k: the most deviations with which the claim is supported, after the first stage if there are two.
        n2: visits of the second stage; 0 if there is none.
        k2: the most deviations of both stages together with which the claim is supported.
        tolerable, tolerable_count: what deviations must stay under; None for a margin of error.
        expected: the rate at which deviations are expected.
        tail: the risk that is taken: how likely the claim is supported although K households deviate.
        tail_before: the same with one visit less in each stage: too large.
        hand_picked: whether n was chosen by hand.
        reached: whether the confidence asked for is reached; it is unless n was chosen by hand.
        average: visits to be expected of two stages if deviations occur at the expected rate.
        margin: the margin of error, if that is the aim.
        design_effect: by which visits of clusters count less.
        unresolved: the share of visits expected to settle nothing.
        formula: how n comes about, for whoever checks it.
    """

    aim: Aim
    population: int
    confidence: Rate
    distribution: Distribution
    n: int
    k: int
    formula: str
    n2: int = 0
    k2: int = 0
    tolerable: Rate | None = None
    tolerable_count: int | None = None
    expected: Rate | None = None
    tail: Decimal | None = None
    tail_before: Decimal | None = None
    hand_picked: bool = False
    reached: bool = True
    average: Decimal | None = None
    margin: Rate | None = None
    design_effect: Decimal | None = None
    unresolved: Rate | None = None

    @property
    def achieved(self) -> Decimal | None:
        """The confidence that the plan reaches: 1 less the risk taken."""
        return None if self.tail is None else 1 - self.tail

    @property
    def visits(self) -> int:
        """The most visits: of both stages together."""
        return self.n + self.n2
