"""What each body is asked for, as sorted bars with their ranges in three groups against one line. No statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components.figures import BAND, HIGHER, INK, LOWER, PAPER, REF, SAME, axis, layout
from dashboards.components.labels import LINE, count_lines, on_two, stacked
from dashboards.components.narrow import rows_above

Row = Mapping[str, Any]
GROUPS = (
    ("less", "▼ Asked less", LOWER, "triangle-down"),
    ("cannot be told apart", "= Cannot be told apart", SAME, "circle"),
    ("more", "▲ Asked more", HIGHER, "triangle-up"),
)
"""Verdict, words, colour and shape of the mark."""
LEAST = 24
"""Pixels of a row."""


def asked_plot(rows: Sequence[Row], equal: float, told: str) -> dict[str, Any]:
    """A heading row for each group, then a bar for each of its bodies from the least to the most asked.

    rows : `name`, `verdict` (less, more, cannot be told apart), `cut`, `cut_lo`, `cut_hi` as fractions of cost.
    equal : what an equal cut asks of everybody, drawn as a dashed line and named `told`.
    """
    parts = [(group, sorted((row for row in rows if row["verdict"] == group[0]), key=_order)) for group in GROUPS]
    names = [name for group, part in parts for name in (f"{group[1]}: {len(part)}", *(row["name"] for row in part))]
    loud = [each for _, part in parts for each in (True, *(False for _ in part))]
    words = [on_two(name, 26, bold=bold) for name, bold in zip(names, loud, strict=True)]
    heights = [max(LEAST, LINE * count_lines(each) + 4) for each in words]
    tops, total = stacked(heights)
    centres = [top + height / 2 for top, height in zip(tops, heights, strict=True)]
    data, start = [], 0
    for group, part in parts:
        data += _bars(part, centres[start + 1 : start + 1 + len(part)], group)
        start += 1 + len(part)
    figure = {
        "data": data,
        "layout": layout(
            round(total + 76),
            margin={"l": 8, "r": 16, "t": 28, "b": 8},
            shapes=[_line(equal)],
            annotations=[_named(equal, told)],
            barmode="overlay",
            xaxis=axis(ticksuffix="%", nticks=6, rangemode="tozero", zeroline=True, zerolinecolor=INK),
            yaxis=axis(range=[total, 0], tickvals=centres, ticktext=words, showgrid=False),
        ),
    }
    return rows_above(figure, names, loud)


def _order(row: Row) -> tuple[float, str]:
    return (row["cut"], row["name"])


def _bars(rows: Sequence[Row], centres: Sequence[float], group: tuple[str, str, str, str]) -> list[dict[str, Any]]:
    """One group's bars, their ranges as lines of their own (what is asked may lie outside its range), and marks."""
    _, _, colour, shape = group
    shown = [100 * row["cut"] for row in rows]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": shown,
        "y": list(centres),
        "width": 12,
        "marker": {"color": BAND, "line": {"color": SAME, "width": 1}},
    }
    ranges = {
        "type": "scatter",
        "mode": "lines",
        "x": [end for row in rows for end in (100 * row["cut_lo"], 100 * row["cut_hi"], None)],
        "y": [end for centre in centres for end in (centre, centre, None)],
        "line": {"color": INK, "width": 1.5},
    }
    look = {"color": colour, "symbol": shape, "size": 12, "line": {"color": PAPER, "width": 1}}
    marks = {"type": "scatter", "mode": "markers", "x": shown, "y": list(centres), "marker": look}
    return [{**trace, "hoverinfo": "skip"} for trace in (bars, ranges, marks)]


def _line(equal: float) -> dict[str, Any]:
    line = {"color": REF, "width": 2, "dash": "dash"}
    return {"type": "line", "yref": "paper", "x0": 100 * equal, "x1": 100 * equal, "y0": 0, "y1": 1, "line": line}


def _named(equal: float, told: str) -> dict[str, Any]:
    where = {"x": 100 * equal, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": "left"}
    return {"text": told, **where, "showarrow": False, "font": {"color": REF, "size": 14}}
