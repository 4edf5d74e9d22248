"""Rules made up for a test: a real one with its subject and conditions exchanged."""

from __future__ import annotations

from dataclasses import replace

from tests.policy import shipped

from audit import Rulebook
from audit.rulebook.expression import Node, Sort, parse_condition
from audit.subjects import load_subject


def made_up(
    subject: str = "household", *, population: str = "true", flag: str = "true", among: str = "true"
) -> Rulebook:
    """A rulebook with one rule, TRY-1, and the real parameters."""
    known = shipped()
    sorts = {name: Sort.DATE if one.kind == "date" else Sort.NUMBER for name, one in known.parameters.items()}

    def parsed(text: str) -> Node:
        return parse_condition(text, load_subject(subject), sorts)

    rule = replace(
        known.rules[0],
        id="TRY-1",
        title="试一试",
        title_en="A try",
        subject=load_subject(subject),
        severity="low",
        indicator=False,
        measure=None,
        evidence=(),
        message="有问题",
        message_en="Something is wrong",
        among=parsed(among),
        population=parsed(population),
        flag=parsed(flag),
    )
    return replace(known, rules=(rule,))
