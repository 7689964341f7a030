"""Plotly figures of a target: its glide path with what happened and what may, and a control chart. No statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components.figures import HIGHER, INK, LOWER, PAPER, REF, SAME, YOU, axis, layout
from dashboards.components.labels import units
from dashboards.components.narrow import ends_above
from dashboards.components.numbers import MONTHS, Style, period_words
from dashboards.components.plots import UNSURE

Row = Mapping[str, Any]
PLAN, FAN = "#a285d1", "#e4dcf2"
SIGNALS = {
    "outside": ("square", "1"),
    "trend": ("triangle-up", "2"),
    "two_of_three": ("diamond", "3"),
    "shift": ("circle", "4"),
}
"""Shape of each rule's mark, and the number that keys it to the list below the chart."""


def glide_plot(
    actual: Sequence[Row], path: Sequence[Row], fan: Sequence[Row], target: float, style: Style
) -> dict[str, Any]:
    """What happened with its intervals, the path with its allowance, the 80% fan ahead, the target named.

    actual : `period`, `value`, `lo`, `hi`, `status`.   path : `period`, `value`, `lo`, `hi`.
    fan : `period`, `lo`, `median`, `hi`. All in order of period.
    """
    factor = 100 if style.kind == "fraction" else 1
    order = list(dict.fromkeys(row["period"] for rows in (actual, path, fan) for row in rows))
    words = [tick(period) for period in order]
    shown = [row for row in actual if row["value"] is not None]
    start = [{"period": row["period"], "lo": row["value"], "median": row["value"], "hi": row["value"]} for row in shown]
    ahead = [*start[-1:], *fan] if fan else []
    figure = {
        "data": [
            *_band(ahead, "lo", "hi", FAN, factor),
            _line(ahead, "median", PLAN, "dot", 2, factor),
            _line(path, "lo", SAME, "dashdot", 1, factor),
            _line(path, "hi", SAME, "dashdot", 1, factor),
            _line(path, "value", REF, "dash", 2, factor),
            _points(shown, factor),
        ],
        "layout": layout(
            400,
            margin={"l": 8, "r": 130, "t": 16, "b": 8},
            annotations=_course_labels(path, ahead, target, style, factor),
            xaxis=axis(
                type="category", categoryorder="array", categoryarray=words, showgrid=False, nticks=6, tickangle=0
            ),
            yaxis=axis(**units(style)),
        ),
    }
    return ends_above(figure)


def control_chart(rows: Sequence[Row], style: Style) -> dict[str, Any]:
    """Points and line, mean solid, limits dashed and labelled with their values, signals by shape and number.

    rows : charts rows in order of period.
    """
    factor = 100 if style.kind == "fraction" else 1
    flagged = [row for row in rows if row["signal"]]
    figure = {
        "data": [
            _line(rows, "mean", REF, "solid", 1.5, factor),
            _line(rows, "lower", REF, "dash", 1.2, factor),
            _line(rows, "upper", REF, "dash", 1.2, factor),
            {**_line(rows, "value", YOU, "solid", 2, factor), "mode": "lines+markers", "marker": {"size": 7}},
            _signals(flagged, factor),
        ],
        "layout": layout(
            400,
            margin={"l": 8, "r": 96, "t": 16, "b": 8},
            annotations=_limit_labels(rows[-1], style, factor),
            xaxis=axis(type="category", showgrid=False, nticks=few_ticks(rows), tickangle=0),
            yaxis=axis(**units(style)),
        ),
    }
    return ends_above(figure)


def tick(period: str) -> str:
    """A period as its tick reads: months by their first three letters, 30 Sep 2016."""
    return " ".join(word[:3] if word in MONTHS else word for word in period_words(period).split())


def few_ticks(rows: Sequence[Row]) -> int:
    """Ticks whose labels do not touch in half a page: six of '2024-25', three of '30 Sep 2024'."""
    longest = max(len(tick(row["period"])) for row in rows)
    return 6 if longest <= 7 else 3 if longest <= 11 else 2


