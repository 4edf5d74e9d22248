"""Charts as SVG that stands inside a page: in the page's own colours, with a text for those who can't see them.

Nothing in a chart depends on the machine that draws it: sizes and margins are given, so that no font is measured.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert

#: Colours that the style of the pages turns into its own, light or dark.
INK, LINE, MARK, HIGH, MEDIUM, LOW = "#010101", "#020202", "#030303", "#040404", "#050505", "#060606"
_NAMESPACES = re.compile(r' xmlns(:xlink)?="[^"]*"| version="1\.1"| aria-[a-z]+="[^"]*"| role="[^"]*"')


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart.

    Attributes:
        svg: the drawing, escaped already.
        told: what it shows, in a sentence or two.
    """

    svg: str
    told: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a bar chart, with its label and what is written behind it."""

    label: str
    value: float
    behind: str


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of a histogram: from where to where, and how many of each kind."""

    low: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across a histogram, with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a chart over time, with its colour and its values."""

    label: str
    colour: str
    values: tuple[int, ...]


def bar_chart(bars: Sequence[Bar], axis: str, told: str, *, label_width: int = 330) -> Chart:
    """Bars that lie one below the other, the longest as wide as there is room.

    Args:
        bars: from top to bottom.
        axis: what the lengths are, with their unit.
        told: the text alternative.
        label_width: room for the labels, in pixels.
    """
    rows = [
        {"y": place, "label": bar.label, "value": bar.value, "behind": bar.behind} for place, bar in enumerate(bars)
    ]
    position = {"field": "y", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.25, "paddingOuter": 0.1}}
    width = 420
    most = max((bar.value for bar in bars), default=0) or 1
    layers = [
        _layer({"type": "bar", "color": MARK}, {"y": position, "x": _number("value", axis, (0, most))}),
        _layer(_text(INK, align="right", x=-8), {"y": position, "text": _field("label")}),
        _layer(
            _text(INK, align="left", dx=6),
            {"y": position, "x": {"field": "value", "type": "quantitative"}, "text": _field("behind")},
        ),
    ]
    margins = {"left": label_width, "top": 4, "right": 170, "bottom": 50}
    return Chart(drawn(rows, layers, width, 26 * len(bars), margins), told)


def histogram(
    bins: Sequence[Bin], marks: Sequence[Mark], kinds: Sequence[tuple[str, str]], axes: tuple[str, str], told: str
) -> Chart:
    """How often each value occurs, as upright bars with lines where a boundary lies.

    Args:
        bins: from the lowest to the highest.
        marks: the lines across.
        kinds: label and colour of what is counted in each bin, from the bottom up.
        axes: what stands along the bottom and along the left.
        told: the text alternative.
    """
    rows: list[dict[str, object]] = []
    for one in bins:
        base = 0
        for (_, colour), count in zip(kinds, one.counts, strict=True):
            if count:
                rows.append({"low": one.low, "high": one.high, "from": base, "to": base + count, "colour": colour})
            base += count
    low, high = bins[0].low, bins[-1].high
    most = max(sum(one.counts) for one in bins)
    across = {**_number("low", axes[0], (low, high)), "bin": "binned"}
    layers = [
        _layer(
            {"type": "bar", "binSpacing": 1},
            {
                "x": across,
                "x2": {"field": "high"},
                "y": _number("from", axes[1], (0, most), whole=True),
                "y2": {"field": "to"},
                "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        )
    ]
    for mark in marks:
        if low <= mark.at <= high:
            left = mark.at <= (low + high) / 2
            at = {"datum": mark.at, "type": "quantitative"}
            layers.append(_once({"type": "rule", "color": INK, "strokeDash": [5, 3], "strokeWidth": 1.5}, {"x": at}))
            side = {"align": "left", "dx": 5} if left else {"align": "right", "dx": -5}
            layers.append(_once({**_text(INK, **side), "y": -9, "text": mark.label}, {"x": at}))
    margins = {"left": 70, "top": 24, "right": 40, "bottom": 50}
    legend = [(label, colour) for (label, colour), used in zip(kinds, _used(bins), strict=True) if used]
    return Chart(drawn(rows, layers + _legend(legend), 620, 200, margins), told)


def line_chart(days: Sequence[str], series: Sequence[Series], axes: tuple[str, str], told: str) -> Chart:
    """What became of numbers from run to run, one line each.

    Args:
        days: the day of each run.
        series: the lines, with one value for each run.
        axes: what stands along the bottom and along the left.
        told: the text alternative.
    """
    rows = [
        {"run": place, "value": value, "line": number, "colour": one.colour}
        for number, one in enumerate(series)
        for place, value in enumerate(one.values)
    ]
    last = max(len(days) - 1, 1)
    step = max(1, -(-len(days) // 6))
    ticks = list(range(0, len(days), step))
    names = "{" + ",".join(f"'{tick}':'{days[tick]}'" for tick in ticks) + "}"
    across = _number("run", axes[0], (0, last))
    across["axis"] = {**across["axis"], "values": ticks, "labelExpr": f"{names}[datum.value]", "grid": False}
    most = max((value for one in series for value in one.values), default=0) or 1
    shared = {
        "x": across,
        "y": _number("value", axes[1], (0, most), whole=True),
        "color": {"field": "colour", "type": "nominal", "scale": None},
    }
    layers = [
        _layer({"type": "line", "strokeWidth": 2}, {**shared, "detail": {"field": "line", "type": "nominal"}}),
        _layer({"type": "point", "filled": True, "size": 36, "opacity": 1}, shared),
    ]
    legend = [(one.label, one.colour) for one in series]
    margins = {"left": 70, "top": 24, "right": 40, "bottom": 50}
    return Chart(drawn(rows, layers + _legend(legend), 620, 200, margins), told)


def _used(bins: Sequence[Bin]) -> list[bool]:
    return [any(counts) for counts in zip(*(one.counts for one in bins), strict=True)]


def _legend(entries: Sequence[tuple[str, str]]) -> list[Mapping[str, object]]:
    """The meaning of the colours, written above the chart on the right in their colours."""
    layers: list[Mapping[str, object]] = []
    right = 620
    for label, colour in reversed(entries):
        layers.append(_once({**_text(INK, align="right"), "x": right, "y": -12, "text": label}, {}))
        right -= 14 * len(label) + 8 if not label.isascii() else 7 * len(label) + 8
        square = {"type": "square", "filled": True, "size": 90, "color": colour, "opacity": 1}
        layers.append(_once({**square, "x": right - 2, "y": -12}, {}))
        right -= 22
    return layers


def _layer(mark: Mapping[str, object], encoding: Mapping[str, object]) -> Mapping[str, object]:
    return {"mark": dict(mark), "encoding": dict(encoding)}


def _once(mark: Mapping[str, object], encoding: Mapping[str, object]) -> Mapping[str, object]:
    """A layer that is drawn once, and not for each row."""
    return {"data": {"values": [{}]}, **_layer(mark, encoding)}


def _text(colour: str, **more: object) -> dict[str, object]:
    return {"type": "text", "color": colour, "fontSize": 13, "baseline": "middle", "limit": 0, **more}


def _field(name: str) -> dict[str, object]:
    return {"field": name, "type": "nominal"}


def _number(field: str, title: str, domain: tuple[float, float], *, whole: bool = False) -> dict[str, Any]:
    axis: dict[str, object] = {"title": title, "tickCount": 6, "format": ",.0f" if whole else ",~f"}
    if whole and domain[1] < 6:
        axis["values"] = list(range(int(domain[1]) + 1))
    scale = {"domain": list(domain), "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": scale}


def specification(
    rows: Sequence[Mapping[str, object]],
    layers: Sequence[Mapping[str, object]],
    width: int,
    height: int,
    margins: Mapping[str, int],
) -> dict[str, object]:
    """A chart in the words of Vega-Lite, as altair would write it; importing altair takes longer than drawing."""
    axis = {
        "labelColor": INK, "titleColor": INK, "tickColor": LINE, "domainColor": LINE, "gridColor": LINE,
        "labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal", "labelLimit": 0, "titleLimit": 0,
        "labelOverlap": False, "labelBound": False, "labelFlush": False, "gridOpacity": 0.6,
    }  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": list(rows)},
        "layer": list(layers),
        "width": width,
        "height": height,
        "padding": dict(margins),
        "autosize": {"type": "none"},
        "background": "transparent",
        "config": {
            "aria": False,
            "view": {"stroke": None},
            "axis": axis,
            "axisX": {"titleY": 34},
            "axisY": {"titleX": -56, "titleAnchor": "middle", "titleAlign": "center"},
        },
    }


def drawn(
    rows: Sequence[Mapping[str, object]],
    layers: Sequence[Mapping[str, object]],
    width: int,
    height: int,
    margins: Mapping[str, int],
) -> str:
    """A chart as SVG, the same on every machine.

    Args:
        rows: the values.
        layers: what is drawn of them, in the words of Vega-Lite.
        width: of the chart without its margins, in pixels.
        height: of the chart without its margins.
        margins: room for labels on each side.
    """
    svg = vl_convert.vegalite_to_svg(json.dumps(specification(rows, layers, width, height, margins)))
    return _NAMESPACES.sub("", svg)
