"""How likely a number of deviations is: whole numbers decide, floating point only says where to look.

``Chance`` is a probability held as whole numbers. A ``Law`` (hypergeometric, binomial, Poisson) says how likely it is
to find so many deviations in so many visits. ``limits`` turns what was found into exact limits of the number or rate.
"""

from audit.sampling.chance.chance import Chance
from audit.sampling.chance.law import DISTRIBUTIONS, Distribution, Law, law_of
from audit.sampling.chance.limits import (
    lower_count,
    lower_rate,
    two_sided_counts,
    two_sided_rates,
    upper_count,
    upper_rate,
)
from audit.sampling.chance.rate import Rate, alpha_of, tolerable_count
from audit.sampling.chance.size import Size, sample_for_expected, smallest_sample

__all__ = [
    "DISTRIBUTIONS",
    "Chance",
    "Distribution",
    "Law",
    "Rate",
    "Size",
    "alpha_of",
    "law_of",
    "lower_count",
    "lower_rate",
    "sample_for_expected",
    "smallest_sample",
    "tolerable_count",
    "two_sided_counts",
    "two_sided_rates",
    "upper_count",
    "upper_rate",
]
