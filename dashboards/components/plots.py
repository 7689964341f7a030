"""Plotly figures of one figure of one body: among its peers, under other peer sets, over the years. No statistics."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components.figures import (
    BAND,
    HIGHER,
    INK,
    LOWER,
    PAPER,
    REF,
    SAME,
    YOU,
    axis,
    layout,
    named_ticks,
)
from dashboards.components.labels import LINE, count_lines, on_two, plain, stacked, two_lines, units
from dashboards.components.narrow import apart, ends_above, rows_above
from dashboards.components.numbers import Style, period_words

Row = Mapping[str, Any]
ROW_HEIGHT = 28
SET_HEIGHT = 54
MARK = {"lower": (LOWER, "triangle-down"), "higher": (HIGHER, "triangle-up")}
UNSURE = ("provisional", "imputed", "break")
"""Statuses drawn hollow."""


def dot_plot(rows: Sequence[Row], style: Style, band: Row) -> dict[str, Any]:
    """One row per body with its 95% interval, the middle half of peers shaded, their median dashed.

    rows : `name`, `value`, `lo`, `hi`, `status`, `you`, from the top down; lo and hi may be null.
    band : `peer_q25`, `peer_median`, `peer_q75`, each may be null.
    """
    factor = 100 if style.kind == "fraction" else 1
    names = [on_two(row["name"], bold=row["you"]) for row in rows]
    heights = [max(ROW_HEIGHT, LINE * count_lines(name) + 4) for name in names]
    tops, total = stacked(heights)
    centres = [top + height / 2 for top, height in zip(tops, heights, strict=True)]
    across = axis(**units(style), nticks=6)
    figure = {
        "data": [_dots(rows, centres, factor, you=False), _dots(rows, centres, factor, you=True)],
        "layout": layout(
            round(76 + total),
            margin={"l": 8, "r": 16, "t": 28, "b": 8},
            shapes=[*_half(band, factor), *_median(band, factor)],
            annotations=_median_label(rows, band, style, factor),
            xaxis=across,
            yaxis=axis(range=[total, 0], tickvals=centres, ticktext=names, showgrid=False),
        ),
    }
    few = {**across, "nticks": 4, "tickangle": 0}
    return rows_above(figure, [row["name"] for row in rows], [row["you"] for row in rows], xaxis=few)


def peer_sets(rows: Sequence[Row]) -> dict[str, Any]:
    """One row per peer set: the ratio to that set's median with its interval, marked by verdict.

    rows : `label`, `n_peers`, `ratio`, `ratio_lo`, `ratio_hi`, `verdict`; ratios null where withheld.
    """
    known = [row for row in rows if positive(row["ratio_lo"]) and positive(row["ratio_hi"]) and positive(row["ratio"])]
    lowest = max(0.12, min((row["ratio_lo"] for row in known), default=0.75))
    highest = min(8.0, max((row["ratio_hi"] for row in known), default=1.25))
    lowest, highest = min(lowest, 0.9), max(highest, 1.1)
    ticks = [(at, words) for at, words in named_ticks(lowest, highest) if at not in crowded(lowest, highest)]
    marks = [_set_mark(place, row) for place, row in enumerate(rows) if row in known]
    row_names = [f"{row['label']} ({row['n_peers']})" for row in rows]
    figure = {
        "data": marks,
        "layout": layout(
            72 + SET_HEIGHT * len(rows),
            margin={"l": 8, "r": 16, "t": 8, "b": 8},
            shapes=[_upright(1.0, INK, "solid", 2)],
            xaxis=_ratios(lowest, highest, ticks),
            yaxis=axis(
                range=[SET_HEIGHT * len(rows), 0],
                tickvals=[_set_place(place) for place in range(len(rows))],
                ticktext=[two_lines(name, 24) for name in row_names],
                showgrid=False,
            ),
        ),
    }
    room = math.log10(highest / lowest) / 3  # a third of a narrow plot holds the words of one tick
    few = apart([(math.log10(at), words) for at, words in ticks], 0.0, room)
    return rows_above(figure, row_names, xaxis=_ratios(lowest, highest, [(10**at, words) for at, words in few]))


def _ratios(lowest: float, highest: float, ticks: Sequence[tuple[float, str]]) -> dict[str, Any]:
    """A logarithmic axis of ratios with named ticks."""
    return axis(
        type="log",
        range=[math.log10(lowest * 0.96), math.log10(highest * 1.04)],
        tickvals=[at for at, _ in ticks],
        ticktext=[two_lines(words, 9) for _, words in ticks],
        tickangle=0,
    )


def _set_place(place: int) -> float:
    """Where the row of a peer set has its middle."""
    return SET_HEIGHT * (place + 0.5)


def index_line(rows: Sequence[Row], name: str) -> dict[str, Any]:
    """Productivity with its 95% interval, output and input beside it; 100 is the first comparable period.

    The interval is the body's own, so it is drawn in the body's colour: a grey band is peers on every other chart.

    rows : productivity rows in order of period.
    """
    periods = [period_words(row["period"]) for row in rows]
    lines: tuple[tuple[str, str, str, float, str], ...] = (
        ("productivity", YOU, "solid", 2.5, f"<b>{plain(name)}</b>"),
        ("output_quality", REF, "dash", 1.5, "Output"),
        ("input", SAME, "dot", 1.5, "Input"),
    )
    figure = {
        "data": [
            *_whiskers(periods, rows),
            *(_series(periods, rows, column, colour, dash, width) for column, colour, dash, width, _ in lines),
        ],
        "layout": layout(
            360,
            margin={"l": 8, "r": 150, "t": 8, "b": 8},
            annotations=_apart([(words, rows[-1][column], colour) for column, colour, _, _, words in lines]),
            xaxis=axis(type="category", showgrid=False, nticks=5),
            yaxis=axis(),
        ),
    }
    return ends_above(figure)


def _whiskers(periods: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One upright line per period from the lower to the upper end of the body's own interval."""
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [period, period],
            "y": [row["lo"], row["hi"]],
            "hoverinfo": "skip",
            "line": {"width": 1.3, "color": YOU},
        }
        for period, row in zip(periods, rows, strict=True)
        if row["lo"] is not None
    ]


