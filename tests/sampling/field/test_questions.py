"""What may change between two visits is not blamed on an inspector."""

from __future__ import annotations

import pytest

from audit.sampling.field.codes import Stability
from audit.sampling.field.questions import stability_of


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ID-1", Stability.FIXED),
        ("IND-6", Stability.FIXED),
        ("IND-8", Stability.JUDGED),
        ("INC-4", Stability.JUDGED),
        ("PW-5", Stability.CHANGING),
        ("PW-7", Stability.FIXED),
        ("HOU-1", Stability.JUDGED),
        ("HOU-6", Stability.CHANGING),
        ("a rule of one's own", Stability.JUDGED),
    ],
)
def test_a_rule_named_in_full_goes_before_its_letters(rule: str, expected: Stability) -> None:
    assert stability_of(rule) is expected
