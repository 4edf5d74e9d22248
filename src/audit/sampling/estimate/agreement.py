"""Whether two inspectors say the same of one household: agreement beyond chance, with limits (D21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.stats import beta, t

from audit.sampling.estimate.limits import Limits


@dataclass(frozen=True, slots=True)
class Rated:
    """What the inspectors said of one thing; the things of one household stand and fall together.

    Attributes:
        household_id: the household.
        verdicts: one per inspector in the order of the visits; None for one who gave none.
    """

    household_id: str
    verdicts: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A measure of agreement with its limits.

    Attributes:
        point: its value; None where it is not defined, such as kappa where everybody always said the same.
        limits: None where there are too few households.
    """

    point: float | None
    limits: Limits | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the inspectors agree.

    Attributes:
        table: how often the first inspector said one thing and the second another, by the pair of verdicts.
        rated: things that at least two inspectors judged.
        households: in so many households.
        raw: share of pairs that are the same.
        kappa: Cohen's, of the first two inspectors.
        alpha: Krippendorff's, of any number of inspectors.
        ac1: Gwet's; it does not collapse where nearly everything is the same.
    """

    table: dict[tuple[str, str], int]
    rated: int
    households: int
    raw: Coefficient
    kappa: Coefficient
    alpha: Coefficient
    ac1: Coefficient


def agreement(rated: Sequence[Rated], risk: float) -> Agreement:
    """Measure the agreement of inspectors who visited the same households.

    The limits come from leaving out one household after the other (jackknife, t with households - 1 degrees of
    freedom): verdicts about one household are no independent pieces of news.

    Args:
        rated: what was judged, whatever the order.
        risk: the risk that is left, both sides together.
    """
    judged = [one for one in rated if sum(verdict is not None for verdict in one.verdicts) > 1]
    clusters: dict[str, list[Rated]] = {}
    for one in judged:
        clusters.setdefault(one.household_id, []).append(one)
    pairs = _pairs(judged)
    return Agreement(
        table=dict(sorted(Counter(pairs).items())),
        rated=len(judged),
        households=len(clusters),
        raw=_raw(clusters, risk),
        kappa=_jackknife(clusters, cohen_kappa, risk),
        alpha=_jackknife(clusters, krippendorff_alpha, risk),
        ac1=_jackknife(clusters, gwet_ac1, risk),
    )


def raw_agreement(rated: Sequence[Rated]) -> float | None:
    """Share of the pairs of verdicts that are the same."""
    pairs = _pairs(rated)
    return sum(one == other for one, other in pairs) / len(pairs) if pairs else None


def cohen_kappa(rated: Sequence[Rated]) -> float | None:
    """Cohen's kappa: (p_o - p_e) / (1 - p_e), with p_e from each inspector's own shares."""
    pairs = _pairs(rated)
    if not pairs:
        return None
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(first[name] * second[name] for name in first) / len(pairs) ** 2
    observed = sum(one == other for one, other in pairs) / len(pairs)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def gwet_ac1(rated: Sequence[Rated]) -> float | None:
    """Gwet's AC1: chance agreement is sum of q(1-q) / (categories - 1), with q the mean share of a category."""
    pairs = _pairs(rated)
    if not pairs:
        return None
    shares = Counter(verdict for pair in pairs for verdict in pair)
    if len(shares) == 1:
        return 1.0
    both = 2 * len(pairs)
    expected = sum(count / both * (1 - count / both) for count in shares.values()) / (len(shares) - 1)
    observed = sum(one == other for one, other in pairs) / len(pairs)
    return (observed - expected) / (1 - expected)


def krippendorff_alpha(rated: Sequence[Rated]) -> float | None:
    """Krippendorff's alpha for names: 1 - D_o / D_e, any number of inspectors, missing verdicts allowed."""
    given = [[verdict for verdict in one.verdicts if verdict is not None] for one in rated]
    given = [verdicts for verdicts in given if len(verdicts) > 1]
    totals = Counter(verdict for verdicts in given for verdict in verdicts)
    pairable = sum(totals.values())
    apart = sum(
        sum(count * (len(verdicts) - count) for count in Counter(verdicts).values()) / (len(verdicts) - 1)
        for verdicts in given
    )
    expected = sum(count * (pairable - count) for count in totals.values())
    return None if expected == 0 else 1 - (pairable - 1) * apart / expected


def _pairs(rated: Sequence[Rated]) -> list[tuple[str, str]]:
    """The verdicts of the first two inspectors who gave one."""
    given = ([verdict for verdict in one.verdicts if verdict is not None] for one in rated)
    return [(verdicts[0], verdicts[1]) for verdicts in given if len(verdicts) > 1]


def _raw(clusters: dict[str, list[Rated]], risk: float) -> Coefficient:
    """Raw agreement; where all or none of the pairs are the same the exact limits of a share by household."""
    found = _jackknife(clusters, raw_agreement, risk)
    if found.point is None or found.point not in {0.0, 1.0}:
        inside = Limits(max(found.limits.lower, 0.0), found.limits.upper) if found.limits else None
        return Coefficient(found.point, inside)
    edge = float(beta.ppf(1 - risk / 2, 1, len(clusters)))
    return Coefficient(found.point, Limits(1 - edge, 1.0) if found.point == 1.0 else Limits(0.0, edge))


def _jackknife(
    clusters: dict[str, list[Rated]], measure: Callable[[Sequence[Rated]], float | None], risk: float
) -> Coefficient:
    """A coefficient and its limits, from leaving out one household after the other."""
    point = measure([one for cluster in clusters.values() for one in cluster])
    if point is None or len(clusters) < 3:
        return Coefficient(point, None)
    left = [
        measure([one for other, cluster in clusters.items() if other != name for one in cluster]) for name in clusters
    ]
    known = [value for value in left if value is not None]
    if len(known) < len(left):
        return Coefficient(point, None)
    centre = sum(known) / len(known)
    if max(known) - min(known) < 1e-12:
        return Coefficient(point, None)  # whoever is left out, nothing changes: that says nothing about the error
    variance = (len(known) - 1) / len(known) * sum((value - centre) ** 2 for value in known)
    reach = float(t.ppf(1 - risk / 2, len(known) - 1)) * sqrt(variance)
    return Coefficient(point, Limits(max(-1.0, point - reach), min(1.0, point + reach)))
