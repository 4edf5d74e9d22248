"""Readings, cells, decisions, feedback and the inspectors' own work, on a handful of households counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from audit.sampling.chance import Rate
from audit.sampling.estimate.compare import compare_inspectors
from audit.sampling.estimate.compared import change_estimates
from audit.sampling.estimate.decision import Asked, Verdict, decide, decide_share, further_visits
from audit.sampling.estimate.estimate import DomainKind, Estimate, Measure
from audit.sampling.estimate.feedback import misses, revisions
from audit.sampling.estimate.inspectors import inspector_lines
from audit.sampling.estimate.measures import Sample, finding_estimates, household_estimates
from audit.sampling.estimate.share import Method
from audit.sampling.estimate.visits import SIDES, Outcome, Population, Version, Visits
from audit.sampling.field.codes import Result, Role, Stability, Target
from audit.sampling.field.codes import Verdict as Said
from audit.sampling.field.outcomes import ItemOutcome, UnitOutcome

ALPHA = Fraction(1, 20)


def unflagged(visited: int, missed: int, unresolved: int = 0, size: int = 400) -> Sample:
    """One stratum of unflagged households; the first visits find the misses, the last settle nothing."""
    one = np.zeros(1, dtype=np.int64)
    nothing = np.zeros((visited, 0), dtype=np.int64)
    zeros = np.zeros(visited, dtype=np.int64)
    places = np.arange(visited)
    unknown = (places >= visited - unresolved).astype(np.int64)
    return Sample.of(
        Population(("all",), one + size, (), (), ("t",), one, one, np.zeros((1, 0), dtype=np.int64), one + size),
        Visits(
            zeros, zeros, None, np.where(unknown, Outcome.UNRESOLVED, Outcome.RESOLVED), nothing, nothing, nothing,
            nothing, (places < missed).astype(np.int64), unknown,
        ),
        ALPHA,
    )  # fmt: skip


def flagged() -> Sample:
    """Two townships of 40 households, 10 visited in each; rule A has two findings a household, rule B one in the second.

    In the first township all 20 findings of A are true but one household's, which are unknown; in the second A is
    refuted in 4 of 10 households and B in 5 of 10.
    """
    stratum = np.repeat([0, 1], 10)
    asked = np.column_stack([np.full(20, 2), stratum])
    unknown = np.zeros_like(asked)
    unknown[0] = asked[0]
    refuted_a, refuted_b = np.isin(np.arange(20), [10, 11, 12, 13]), np.isin(np.arange(20), [10, 11, 12, 13, 14])
    confirmed = asked * ~np.column_stack([refuted_a, refuted_b]) - unknown
    findings = np.array([[2, 0], [2, 1]])
    ends = np.where(np.arange(20) == 0, Outcome.UNRESOLVED, Outcome.RESOLVED)
    problem = (confirmed.sum(axis=1) > 0).astype(np.int64)
    return Sample.of(
        Population(
            ("east", "west"), np.array([40, 40]), ("A", "B"), ("high", "low"), ("e", "w"),
            np.array([0, 1]), np.array([0, 1]), findings, np.array([40, 40]),
        ),
        Visits(
            stratum, stratum, None, ends, asked, confirmed, np.zeros_like(asked), unknown, problem,
            (ends == Outcome.UNRESOLVED).astype(np.int64),
        ),
        ALPHA,
    )  # fmt: skip


def found(estimates: tuple[Estimate, ...], measure: Measure, kind: DomainKind, domain: str = "") -> Estimate:
    (one,) = [each for each in estimates if (each.measure, each.kind, each.domain) == (measure, kind, domain)]
    return one


def test_three_readings_of_what_is_unresolved() -> None:
    estimates = finding_estimates(flagged())
    rule = found(estimates, Measure.PRECISION, DomainKind.RULE, "A")
    # Settled: 18 of 18 and 12 of 20 with equal weight per township: (40 * 1 + 40 * .6) / 80 by findings.
    assert rule.readings[Version.RESOLVED].point == pytest.approx(0.8)
    assert rule.readings[Version.WORST].point == pytest.approx((0.9 + 0.6) / 2)
    assert rule.readings[Version.BEST].point == pytest.approx((1.0 + 0.6) / 2)
    assert (rule.unresolved, rule.things_population) == (2, 160)
    assert rule.lower_worst is not None and rule.seen is not None
    assert rule.lower_worst < rule.seen.limits.lower
    expected = found(estimates, Measure.CONFIRMED_FINDINGS, DomainKind.RULE, "A")
    assert expected.seen is not None
    assert expected.seen.point == pytest.approx(0.8 * 160)


def test_a_rule_within_one_township_is_exact() -> None:
    rule = found(finding_estimates(flagged()), Measure.PRECISION, DomainKind.RULE, "B")
    # 5 of 10 of 40: the exact limits of 40 households, sampled 10, found 5 at 2.5 % on each side, as in D5.
    assert rule.seen is not None
    assert rule.seen.method is Method.EXACT
    assert rule.seen.point == 0.5


def test_cells_are_weighted_as_in_the_frame() -> None:
    # A east 80 of 200 findings all true, A west 80 with 12/20, B west 40 with 5/10: (80 + 48 + 20) / 200.
    cells = found(finding_estimates(flagged()), Measure.PRECISION_IN_CELLS, DomainKind.ALL)
    assert cells.seen is not None
    assert cells.seen.point == pytest.approx(0.74)
    assert cells.seen.method is Method.CELLS


def test_unresolved_households_count_as_missed_in_the_worst_case() -> None:
    sample = unflagged(100, 2, unresolved=4)
    rate = found(household_estimates(sample), Measure.MISS_RATE, DomainKind.ALL)
    assert rate.readings[Version.RESOLVED].point == pytest.approx(2 / 96)
    assert rate.readings[Version.WORST].point == pytest.approx(6 / 100)
    assert rate.readings[Version.BEST].point == pytest.approx(2 / 100)


def test_a_claim_is_supported_at_the_planned_size_and_not_with_one_visit_less() -> None:
    # Row S067 of the reference: with 1 of 20 affected, 19 visits leave exactly 1/20: at most 5 %, so it is enough.
    asked = Asked("claim", Rate("0.95"), Rate("0.05"))
    assert decide(unflagged(19, 0, size=20), asked).verdict is Verdict.SUPPORTED
    short = decide(unflagged(18, 0, size=20), asked)
    assert (short.verdict, short.further) == (Verdict.INCONCLUSIVE, 1)


def test_what_is_unresolved_counts_against_a_claim() -> None:
    # Row S036: 69 visits of 500 without any support "fewer than 20"; one unresolved is one deviation.
    asked = Asked("claim", Rate("0.95"), Rate("0.04"))
    assert decide(unflagged(69, 0, size=500), asked).verdict is Verdict.SUPPORTED
    assert decide(unflagged(69, 0, unresolved=1, size=500), asked).verdict is Verdict.INCONCLUSIVE


def test_a_claim_is_given_up_only_if_the_lower_limit_reaches_it() -> None:
    asked = Asked("claim", Rate("0.95"), Rate("0.05"))
    assert decide(unflagged(100, 30), asked).verdict is Verdict.NOT_SUPPORTED
    assert decide(unflagged(100, 6), asked).verdict is Verdict.INCONCLUSIVE


def test_one_found_settles_a_discovery() -> None:
    assert decide(unflagged(100, 1), Asked("discovery", Rate("0.95"), Rate("0.05"))).verdict is Verdict.NOT_SUPPORTED


def test_two_stages() -> None:
    # Row S123: 57 in each stage, accept on 0, with exactly 1 draw 57 more and accept on 1 in all.
    asked = Asked("two_stage", Rate("0.95"), Rate("0.05"), 0, 1, 57)
    assert decide(unflagged(57, 0, size=500), asked).verdict is Verdict.SUPPORTED
    again = decide(unflagged(57, 1, size=500), asked)
    assert (again.verdict, again.further) == (Verdict.INCONCLUSIVE, 57)
    assert decide(unflagged(57, 2, size=500), asked).verdict is Verdict.NOT_SUPPORTED
    second = replace(asked, second_drawn=True)
    assert decide(unflagged(114, 1, size=500), second).verdict is Verdict.SUPPORTED
    assert decide(unflagged(114, 2, size=500), second).verdict is Verdict.NOT_SUPPORTED


def test_margins() -> None:
    reached = decide(unflagged(300, 30), Asked("margin", Rate("0.95"), margin=Rate("0.05")))
    assert reached.verdict is Verdict.SUPPORTED
    short = decide(unflagged(40, 8), Asked("margin", Rate("0.95"), margin=Rate("0.05")))
    assert short.verdict is Verdict.INCONCLUSIVE
    assert short.further is not None and short.further <= 360


def test_further_visits() -> None:
    # Rows S069, S070: of 120 with 6 affected, 47 visits without any are enough, 69 with one.
    assert further_visits(120, 6, 40, 0, ALPHA) == 7
    assert further_visits(120, 6, 60, 1, ALPHA) is not None
    assert further_visits(120, 6, 40, 4, ALPHA) is None


def test_claims_put_by_hand() -> None:
    estimates = [found(household_estimates(unflagged(200, 0)), Measure.MISS_RATE, DomainKind.ALL)]
    assert decide_share(estimates, "miss_rate", Rate("0.05"), at_least=False).verdict is Verdict.SUPPORTED
    assert decide_share(estimates, "miss_rate", Rate("0.001"), at_least=False).verdict is Verdict.INCONCLUSIVE
    assert decide_share([], "miss_rate", Rate("0.1"), at_least=True).verdict is Verdict.INCONCLUSIVE


def test_a_change_of_rules() -> None:
    # 60 households differ, 30 visited: 20 of them gained one finding, 15 true; 10 lost one, 2 true. In the frame 40 and
    # 20: true 40 * .75 - 20 * .2 = 26 more, wrong 40 * .25 - 20 * .8 = -6.
    gained = np.arange(30) < 20
    asked = np.column_stack([gained, ~gained]).astype(np.int64)
    confirmed = asked * np.column_stack([np.arange(30) < 15, np.arange(30) >= 28])
    zeros = np.zeros(30, dtype=np.int64)
    one = np.zeros(2, dtype=np.int64)
    sample = Sample.of(
        Population(
            ("all",), np.array([60]), SIDES, ("high", "high"), ("t",), one, one, np.array([[1, 0], [0, 1]]),
            np.array([40, 20]),
        ),
        Visits(zeros, zeros, None, zeros, asked, confirmed, asked * 0, asked * 0, zeros, zeros),
        ALPHA,
    )  # fmt: skip
    estimates = change_estimates(sample)
    more = found(estimates, Measure.CONFIRMED_DIFFERENCE, DomainKind.ALL).seen
    less = found(estimates, Measure.REFUTED_DIFFERENCE, DomainKind.ALL).seen
    assert more is not None and less is not None
    assert (more.point, less.point) == pytest.approx((26, -6))
    assert 10 < more.limits.lower < 26 < more.limits.upper < 40


def item(
    rule: str, verdict: Said | None, target: Target = Target.FINDING, stability: Stability = Stability.FIXED
) -> ItemOutcome:
    finding = f"{rule}-f" if target is Target.FINDING else ""
    return ItemOutcome(target, finding, rule, "", "", verdict, stability, "", "")


def visit(
    unit: str, inspector: str, *items: ItemOutcome, role: Role = Role.FIRST, day: int = 1, photos: str = "",
    result: Result = Result.RESOLVED,
) -> UnitOutcome:  # fmt: skip
    return UnitOutcome(unit, role, inspector, True, date(2025, 1, day), result, "", "", photos, items)


def test_rules_with_a_low_upper_limit_are_proposed_with_their_households() -> None:
    estimates = finding_estimates(flagged())
    outcomes = {
        unit: visit(unit, "i", item("A", verdict))
        for unit, verdict in (("h1", Said.REFUTED), ("h2", Said.CONFIRMED), ("h3", Said.NOT_APPLICABLE))
    }
    assert revisions(estimates, outcomes, 0.5) == ()
    proposed = revisions(estimates, outcomes, 0.99)
    assert [one.rule_id for one in proposed] == ["B", "A"]
    assert proposed[1].households == ("h1", "h3")


def test_misses_are_grouped_by_question() -> None:
    problem = item("INC-4", Said.CONFIRMED, Target.CHECKLIST)
    fine = item("HOU-1", Said.REFUTED, Target.CHECKLIST)
    outcomes = {"h1": visit("h1", "i", problem, fine), "h2": visit("h2", "i", problem), "h3": visit("h3", "i", fine)}
    (group,) = misses(outcomes, {"h1": 4.0, "h2": 6.0, "h3": 5.0})
    assert (group.item_code, group.households, group.expanded) == ("INC-4", ("h1", "h2"), 10.0)


def test_what_may_change_is_not_blamed_on_an_inspector() -> None:
    changing = Stability.CHANGING
    outcomes = [
        visit("h1", "i", item("A", Said.CONFIRMED), item("P", Said.CONFIRMED, stability=changing)),
        visit("h1", "j", item("A", Said.PARTLY), item("P", Said.REFUTED, stability=changing), role=Role.SECOND),
    ]
    compared = {one.item: one for one in compare_inspectors(outcomes, 0.05)}
    assert compared[""].agreement.raw.point == 1.0
    assert compared["P"].changing
    assert compared["P"].agreement.raw.point == 0.0
    assert [(one.inspector, one.compared, one.severe) for one in inspector_lines(outcomes)] == [
        ("i", 1, 0),
        ("j", 1, 0),
    ]


def test_the_inspectors_own_work() -> None:
    # Four days of two visits each by "a" and one day of twelve by "b", eleven of them without result.
    visits = [visit(f"a{day}{turn}", "a", day=day) for day in range(1, 5) for turn in range(2)]
    visits += [visit(f"b{turn}", "b", day=9, photos="p1.jpg", result=Result.UNRESOLVED) for turn in range(11)]
    visits += [visit("b11", "b", item("A", Said.CONFIRMED), day=9)]
    visits += [visit("b11", "a", item("A", Said.REFUTED), day=4, role=Role.SECOND)]
    first, second = inspector_lines(visits)
    assert (first.inspector, first.visits, first.replaced, first.often_replaced) == ("a", 9, 0, False)
    assert (first.lenient, second.severe) == (1, 1)
    assert (second.busiest, second.busy_days, second.photos_repeated) == (12, (date(2025, 1, 9),), 1)
    # Eleven of eleven with one of two inspectors: chance gives that in far fewer than one case of a hundred.
    assert second.often_replaced
