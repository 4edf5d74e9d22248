"""Values to try: read as strictly as those of the rulebook, everywhere and always in force, all mistakes at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from audit.errors import RulebookError
from audit.rulebook import Parameter, Rulebook
from audit.rulebook.override import with_values
from audit.rulebook.policy import DatedValue


def parameter(name: str, kind: str) -> Parameter:
    values = (
        DatedValue(1, date(2020, 1, 1), date(2021, 12, 31), "", "文件"),
        DatedValue(2, date(2022, 1, 1), None, "139901", "县文件"),
    )
    return Parameter(name, name, name, "", "", kind, False, values)


BOOK = Rulebook(
    (), {kind: parameter(kind, kind) for kind in ("money", "int", "share", "number", "date")}, digest="0" * 64
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("money=4500", 4500),
        ("money=4500.50", Decimal("4500.50")),
        (" money = 4500 ", 4500),
        ("int=16", 16),
        ("share=0.05", Decimal("0.05")),
        ("share=1", 1),
        ("number=1.25", Decimal("1.25")),
        ("date=2025-01-01", date(2025, 1, 1)),
    ],
)
def test_a_value_replaces_all_dated_values_everywhere(written: str, value: object) -> None:
    name = written.partition("=")[0].strip()
    tried = with_values(BOOK, [written]).parameters[name]
    assert [(one.value, one.area, one.valid_to) for one in tried.values] == [(value, "", None)]
    for day in (date(1990, 1, 1), date(2024, 12, 31)):
        (chosen,) = tried.on(day)
        assert (chosen.dated.value, chosen.state.value) == (value, "in_force")
    assert "试算" in tried.values[0].source
    assert len(BOOK.parameters[name].values) == 2


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("money=viel", "--param money=viel：这个值不是 money。"),
        ("money=2025-01-01", "--param money=2025-01-01：这个值不是 money。"),
        ("money=true", "--param money=true：这个值不是 money。"),
        ("money=[1]", "--param money=[1]：这个值不是 money。"),
        ("money={", "--param money={：这个值不是 money。"),
        ("money=.nan", "--param money=.nan：这个值不是 money。"),
        ("int=16.5", "--param int=16.5：这个值不是 int。"),
        ("share=1.01", "--param share=1.01：这个值不是 share。"),
        ("share=60%", "--param share=60%：这个值不是 share。"),
        ("date=4500", "--param date=4500：这个值不是 date。"),
        ("monney=4500", "--param monney：没有这个参数。最接近的是：money"),
        ("money", "--param money：应写成 名称=值，例如 low_income_line=4500。"),
        ("money=", "--param money=：应写成 名称=值，例如 low_income_line=4500。"),
    ],
)
def test_a_value_that_is_not_understood(written: str, told: str) -> None:
    with pytest.raises(RulebookError) as caught:
        with_values(BOOK, [written])
    assert caught.value.message("zh") == f"要试的值有 1 处错误，没有执行：\n  {told}"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(RulebookError) as caught:
        with_values(BOOK, ["money=1", "money=2", "monney=3", "int=x"])
    assert caught.value.message("en").splitlines() == [
        "3 values to try are wrong; nothing was run:",
        "  --param money: this parameter is given twice.",
        "  --param monney: there is no such parameter. Nearest: money",
        "  --param int=x: the value is no int.",
    ]


def test_another_value_is_another_policy() -> None:
    digests = {with_values(BOOK, written).digest for written in (["money=1"], ["money=2"], ["int=1"], [])}
    assert len(digests) == 4
    assert with_values(BOOK, ["money=1", "int=2"]).digest == with_values(BOOK, ["int=2", "money=1"]).digest
    assert with_values(BOOK, []) is BOOK