def _line(rows: Sequence[Row], column: str, colour: str, dash: str, width: float, factor: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [tick(row["period"]) for row in rows],
        "y": [None if row[column] is None else row[column] * factor for row in rows],
        "line": {"color": colour, "dash": dash, "width": width},
        "hoverinfo": "skip",
        "connectgaps": False,
    }


def _band(rows: Sequence[Row], lower: str, upper: str, colour: str, factor: float) -> list[dict[str, Any]]:
    edge = {"line": {"width": 0, "color": colour}}
    low, high = (_line(rows, column, colour, "solid", 0, factor) for column in (lower, upper))
    return [{**low, **edge}, {**high, **edge, "fill": "tonexty", "fillcolor": colour}]


def _points(rows: Sequence[Row], factor: float) -> dict[str, Any]:
    """What happened, each with its interval; unsure figures hollow."""
    fill = [PAPER if row["status"] in UNSURE else YOU for row in rows]
    reach = [(row["hi"], row["lo"]) if row["lo"] is not None else (row["value"], row["value"]) for row in rows]
    return {
        **_line(rows, "value", YOU, "solid", 2.5, factor),
        "mode": "lines+markers",
        "marker": {"color": fill, "size": 8, "line": {"color": YOU, "width": 2}},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [(hi - row["value"]) * factor for row, (hi, _) in zip(rows, reach, strict=True)],
            "arrayminus": [(row["value"] - lo) * factor for row, (_, lo) in zip(rows, reach, strict=True)],
            "color": YOU,
            "thickness": 1.2,
            "width": 0,
        },
    }


def _signals(rows: Sequence[Row], factor: float) -> dict[str, Any]:
    """Points that meet a rule, by shape and number; colours are directions, doubled: concerning is hollow."""
    colours = {"improving": LOWER, "concerning": HIGHER}
    marks = [SIGNALS.get(row["signal"], ("x", "5")) for row in rows]
    hollow = ["-open" if row["way"] == "concerning" else "" for row in rows]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [tick(row["period"]) for row in rows],
        "y": [row["value"] * factor for row in rows],
        "text": [number for _, number in marks],
        "textposition": "top center",
        "marker": {
            "symbol": [shape + end for (shape, _), end in zip(marks, hollow, strict=True)],
            "color": [colours.get(row["way"], SAME) for row in rows],
            "size": 12,
            "line": {"width": 2},
        },
        "hoverinfo": "skip",
    }


def _course_labels(
    path: Sequence[Row], ahead: Sequence[Row], target: float, style: Style, factor: float
) -> list[dict[str, Any]]:
    ends = [(f"<b>Target {style.write(target)}</b>", target, REF)]
    if ahead:
        ends.append(("80% fan", ahead[-1]["median"], "#6a46a8"))
    return _labels(ends, factor)


def _limit_labels(last: Row, style: Style, factor: float) -> list[dict[str, Any]]:
    names = (("Mean", "mean"), ("Upper limit", "upper"), ("Lower limit", "lower"))
    ends = [(f"{name}<br>{style.write(last[column])}", last[column], REF) for name, column in names]
    return _labels(ends, factor)


def _labels(ends: Sequence[tuple[str, float, str]], factor: float) -> list[dict[str, Any]]:
    """Labels at the right ends, pushed apart where they would touch."""
    placed = sorted(ends, key=lambda end: end[1])
    span = max(placed[-1][1] - placed[0][1], 1e-9)
    notes, shift = [], 0.0
    for place, (words, at, colour) in enumerate(placed):
        close = place and (len(placed) == 2 or (at - placed[place - 1][1]) / span < 0.08)
        shift = shift + 14 if close else 0.0
        notes.append(
            {
                "text": words,
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 6,
                "y": at * factor,
                "yshift": shift,
                "showarrow": False,
                "align": "left",
                "font": {"color": colour or INK, "size": 14},
            }
        )
    return notes
