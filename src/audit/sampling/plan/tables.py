"""What more or less certainty costs: visits against tolerable rates, and the price of a claim about recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from audit.errors import RunError
from audit.sampling.chance import Distribution, Rate, alpha_of, law_of, smallest_sample, tolerable_count

#: Tolerable rates and borne deviations of the table.
TOLERABLE = tuple(Rate(text) for text in ("0.01", "0.02", "0.03", "0.05", "0.1", "0.2"))
BORNE = (0, 1, 2, 3)
#: Recalls of the price table.
RECALLS = tuple(Rate(text) for text in ("0.7", "0.8", "0.9", "0.95", "0.99"))


@dataclass(frozen=True, slots=True)
class SizeLine:
    """The visits for one tolerable rate; None where not even all households are enough."""

    tolerable: Rate
    count: int
    visits: tuple[int | None, ...]


def size_table(
    population: int,
    confidence: Rate,
    distribution: Distribution = "hypergeometric",
    rates: Sequence[Rate] = TOLERABLE,
    borne: Sequence[int] = BORNE,
) -> tuple[SizeLine, ...]:
    """Visits for each tolerable rate (lines) and each number of borne deviations (columns)."""
    alpha = alpha_of(confidence)
    lines = []
    for rate in rates:
        count = tolerable_count(rate, population)
        law = law_of(distribution, population, count, rate.value)
        visits = tuple(smallest_sample(law, k, alpha, population) for k in borne)
        lines.append(SizeLine(rate, count, visits))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What a claim about recall costs.

    Attributes:
        recall: the recall claimed.
        missed: so many missed households would refute it.
        visits: unflagged households to be visited, on all of which no real problem may be found.
    """

    recall: Rate
    missed: int
    visits: int | None


def recall_prices(
    unflagged: int, real_flagged: int, confidence: Rate, recalls: Sequence[Rate] = RECALLS
) -> tuple[PriceLine, ...]:
    """How many unflagged visits a claim "recall is at least R" needs if not one miss is found (D19).

    Args:
        unflagged: how many households have no finding.
        real_flagged: how many flagged households have a real problem; it is treated as known.
        confidence: such as 0.95.
        recalls: the recalls R.

    Raises:
        RunError: no flagged household has a real problem: recall is then 0 or not defined.
    """
    if real_flagged < 1 or unflagged < 1:
        raise RunError("sampling.no_recall")
    lines = []
    for recall in recalls:
        # Recall is under R as soon as the missed are more than TP (1 - R) / R.
        bound = real_flagged * (1 - recall.value) / recall.value
        missed = bound.numerator // bound.denominator + 1
        if missed > unflagged:
            lines.append(PriceLine(recall, missed, 0))  # there are not so many who could have been missed
            continue
        law = law_of("hypergeometric", unflagged, missed, Fraction(missed, unflagged))
        lines.append(PriceLine(recall, missed, smallest_sample(law, 0, alpha_of(confidence))))
    return tuple(lines)
