"""The four aims of a sample, each turned into a number of visits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from audit.errors import RunError
from audit.sampling.chance import (
    Distribution,
    Law,
    Rate,
    alpha_of,
    law_of,
    sample_for_expected,
    smallest_sample,
    tolerable_count,
)
from audit.sampling.plan.margin import Margin, margin_size
from audit.sampling.plan.plan import Aim, Plan, Question
from audit.sampling.plan.two_stage import average_visits, smallest_stage, support

#: How the three laws are written in a formula.
_WRITTEN = {
    "hypergeometric": "H({k}; {N}, {K}, n)",
    "binomial": "B({k}; n, {p})",
    "poisson": "Poisson({k}; {p} n)",
}


def question_of(
    population: int,
    confidence: Rate,
    tolerable: Rate,
    distribution: Distribution = "hypergeometric",
    expected: Rate | None = None,
) -> Question:
    """Put a question, and see that it can be answered.

    Args:
        population: how many households the frame has.
        confidence: such as 0.95.
        tolerable: the rate that deviations must stay under.
        distribution: the law by which samples find deviations.
        expected: the rate at which deviations are expected.

    Raises:
        RunError: the population is empty, the tolerable rate is 0, or deviations are expected at that rate or above.
    """
    alpha_of(confidence)
    if population < 1:
        raise RunError("sampling.empty_population")
    if tolerable.value == 0:
        raise RunError("sampling.tolerable_zero", population=population)
    if expected is not None and expected.value >= tolerable.value:
        raise RunError("sampling.expected_too_high", expected=expected.percent(), tolerable=tolerable.percent())
    return Question(population, confidence, tolerable, tolerable_count(tolerable, population), distribution, expected)


def plan_claim(question: Question, k: int = 0) -> Plan:
    """The fewest visits that support "fewer than K households deviate" (D2, D3).

    Args:
        question: what is to be shown. With an expected rate, as many deviations are borne as it makes likely.
        k: how many deviations are borne, unless a rate is expected.

    Raises:
        RunError: not even visiting every household would do.
    """
    law, alpha = _law(question), alpha_of(question.confidence)
    if question.expected is not None and question.expected.value > 0:
        size = sample_for_expected(law, question.expected.value, alpha, question.population)
        n, k = (size.n, size.k) if size else (None, k)
    else:
        n = smallest_sample(law, k, alpha, question.population)
    if n is None:
        raise RunError("sampling.not_provable", population=question.population, count=question.tolerable_count, k=k)
    return _plan("claim", question, law, n, k)


def plan_discovery(question: Question) -> Plan:
    """The fewest visits that show at least one deviation if K households deviate (D4)."""
    return replace(plan_claim(replace(question, expected=None)), aim="discovery")


def plan_hand_picked(question: Question, n: int, k: int | None = None) -> Plan:
    """What a number of visits chosen by hand proves.

    Args:
        question: what is to be shown.
        n: the visits.
        k: how many deviations are borne; by default as many as the expected rate makes likely, rounded up.

    Raises:
        RunError: there are not so many households.
    """
    if not 0 < n <= question.population:
        raise RunError("sampling.n_out_of_range", n=n, population=question.population)
    if k is None:
        k = tolerable_count(question.expected, n) if question.expected else 0
    law = _law(question)
    reached = law.at_most(k, n).at_most(alpha_of(question.confidence))
    return replace(_plan("claim", question, law, n, k), hand_picked=True, reached=reached)


def plan_two_stage(question: Question, c1: int = 0, c2: int = 1) -> Plan:
    """Two stages of the same size: the second is visited only if the first finds more than c1 and at most c2 (D6).

    Args:
        question: what is to be shown.
        c1: the most deviations with which the first stage is enough.
        c2: the most deviations of both stages together.

    Raises:
        RunError: c2 is not more than c1, or the population is too small for two stages.
    """
    if not 0 <= c1 < c2:
        raise RunError("sampling.stages_out_of_order", c1=c1, c2=c2)
    law, alpha = _law(question), alpha_of(question.confidence)
    n = smallest_stage(law, c1, c2, alpha, question.population // 2)
    if n is None:
        raise RunError("sampling.not_provable", population=question.population, count=question.tolerable_count, k=c2)
    expected = question.expected.value if question.expected else Fraction(0)
    likely = law_of(
        question.distribution,
        question.population,
        tolerable_count(question.expected, question.population) if question.expected else 0,
        expected,
    )
    return Plan(
        "two_stage",
        question.population,
        question.confidence,
        question.distribution,
        n,
        c1,
        f"n1 = n2 = min {{ n : P(X1 <= {c1}) + sum_x P(X1 = x) P(X2 <= {c2} - x) <= {alpha} }}, x = {c1 + 1}..{c2}",
        n2=n,
        k2=c2,
        tolerable=question.tolerable,
        tolerable_count=question.tolerable_count,
        expected=question.expected,
        tail=support(law, c1, c2, n, n).decimal(),
        tail_before=support(law, c1, c2, n - 1, n - 1).decimal() if n > 1 else Decimal(1),
        average=average_visits(likely, c1, c2, n, n),
    )


def plan_margin(population: int, confidence: Rate, asked: Margin) -> Plan:
    """The visits with which a share is known to within a margin of error (D7).

    Raises:
        RunError: the margin is 0, or nothing would be settled.
    """
    if population < 1:
        raise RunError("sampling.empty_population")
    size = margin_size(population, confidence, asked)
    return Plan(
        "margin",
        population,
        confidence,
        "hypergeometric",
        size.n,
        0,
        size.formula,
        expected=asked.share,
        margin=asked.margin,
        design_effect=size.design_effect,
        unresolved=asked.unresolved,
    )


def _law(question: Question) -> Law:
    return law_of(question.distribution, question.population, question.tolerable_count, question.tolerable.value)


def _plan(aim: Aim, question: Question, law: Law, n: int, k: int) -> Plan:
    alpha = alpha_of(question.confidence)
    written = _WRITTEN[question.distribution].format(
        k=k, N=question.population, K=question.tolerable_count, p=question.tolerable.text
    )
    return Plan(
        aim,
        question.population,
        question.confidence,
        question.distribution,
        n,
        k,
        f"n = min {{ n : {written} <= {alpha} }}",
        tolerable=question.tolerable,
        tolerable_count=question.tolerable_count,
        expected=question.expected,
        tail=law.at_most(k, n).decimal(),
        tail_before=law.at_most(k, n - 1).decimal(),
    )
