"""Two stages and margins of error come out as elsewhere, row by row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.sampling.chance import DISTRIBUTIONS, Rate, law_of
from audit.sampling.plan.margin import Margin, margin_size
from audit.sampling.plan.two_stage import smallest_stage, support
from tests.sampling.reference import Reference, reference

STAGES = reference("two_stage_n_per_stage")
MARGINS = reference("sample_size_margin")
COVERED = (*STAGES, *MARGINS)
#: Half widths: only the notes of the file tell them.
HALF_WIDTH = {"S139": "0.05", "S141": "0.01", "S142": "0.1"}


@pytest.mark.parametrize("row", STAGES, ids=lambda row: row.id)
def test_two_stages(row: Reference) -> None:
    assert row["k"] == "c1=0;c2=1"
    distribution = next(one for one in DISTRIBUTIONS if one == row["distribution"])
    population = row.number("N")
    law = law_of(distribution, population, row.number("K"), row.fraction("tolerable_rate"))
    n = smallest_stage(law, 0, 1, row.alpha, population // 2 or 1000)
    assert n == row.number("value")
    assert 2 * n == row.number("value2")
    assert support(law, 0, 1, n, n).decimal() == Decimal(row["p_at_value"])
    assert not support(law, 0, 1, n - 1, n - 1).at_most(row.alpha)


@pytest.mark.parametrize("row", MARGINS, ids=lambda row: row.id)
def test_margin(row: Reference) -> None:
    asked = Margin(Rate(HALF_WIDTH[row.id]), Rate(row["expected_rate"]), Rate("0"))
    assert f"half width {HALF_WIDTH[row.id]};" in row["note"]
    size = margin_size(row.number("N") or None, Rate(row["confidence"]), asked)
    assert size.n == row.number("value")
    assert f"n0={float(size.before_correction):.3f}" == row["value2"]
