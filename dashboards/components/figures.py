"""Plotly figures as plain data: scatter only, no legend, no stop for the keyboard, colours by token.

A script turns the light colours into dark ones (assets/evenhand.js); shapes and line styles carry every meaning too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components.labels import count_lines, two_lines, units
from dashboards.components.narrow import ends_above
from dashboards.components.numbers import Style, period_words

YOU, LOWER, HIGHER, SAME = "#12436d", "#28a197", "#801650", "#5b6770"
REF, INK, RULE, BAND, PAPER, LOWER_WORDS = "#3d3d3d", "#0b0c0c", "#c9ced3", "#d3d9dd", "#ffffff", "#1b746c"
FONT = {"family": 'system-ui, "Segoe UI", Arial, sans-serif', "size": 14, "color": INK}

TICKS = (
    (0.1, "A tenth"),
    (0.25, "A quarter"),
    (0.5, "Half"),
    (0.75, "25% less"),
    (0.9, "10% less"),
    (0.95, "5% less"),
    (1.0, "Peers’ median"),
    (1.05, "5% more"),
    (1.1, "10% more"),
    (1.25, "25% more"),
    (1.5, "50% more"),
    (2.0, "Double"),
    (3.0, "Triple"),
    (5.0, "5 times"),
    (10.0, "10 times"),
)
"""Ratios to the peers' median that an axis may name."""

GROUPS = (
    ("lower", "▼ Lower", LOWER, "triangle-down", LOWER_WORDS),
    ("same", "= Cannot be told apart from peers", SAME, "circle", SAME),
    ("higher", "▲ Higher", HIGHER, "triangle-up", HIGHER),
)

Row = Mapping[str, Any]


def layout(height: int, **more: Any) -> dict[str, Any]:
    """What every figure shares: nothing moves under a thumb, nothing floats over the marks."""
    return {
        "height": height,
        "font": FONT,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        **more,
    }


def axis(**more: Any) -> dict[str, Any]:
    return {"fixedrange": True, "zeroline": False, "gridcolor": RULE, "automargin": True, **more}


def against_peers(rows: Sequence[Row], counts: Mapping[str, int]) -> dict[str, Any]:
    """Each body against its own peers, in three groups with a gap; vertical 95% intervals on a logarithmic scale.

    rows : with `name`, `verdict` (lower, same, higher), `ratio`, `ratio_lo`, `ratio_hi`, all ratios positive.
    counts : bodies of each group, those beyond the drawn range among them.
    """
    gap = max(3, len(rows) // 14)
    traces, notes, start = [], [], 0
    for verdict, label, colour, shape, words in GROUPS:
        group = sorted((row for row in rows if row["verdict"] == verdict), key=lambda row: row["ratio"])
        traces.append(_marks(group, start, colour, shape, 8 if len(rows) < 100 else 6 if len(rows) < 200 else 4))
        width = max(len(group), gap)
        notes.append(_above(f"<b>{label}</b>: {counts[verdict]}", start + (width - 1) / 2, words))
        start += width + gap
    lowest = max(0.12, min((row["ratio_lo"] for row in rows), default=0.5))
    highest = min(8.0, max((row["ratio_hi"] for row in rows), default=2.0))
    ticks = named_ticks(lowest, highest)
    return {
        "data": traces,
        "layout": layout(
            380,
            margin={"l": 8, "r": 8, "t": 40, "b": 8},
            annotations=notes,
            xaxis=axis(visible=False, range=[-gap / 2, start - gap / 2]),
            yaxis=axis(
                type="log",
                range=[math.log10(lowest * 0.94), math.log10(highest * 1.06)],
                tickvals=[at for at, _ in ticks],
                ticktext=[words for _, words in ticks],
            ),
            shapes=[_line(1.0)],
        ),
    }


def named_ticks(lowest: float, highest: float) -> list[tuple[float, str]]:
    """The ratios worth naming between two ends: fine ones only where the range is narrow."""
    wide = highest / lowest
    inside = [(at, words) for at, words in TICKS if lowest * 0.97 <= at <= highest * 1.03 or at == 1.0]
    fine = (0.95, 1.05) if wide > 1.6 else ()
    middle = (0.9, 1.1) if wide > 2.5 else ()
    far = (0.75, 1.25) if wide > 12 else (1.25,) if wide > 4 else ()
    return [(at, words) for at, words in inside if at not in (*fine, *middle, *far)]


def over_band(rows: Sequence[Row], name: str, style: Style) -> dict[str, Any]:
    """A body's line with its intervals over its peers’ middle half, ends labelled; it breaks where a figure is absent.

    rows : in order of period, with `period`, `value`, `lo`, `hi`, `peer_q25`, `peer_median`, `peer_q75`.
    """
    periods = [short(row["period"]) for row in rows]
    edge = {"mode": "lines", "line": {"width": 0, "color": BAND}, "hoverinfo": "skip", "type": "scatter", "x": periods}
    last = rows[-1]
    factor = 100 if style.kind == "fraction" else 1

    def of(column: str) -> list[float | None]:
        return [None if row[column] is None else row[column] * factor for row in rows]

    labels = _ends(last, name, factor)
    figure = {
        "data": [
            {**edge, "y": of("peer_q25")},
            {**edge, "y": of("peer_q75"), "fill": "tonexty", "fillcolor": BAND},
            _path(periods, of("peer_median"), REF, "dash", 1.5, "lines"),
            {
                **_path(periods, of("value"), YOU, "solid", 2.5, "lines+markers", [row["status"] for row in rows]),
                "error_y": _reaches(rows, factor),
            },
        ],
        "layout": layout(
            380,
            margin={"l": 8, "r": 124, "t": 8, "b": 8},
            annotations=labels,
            xaxis=axis(type="category", tickvals=_some(periods), showgrid=False),
            yaxis=axis(**units(style), rangemode="normal"),
        ),
    }
    return ends_above(figure)


def _marks(group: Sequence[Row], start: int, colour: str, shape: str, size: int) -> dict[str, Any]:
    middle = [row["ratio"] for row in group]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [start + i for i in range(len(group))],
        "y": middle,
        "text": [row["name"] for row in group],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": colour, "symbol": shape, "size": size},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [row["ratio_hi"] - row["ratio"] for row in group],
            "arrayminus": [row["ratio"] - row["ratio_lo"] for row in group],
            "color": colour,
            "thickness": 1.3 if size > 4 else 0.8,
            "width": 0,
        },
    }


