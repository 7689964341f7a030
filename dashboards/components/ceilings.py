"""A ceiling and a plan by year: what lies between them is what is shared. No statistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.components.courses import FAN, PLAN
from dashboards.components.figures import PAPER, REF, YOU, axis, layout
from dashboards.components.narrow import few_periods, filling, with_narrow
from dashboards.components.numbers import headline_money, symbol

BEFORE = "Last year"
HEIGHT = 400
"""Pixels at least; beside sliders it is as high as they are."""


def ceiling_plot(
    periods: Sequence[str], ceilings: Sequence[float], costs: Sequence[float], last: float, currency: str
) -> Any:
    """Two lines with the area between them, and what the last year cost; in the currency's millions where large."""
    most = max(*ceilings, *costs, last)
    scale, suffix = (1e9, "bn") if most >= 1e9 else (1e6, "m") if most >= 2e6 else (1.0, "")
    x = list(periods)
    ends = (("Ceiling", ceilings, REF), ("Plan", costs, "#6a46a8"))
    apart = abs(ceilings[-1] - costs[-1]) < 0.02 * max(ceilings[-1], costs[-1])
    notes = [
        {
            "text": f"<b>{name}</b> {headline_money(values[-1], currency=currency)}",
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 6,
            "y": values[-1] / scale,
            "yshift": 0 if not apart else 12 if values[-1] >= max(ceilings[-1], costs[-1]) else -12,
            "showarrow": False,
            "align": "left",
            "font": {"color": colour, "size": 14},
        }
        for name, values, colour in ends
    ]
    figure = {
        "data": [
            _line(x, [value / scale for value in ceilings], REF, "solid"),
            {**_line(x, [value / scale for value in costs], PLAN, "dash"), "fill": "tonexty", "fillcolor": FAN},
            _point(BEFORE, last / scale),
        ],
        "layout": layout(
            HEIGHT,
            margin={"l": 8, "r": 130, "t": 16, "b": 8},
            annotations=notes,
            xaxis=axis(type="category", showgrid=False, categoryorder="array", categoryarray=[BEFORE, *x]),
            yaxis=axis(tickprefix=symbol(currency), ticksuffix=suffix),
        ),
    }
    return filling(with_narrow(figure, _narrow(figure, ceilings[-1] >= costs[-1])))


def _narrow(figure: dict[str, Any], over: bool) -> dict[str, Any]:
    """What differs on a narrow screen: the names of the ends stand over the upper line and under the lower one.

    over : whether the ceiling is the upper line.
    """
    first, second = figure["layout"]["annotations"]
    inside = {"xanchor": "right", "xshift": 0}
    notes = [
        {**first, **inside, "yanchor": "bottom" if over else "top"},
        {**second, **inside, "yanchor": "top" if over else "bottom"},
    ]
    room = {"ticks": "outside", "ticklen": 10, "tickcolor": PAPER}
    return {
        "annotations": notes,
        "margin": {**figure["layout"]["margin"], "r": 30},
        "xaxis": {**few_periods(figure), **room},
    }


def _line(x: Sequence[str], y: Sequence[float], colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(x),
        "y": list(y),
        "line": {"color": colour, "dash": dash, "width": 2.5},
        "marker": {"color": colour, "size": 7},
        "hoverinfo": "skip",
    }


def _point(x: str, y: float) -> dict[str, Any]:
    marker = {"color": YOU, "symbol": "diamond", "size": 12}
    return {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "marker": marker, "hoverinfo": "skip"}
