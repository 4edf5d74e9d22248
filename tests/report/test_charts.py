"""Charts: described as the charting library wants it, harmless, in the page's colours, the same every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

import altair
import pytest

from audit.report import charts
from audit.report.charts import HIGH, MARK, Bar, Bin, Mark, Series, bar_chart, histogram, line_chart
from audit.report.rules.distribution import edges
from tests.report.hostile import ATTACKS

BINS = (Bin(0, 1000, (3, 0)), Bin(1000, 2000, (0, 0)), Bin(2000, 3000, (5, 2)))
KINDS = (("未列为问题", MARK), ("有问题", HIGH))
AXES = ("人均纯收入（元）", "户数")


def attack() -> str:
    return " ".join(one.replace("\0", "") for one in ATTACKS if one.isprintable())


def test_every_chart_is_well_formed_and_runs_nothing() -> None:
    told = attack()
    drawn = (
        bar_chart([Bar(told, 0.5, told)], told, told),
        histogram(BINS, [Mark(2000, told)], [(told, MARK), (told, HIGH)], (told, told), told),
        line_chart(["2024-12-30", "2024-12-31"], [Series(told, HIGH, (3, 4))], (told, told), told),
    )
    for chart in drawn:
        tree = ElementTree.fromstring(chart.svg)
        assert {one.tag for one in tree.iter()} <= {"svg", "g", "path", "text", "line", "rect", "tspan"}
        assert not [key for one in tree.iter() for key in one.attrib if key.startswith("on") or "href" in key]
        assert "http" not in "".join(value for one in tree.iter() for value in one.attrib.values())
        assert not [one for one in tree.iter() if "style" in one.attrib]


def test_a_bar_is_as_long_as_its_value() -> None:
    chart = bar_chart([Bar("INC-4", 60.0, "3 / 5"), Bar("INC-3", 30.0, "3 / 10")], "比例（%）", "x")
    texts = [one.text for one in ElementTree.fromstring(chart.svg).iter("text")]
    assert {"INC-4", "INC-3", "3 / 5", "3 / 10", "比例（%）", "60"} <= set(texts)
    assert "h420v" in chart.svg  # the longest takes all the room
    assert "h210v" in chart.svg


def test_a_histogram_stacks_what_is_flagged_on_the_rest() -> None:
    chart = histogram(BINS, [Mark(2000, "低收入线 2,000")], KINDS, AXES, "x")
    assert chart.svg.count(f'fill="{HIGH}"') == 2  # one bar and its square in the legend
    assert chart.svg.count(f'fill="{MARK}"') == 3
    texts = [one.text for one in ElementTree.fromstring(chart.svg).iter("text")]
    assert {"低收入线 2,000", "人均纯收入（元）", "户数", "未列为问题", "有问题"} <= set(texts)
    assert texts.count("低收入线 2,000") == 1


def test_the_same_chart_has_the_same_bytes() -> None:
    first, second = (histogram(BINS, [Mark(2000, "x")], KINDS, AXES, "x").svg for _ in range(2))
    assert first == second


def test_the_library_knows_every_word_of_a_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    described: list[dict[str, object]] = []

    def drawn(
        rows: Sequence[Mapping[str, object]],
        layers: Sequence[Mapping[str, object]],
        width: int,
        height: int,
        margins: Mapping[str, int],
    ) -> str:
        described.append(charts.specification(rows, layers, width, height, margins))
        return ""

    monkeypatch.setattr(charts, "drawn", drawn)
    bar_chart([Bar("a", 1.0, "b")], "x", "x")
    histogram(BINS, [Mark(2000, "x")], KINDS, AXES, "x")
    line_chart(["2024-12-30", "2024-12-31"], [Series("a", HIGH, (3, 4))], AXES, "x")
    assert len(described) == 3
    for one in described:
        altair.LayerChart.from_dict(one)


@pytest.mark.parametrize(
    ("low", "high", "line", "start", "width", "bars"),
    [
        (3500.0, 21000.0, 4000.0, 3000.0, 1000.0, 19),
        (0.0, 0.48, 0.5, 0.0, 0.02, 25),
        (16.0, 90.0, 60.0, 15.0, 5.0, 16),
        (7.0, 7.0, 7.0, 7.0, 5e-07, 1),
        (-300.0, 900.0, 0.0, -300.0, 50.0, 25),
    ],
)
def test_a_line_of_policy_lies_between_two_bars(
    low: float, high: float, line: float, start: float, width: float, bars: int
) -> None:
    assert edges(low, high, line) == pytest.approx((start, width, bars))
    assert (line - start) / width == pytest.approx(round((line - start) / width))