def _above(words: str, x: float, colour: str) -> dict[str, Any]:
    return {
        "text": words,
        "x": x,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 8,
        "showarrow": False,
        "font": {**FONT, "color": colour},
    }


def _line(y: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": y,
        "y1": y,
        "line": {"color": INK, "width": 2},
        "layer": "below",
    }


def _path(
    x: Sequence[str],
    y: Sequence[float | None],
    colour: str,
    dash: str,
    width: float,
    mode: str,
    statuses: Sequence[str] = (),
) -> dict[str, Any]:
    hollow = [PAPER if status in ("provisional", "imputed", "break") else colour for status in statuses]
    return {
        "type": "scatter",
        "mode": mode,
        "x": list(x),
        "y": list(y),
        "connectgaps": False,
        "hoverinfo": "skip",
        "line": {"color": colour, "dash": dash, "width": width},
        "marker": {"color": hollow or colour, "size": 8, "line": {"color": colour, "width": 2}},
    }


def _reaches(rows: Sequence[Row], factor: float) -> dict[str, Any]:
    """95% intervals around a line's points; none around a figure that has none."""
    known = [row["value"] is not None and row["lo"] is not None for row in rows]
    return {
        "type": "data",
        "symmetric": False,
        "array": [(row["hi"] - row["value"]) * factor if k else 0.0 for k, row in zip(known, rows, strict=True)],
        "arrayminus": [(row["value"] - row["lo"]) * factor if k else 0.0 for k, row in zip(known, rows, strict=True)],
        "color": YOU,
        "thickness": 1.2,
        "width": 0,
    }


def _ends(last: Row, name: str, factor: float) -> list[dict[str, Any]]:
    """Labels at the right ends of the lines, kept apart where they would touch."""
    label = two_lines(name, 14, bold=True)
    away = 2 + 9 * count_lines(label)
    found = [("Peers’ median", last["peer_median"], REF), (label, last["value"], YOU)]
    placed = [(words, at * factor, colour) for words, at, colour in found if at is not None]
    apart = len(placed) == 2 and abs(placed[0][1] - placed[1][1]) < 0.06 * max(abs(p[1]) for p in placed)
    return [
        {
            "text": words,
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 6,
            "y": at,
            "showarrow": False,
            "yshift": (0 if not apart else away if at == max(p[1] for p in placed) else -away),
            "align": "left",
            "font": {**FONT, "color": colour},
        }
        for words, at, colour in placed
    ]


def short(period: str) -> str:
    """A period as an axis has room for: a day loses its number, so 31 March 2022 is Mar 2022."""
    told = period_words(period).split()
    return f"{told[1][:3]} {told[2]}" if len(told) == 3 else " ".join(told)


def _some(periods: Sequence[str]) -> list[str]:
    """At most five of the periods, the first and the last among them."""
    if len(periods) <= 5:
        return list(periods)
    step = (len(periods) - 1) / 3
    return [periods[round(step * i)] for i in range(4)]
