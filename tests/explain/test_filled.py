"""A condition with its values, as it was written; which of its parts make it true, false or unknown."""

from __future__ import annotations

import pytest

from audit.explain.filled import Values, conditions, filled, part
from audit.rulebook.expression import Node, Sort, parse_condition
from audit.subjects import load_subject

FACTS = {
    "lifted": "是", "lifted_year": "2019", "pc": "12500/3 = 4166.6667", "pc_prev": "4000", "net": "12500",
    "share_dividend": "900", "population": "3", "monitored": "否", "heads": "1–2", "last_grade": "C级",
    "last_appraised_on": "2024-03-31", "phone_valid": "未知",
}  # fmt: skip
PARAMETERS = {
    "low_income_line": "4000",
    "audit_year": "2024",
    "as_of": "2024-12-31",
    "months": "12",
    "tolerance": "0.01",
}
SORTS = {"low_income_line": Sort.NUMBER, "months": Sort.NUMBER, "tolerance": Sort.NUMBER}


def parsed(text: str) -> Node:
    return parse_condition(text, load_subject("household"), SORTS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "lifted and lifted_year < $audit_year and pc < $low_income_line",
            "lifted[是] and lifted_year[2019] < $audit_year[2024] and pc[12500/3 = 4166.6667] < $low_income_line[4000]",
        ),
        ("not monitored", "not monitored[否]"),
        ("not (monitored or lifted)", "not (monitored[否] or lifted[是])"),
        ("lifted or monitored and phone_valid", "lifted[是] or monitored[否] and phone_valid[未知]"),
        ("(lifted or monitored) and phone_valid", "(lifted[是] or monitored[否]) and phone_valid[未知]"),
        (
            "(net - share_dividend) / population < $low_income_line",
            "(net[12500] - share_dividend[900]) / population[3] < $low_income_line[4000]",
        ),
        ("net - (share_dividend - 1) > 0", "net[12500] - (share_dividend[900] - 1) > 0"),
        ("net - share_dividend - 1 > 0", "net[12500] - share_dividend[900] - 1 > 0"),
        ("abs(pc_prev) * $tolerance > -1", "abs(pc_prev[4000]) * $tolerance[0.01] > -1"),
        ("heads <> 1", "heads[1–2] <> 1"),
        ("pc is null", "pc[12500/3 = 4166.6667] is null"),
        ("pc is not null", "pc[12500/3 = 4166.6667] is not null"),
        ("(net > 0) = lifted", "(net[12500] > 0) = lifted[是]"),
        ("last_grade in ('C', 'D')", "last_grade[C级] in ('C'[C级], 'D'[D级])"),
        ("last_grade = 'C'", "last_grade[C级] = 'C'[C级]"),
        (
            "add_months(last_appraised_on, $months) < $as_of",
            "add_months(last_appraised_on[2024-03-31], $months[12]) < $as_of[2024-12-31]",
        ),
    ],
)
def test_a_condition_reads_as_it_was_written(text: str, shown: str) -> None:
    assert filled(parsed(text), Values(FACTS, PARAMETERS, "zh")) == shown


def test_an_english_reader_needs_no_label_behind_a_code() -> None:
    values = Values({**FACTS, "last_grade": "C"}, PARAMETERS, "en")
    assert filled(parsed("last_grade = 'C'"), values) == "last_grade[C] = 'C'"


@pytest.mark.parametrize(
    ("text", "truths", "deciding"),
    [
        ("lifted and monitored and phone_valid", (True, True, True), ["lifted", "monitored", "phone_valid"]),
        ("lifted and monitored and phone_valid", (True, False, None), ["monitored"]),
        ("lifted and monitored and phone_valid", (True, None, True), ["monitored"]),
        ("lifted or monitored or phone_valid", (True, False, None), ["lifted"]),
        ("lifted or monitored or phone_valid", (False, False, None), ["phone_valid"]),
        ("lifted or monitored or phone_valid", (False, False, False), ["lifted", "monitored", "phone_valid"]),
        ("not (lifted or monitored and phone_valid)", (False, True, None), ["phone_valid"]),
        ("not (lifted or monitored and phone_valid)", (False, False, None), ["lifted", "monitored"]),
    ],
)
def test_what_decides(text: str, truths: tuple[bool | None, ...], deciding: list[str]) -> None:
    node = parsed(text)
    known: dict[Node, bool | None] = dict(
        zip([one for one in conditions(node) if one.op == "fact"], truths, strict=True)
    )

    def truth(one: Node) -> bool | None:
        """Three-valued logic, in the words of a textbook."""
        if one in known:
            return known[one]
        inner = [truth(part) for part in one.parts]
        if one.op == "not":
            return None if inner[0] is None else not inner[0]
        strong = one.op == "or"
        return strong if strong in inner else (None if None in inner else not strong)

    whole = part(node, {one: truth(one) for one in conditions(node)}, Values(FACTS, PARAMETERS, "zh"), decides=True)
    assert [name for one in whole.comparisons() if one.decides for name in one.facts] == deciding
    calm = part(node, {one: truth(one) for one in conditions(node)}, Values(FACTS, PARAMETERS, "zh"), decides=False)
    assert not [one for one in calm.comparisons() if one.decides]
