"""A chart of shares with their limits, one line each: how sure a number is shows at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.report.charts import INK, LINE, MARK, Chart, drawn


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its limits, and the wider limits that also hold what is unsettled.

    Attributes:
        label: what it is of.
        point: the share, from 0 to 1.
        lower, upper: its limits.
        lowest, highest: its limits, whatever the unsettled is.
        behind: what is written behind it.
    """

    label: str
    point: float
    lower: float
    upper: float
    lowest: float
    highest: float
    behind: str


def interval_chart(intervals: Sequence[Interval], axis: str, told: str, *, label_width: int = 300) -> Chart:
    """Shares as points, their limits as bars, the wider limits as thin lines.

    Args:
        intervals: from top to bottom.
        axis: what the shares are.
        told: the text alternative.
        label_width: room for the labels, in pixels.
    """
    rows = [
        {
            "y": place,
            "label": one.label,
            "behind": one.behind,
            **{name: round(100 * getattr(one, name), 4) for name in ("point", "lower", "upper", "lowest", "highest")},
        }
        for place, one in enumerate(intervals)
    ]
    position = {"field": "y", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.25, "paddingOuter": 0.1}}
    scale = {"domain": [0, 100], "nice": False}

    def across(field: str) -> dict[str, object]:
        axis_words = {"title": axis, "values": [0, 20, 40, 60, 80, 100], "format": ".0f"}
        return {"field": field, "type": "quantitative", "axis": axis_words, "scale": scale}

    def words(**more: object) -> dict[str, object]:
        return {"type": "text", "color": INK, "fontSize": 13, "baseline": "middle", "limit": 0, **more}

    layers: list[dict[str, object]] = [
        {
            "mark": {"type": "rule", "color": LINE, "strokeWidth": 1.5},
            "encoding": {"y": position, "x": across("lowest"), "x2": {"field": "highest"}},
        },
        {
            "mark": {"type": "bar", "color": MARK, "height": 7, "opacity": 0.45},
            "encoding": {"y": position, "x": across("lower"), "x2": {"field": "upper"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "color": INK, "opacity": 1},
            "encoding": {"y": position, "x": across("point")},
        },
        {
            "mark": words(align="right", x=-8),
            "encoding": {"y": position, "text": {"field": "label", "type": "nominal"}},
        },
        {
            "mark": words(align="left", x=428),
            "encoding": {"y": position, "text": {"field": "behind", "type": "nominal"}},
        },
    ]
    margins = {"left": label_width, "top": 4, "right": 170, "bottom": 50}
    return Chart(drawn(rows, layers, 420, 26 * len(intervals), margins), told)