def crowded(lowest: float, highest: float) -> tuple[float, ...]:
    """Ratios that a narrow panel has no room to name."""
    return (0.95, 1.05) if highest / lowest < 1.3 else (0.9, 0.95, 1.05, 1.1)


def positive(number: float | None) -> bool:
    return number is not None and number > 0


def _dots(rows: Sequence[Row], centres: Sequence[float], factor: float, *, you: bool) -> dict[str, Any]:
    placed = zip(centres, rows, strict=True)
    kept = [(place, row) for place, row in placed if row["you"] == you and row["value"] is not None]
    colour = YOU if you else SAME
    fill = [PAPER if row["status"] in UNSURE else colour for _, row in kept]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["value"] * factor for _, row in kept],
        "y": [place for place, _ in kept],
        "hoverinfo": "skip",
        "marker": {
            "color": fill,
            "symbol": "diamond" if you else "circle",
            "size": 14 if you else 9,
            "line": {"color": colour, "width": 2},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_reach(row["hi"], row["value"], factor) for _, row in kept],
            "arrayminus": [_reach(row["value"], row["lo"], factor) for _, row in kept],
            "color": colour,
            "thickness": 4 if you else 2,
            "width": 0,
        },
    }


def _reach(upper: float | None, lower: float | None, factor: float) -> float:
    return 0.0 if upper is None or lower is None else (upper - lower) * factor


def _half(band: Row, factor: float) -> list[dict[str, Any]]:
    if band["peer_q25"] is None:
        return []
    ends = {"x0": band["peer_q25"] * factor, "x1": band["peer_q75"] * factor}
    return [
        {
            "type": "rect",
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            **ends,
            "fillcolor": BAND,
            "line": {"width": 0},
            "layer": "below",
        }
    ]


def _median(band: Row, factor: float) -> list[dict[str, Any]]:
    return [] if band["peer_median"] is None else [_upright(band["peer_median"] * factor, REF, "dash", 2)]


def _median_label(rows: Sequence[Row], band: Row, style: Style, factor: float) -> list[dict[str, Any]]:
    """The median's name above its line, turned inwards where the line stands near a side."""
    if band["peer_median"] is None:
        return []
    every = [row[end] for row in rows for end in ("lo", "value", "hi") if row[end] is not None]
    low, high = min(every, default=0.0), max(every, default=0.0)
    part = (band["peer_median"] - low) / (high - low) if high > low else 0.5
    return [
        {
            "text": f"Peers’ median {style.write(band['peer_median'])}",
            "x": band["peer_median"] * factor,
            "y": 1,
            "yref": "paper",
            "xanchor": "left" if part < 0.35 else "right" if part > 0.65 else "center",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": REF, "size": 14},
        }
    ]


def _upright(x: float, colour: str, dash: str, width: float) -> dict[str, Any]:
    line = {"color": colour, "width": width, "dash": dash}
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line, "layer": "below"}


def _set_mark(place: int, row: Row) -> dict[str, Any]:
    colour, shape = MARK.get(row["verdict"], (SAME, "circle"))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["ratio"]],
        "y": [_set_place(place)],
        "hoverinfo": "skip",
        "marker": {"color": colour, "symbol": shape, "size": 12},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [row["ratio_hi"] - row["ratio"]],
            "arrayminus": [row["ratio"] - row["ratio_lo"]],
            "color": SAME,
            "thickness": 2,
            "width": 0,
        },
    }


def _series(
    periods: Sequence[str], rows: Sequence[Row], column: str, colour: str, dash: str, width: float
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if column == "productivity" else "lines",
        "x": list(periods),
        "y": [row[column] for row in rows],
        "connectgaps": False,
        "hoverinfo": "skip",
        "line": {"color": colour, "dash": dash, "width": width},
        "marker": {"color": colour, "size": 8},
    }


def _apart(ends: Sequence[tuple[str, float | None, str]]) -> list[dict[str, Any]]:
    """Labels at the right ends of lines, pushed apart where they would touch."""
    placed = sorted(((at, words, colour) for words, at, colour in ends if at is not None), key=lambda end: end[0])
    if not placed:
        return []
    span = max(placed[-1][0] - placed[0][0], 0.02 * abs(placed[-1][0]), 1e-9)
    notes, shift = [], 0.0
    for place, (at, words, colour) in enumerate(placed):
        near = place and (at - placed[place - 1][0]) / span < 0.15
        shift = shift + 18 if near else 0.0
        notes.append(
            {
                "text": words,
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 6,
                "y": at,
                "yshift": shift,
                "showarrow": False,
                "align": "left",
                "font": {"color": colour, "size": 14},
            }
        )
    return notes
