"""Plans say what they prove; what can't be proven is told with what could."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import RunError
from audit.language import LANGUAGES
from audit.sampling.chance import DISTRIBUTIONS, Rate, alpha_of, law_of, tolerable_count
from audit.sampling.chance.hypergeometric import Hypergeometric
from audit.sampling.chance.seek import first_yes
from audit.sampling.plan import Plan, plan_claim, plan_discovery, plan_hand_picked, plan_margin, plan_two_stage
from audit.sampling.plan.aims import question_of
from audit.sampling.plan.margin import Margin
from audit.sampling.plan.plan import Question
from audit.sampling.plan.tables import recall_prices, size_table
from audit.sampling.plan.two_stage import smallest_stage, support
from audit.sampling.plan.words import plan_lines, plan_paragraph

CONFIDENCE = Rate("0.95")


def question(population: int, tolerable: str, expected: str | None = None) -> Question:
    rate = Rate.read(expected) if expected else None
    return question_of(population, CONFIDENCE, Rate.read(tolerable), expected=rate)


def test_rates_are_read_as_people_write_them() -> None:
    for written in ("0.05", "5%", "5.0 %", ".05", "５％", "0.050"):
        assert Rate.read(written) == Rate("0.05")
    assert Rate.read("100%").value == Fraction(1)
    assert Rate("0.0125").percent() == "1.25%"
    for written in ("", "5", "-1%", "1/20", "1e-2", "0.05x", "101%", "0.0000000000001"):
        with pytest.raises(RunError):
            Rate.read(written)


def test_a_tolerable_count_is_exact() -> None:
    # 0.07 * 100 is 7.000000000000001 in binary floating point.
    assert tolerable_count(Rate("0.07"), 100) == 7
    assert tolerable_count(Rate("0.06"), 100) == 6
    assert tolerable_count(Rate("0.001"), 10) == 1


@given(st.integers(1, 40), st.data())
def test_hypergeometric_by_counting(population: int, data: st.DataObject) -> None:
    deviating = data.draw(st.integers(0, population))
    n = data.draw(st.integers(0, population))
    k = data.draw(st.integers(-1, n))
    ways = sum(comb(deviating, x) * comb(population - deviating, n - x) for x in range(k + 1))
    law = Hypergeometric(population, deviating)
    tail = law.at_most(k, n)
    assert Fraction(tail.low, tail.denominator) == Fraction(ways, comb(population, n))
    assert abs(law.near(k, n) - ways / comb(population, n)) < 1e-9 if k >= 0 else True


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 70), st.integers(-5, 70))
def test_the_first_yes_is_found_from_any_guess(low: int, high: int, turn: int, guess: int) -> None:
    expected = next((number for number in range(low, high + 1) if number >= turn), None)
    assert first_yes(lambda number: number >= turn, low, high, guess) == expected
    assert first_yes(lambda number: number >= turn, low, high) == expected


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_laws_agree_with_their_sums(distribution: str) -> None:
    known = next(one for one in DISTRIBUTIONS if one == distribution)
    law = law_of(known, 60, 6, Fraction(1, 10))
    for n, k in product((1, 7, 30), (0, 1, 3)):
        added = law.mass(0, n)
        for x in range(1, k + 1):
            added = added + law.mass(x, n)
        whole = law.at_most(k, n)
        assert abs(Fraction(added.low, added.denominator) - Fraction(whole.low, whole.denominator)) < Fraction(
            1, 2**200
        )
        assert abs(float(whole.decimal(12)) - law.near(k, n)) < 1e-9


def test_two_stages_by_counting_every_order() -> None:
    # 3 deviating among 8; stages of 2 and 2; accepted with 0 in the first, or 1 in the first and none in the second.
    favourable = total = 0
    for first in product(range(8), repeat=2):
        if first[0] >= first[1]:
            continue
        rest = [one for one in range(8) if one not in first]
        for place, one in enumerate(rest):
            for other in rest[place + 1 :]:
                total += 1
                x1, x2 = sum(unit < 3 for unit in first), sum(unit < 3 for unit in (one, other))
                favourable += x1 == 0 or (x1 == 1 and x1 + x2 <= 1)
    chance = support(Hypergeometric(8, 3), 0, 1, 2, 2)
    assert Fraction(chance.low, chance.denominator) == Fraction(favourable, total)


@given(st.integers(20, 80), st.integers(2, 10), st.integers(0, 1), st.integers(1, 2))
def test_no_smaller_stage_is_enough(population: int, deviating: int, c1: int, more: int) -> None:
    law, alpha = Hypergeometric(population, deviating), Fraction(1, 10)
    c2, most = c1 + more, population // 2
    found = smallest_stage(law, c1, c2, alpha, most)
    right = [n for n in range(c1 + 1, most + 1) if support(law, c1, c2, n, n).at_most(alpha)]
    assert found == (right[0] if right else None)


def test_a_claim_and_its_neighbour() -> None:
    plan = plan_claim(question(1000, "5%"))
    # S046 of the reference file.
    assert (plan.n, plan.k, plan.tail, plan.tail_before) == (57, 0, Decimal("0.0492368"), Decimal("0.0519906"))
    assert plan_discovery(question(1000, "5%", "1%")).n == 57
    expected = plan_claim(question(500, "6%", "1%"))
    assert (expected.n, expected.k) == (73, 1)  # S058


def test_a_number_chosen_by_hand() -> None:
    enough = plan_hand_picked(question(1000, "5%"), 57)
    short = plan_hand_picked(question(1000, "5%"), 56)
    assert (enough.reached, short.reached) == (True, False)
    assert short.achieved == 1 - Decimal("0.0519906")
    assert plan_hand_picked(question(1000, "5%", "2%"), 60).k == 2
    exact = plan_hand_picked(question(20, "5%"), 19)
    assert exact.reached  # S067: 1/20 is at most 1/20


def test_two_stage_plan() -> None:
    plan = plan_two_stage(question(500, "5%", "1%"))
    assert (plan.n, plan.n2, plan.visits) == (57, 57, 114)  # S123
    # 5 deviating of 500: the second stage is visited if exactly one of 57 deviates: 57 (443 choose 4) of (500 choose 5).
    second = Fraction(5 * comb(495, 56), comb(500, 57))
    assert plan.average == Decimal(float(57 + 57 * second)).quantize(Decimal("0.01"))


def test_margin_with_clusters_and_unresolved() -> None:
    # n0 = 1.959964^2 * 0.25 / 0.0025 * (1 + 4 * 0.1) = 537.80; / (1 + 536.80 / 1000) = 349.95; / 0.9 = 388.8
    asked = Margin(Rate("0.05"), Rate("0.5"), Rate("0.1"), cluster=5, alike=Rate("0.1"))
    plan = plan_margin(1000, CONFIDENCE, asked)
    assert (plan.n, plan.design_effect) == (389, Decimal("1.4"))
    assert plan_margin(50, CONFIDENCE, Margin(Rate("0.01"), Rate("0.5"), Rate("0.5"))).n == 50


def test_the_price_of_a_claim_about_recall() -> None:
    # sampling.md, D19: 348, 766 and 1,550 visits.
    prices = recall_prices(9600, 320, CONFIDENCE, (Rate("0.8"), Rate("0.9"), Rate("0.95")))
    assert [one.visits for one in prices] == [348, 766, 1550]
    assert [one.missed for one in prices] == [81, 36, 17]
    with pytest.raises(RunError):
        recall_prices(9600, 0, CONFIDENCE)


def test_table_of_sizes() -> None:
    lines = size_table(1200, CONFIDENCE, rates=(Rate("0.05"),), borne=(0,))
    assert (lines[0].count, lines[0].visits) == (60, (57,))
    tiny = size_table(5, CONFIDENCE, rates=(Rate("0.2"),), borne=(0, 3))
    assert tiny[0].visits == (5, None)


PLANS = {
    "claim": plan_claim(question(1200, "5%", "1%")),
    "discovery": plan_discovery(question(1200, "5%")),
    "two_stage": plan_two_stage(question(1200, "5%", "1%")),
    "hand_picked": plan_hand_picked(question(1200, "5%"), 60),
    "hand_picked_short": plan_hand_picked(question(1200, "5%"), 20),
    "margin": plan_margin(1200, CONFIDENCE, Margin(Rate("0.05"), Rate("0.5"), Rate("0"))),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_paragraph_names_the_numbers(name: str) -> None:
    plan: Plan = PLANS[name]
    for lang in LANGUAGES:
        told = plan_paragraph(plan, lang)
        assert str(plan.n) in told
        assert "1,200" in told
        assert not re.search("[{}]|None", told)
        assert not re.search("None", " ".join(value for _, value in plan_lines(plan, lang)))


def test_a_tiny_risk_is_not_called_none() -> None:
    plan = plan_hand_picked(question(1200, "20%"), 600)
    assert dict(plan_lines(plan, "en"))["confidence reached"] == "99.9999%"
    assert "0.0001%" in plan_paragraph(replace(plan, hand_picked=False), "en")


@pytest.mark.parametrize(
    ("population", "tolerable", "expected", "key"),
    [
        (0, "5%", None, "sampling.empty_population"),
        (100, "0", None, "sampling.tolerable_zero"),
        (100, "5%", "5%", "sampling.expected_too_high"),
    ],
)
def test_questions_without_an_answer(population: int, tolerable: str, expected: str | None, key: str) -> None:
    with pytest.raises(RunError) as caught:
        question(population, tolerable, expected)
    assert caught.value.key == key


def test_a_rate_far_too_small_for_the_population_is_refused_at_once() -> None:
    far_too_small = question_of(25_000_000, CONFIDENCE, Rate("0.000000000001"), "binomial")
    with pytest.raises(RunError) as caught:
        plan_claim(far_too_small)
    assert caught.value.key == "sampling.not_provable"


def test_what_not_even_visiting_all_proves() -> None:
    with pytest.raises(RunError) as caught:
        plan_claim(question(20, "10%"), k=2)
    assert caught.value.values == {"population": 20, "count": 2, "k": 2}
    with pytest.raises(RunError):
        plan_hand_picked(question(20, "10%"), 21)
    with pytest.raises(RunError):
        plan_two_stage(question(20, "10%"), 1, 1)
    with pytest.raises(RunError):
        plan_margin(100, CONFIDENCE, Margin(Rate("0"), Rate("0.5"), Rate("0")))
    with pytest.raises(RunError):
        alpha_of(Rate("1"))
