"""What a subject declares of its facts agrees with what it says about them in words."""

from __future__ import annotations

import pytest

from audit.subjects import SUBJECTS, load_subject


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_fact_that_is_never_unknown_says_so_in_both_languages(subject: str) -> None:
    for fact in load_subject(subject).facts.values():
        said = (fact.unknown.startswith("从不"), fact.unknown_en.startswith("never"))
        assert said == (fact.always_known, fact.always_known), fact.name
