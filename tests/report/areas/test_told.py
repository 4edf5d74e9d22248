"""Evidence in words: facts with their units beside the standards they are held against."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.language import Language
from audit.report.areas.told import Notes, Shown, Teller, amount, shown
from tests.policy import shipped

EVIDENCE = (
    '{"pc": 3499.9999, "lifted_year": 2018, "net": 14000, "population": null, "audit_year": 2024, '
    '"low_income_line": 4000, "parameters": {"low_income_line": {"valid_from": "2020-01-01", "area": "", '
    '"source": "某文件", "state": "in_force"}}}'
)


def told(rule_id: str, evidence: str, lang: Language = "zh") -> tuple[tuple[Shown, ...], tuple[Shown, ...], Notes]:
    book = shipped()
    rule = book.rule(rule_id)
    assert rule is not None
    notes = Notes()
    facts, standards = Teller({rule_id: rule}, book.parameters, lang).evidence(rule, evidence, notes)
    return facts, standards, notes


def test_facts_beside_standards() -> None:
    facts, standards, notes = told("INC-4", EVIDENCE)
    assert facts == (
        Shown("人均纯收入", "3,499.9999 元"),
        Shown("脱贫年度", "2018"),
        Shown("纯收入", "14,000 元"),
        Shown("收入人口数", "未知"),
    )
    assert standards == (Shown("审计年度", "2024"), Shown("低收入线", "4,000 元/人·年", 1))
    assert list(notes.told) == ["低收入线：全国，自 2020-01-01 起，依据 某文件"]


def test_the_same_in_english() -> None:
    facts, standards, _ = told("INC-4", EVIDENCE, "en")
    assert facts[0] == Shown("net income per head", "3,499.9999 yuan")
    assert facts[3].value == "unknown"
    assert standards[1].value == "4,000 yuan per head and year"


def test_a_standard_is_told_once_for_a_page() -> None:
    notes = Notes()
    assert [notes.number(one) for one in ("a", "b", "a")] == [1, 2, 1]


def test_codes_and_yes_and_no_are_words() -> None:
    facts, _, _ = told("PW-2", '{"post_type": "cleaner", "sex": "female", "age": 31}')
    assert [one.value for one in facts] == ["保洁员", "女", "31 岁"]
    facts, _, _ = told("HLP-3", '{"active_pairings": 0, "lifted": true, "monitored": false}')
    assert [one.value for one in facts] == ["0 个", "是", "否"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (Decimal("0"), "0"),
        (Decimal("-1234567.500000"), "-1,234,567.5"),
        (Decimal("100.00"), "100"),
        ("2000.05", "2,000.05"),
        (12345, "12,345"),
        ("1e3", "1,000"),
        ("x<y", "x<y"),
    ],
)
def test_amounts(value: Decimal | int | str | None, written: str) -> None:
    assert amount(value) == written


def test_what_is_shown_hides_nothing_and_does_not_go_on_for_ever() -> None:
    assert shown("a\u202eb") == "a\ufffdb"
    assert shown(None) == ""
    assert len(shown("长" * 5000)) == 160
    assert shown("长" * 5000).endswith("…")
