"""A funnel: bodies by size and value inside the limits of chance. No statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components.figures import INK, REF, SAME, YOU, axis, layout
from dashboards.components.labels import two_lines, units
from dashboards.components.numbers import Style
from dashboards.components.plots import MARK

Row = Mapping[str, Any]
LOOKS = {
    "within": (SAME, "circle"),
    "withheld": (SAME, "circle-open"),
    "low": MARK["lower"],
    "high": MARK["higher"],
}
"""Colour and shape of a body's mark by how the funnel reads it; one that is not judged is hollow."""


def funnel(points: Sequence[Row], style: Style, you: str, size_words: str) -> dict[str, Any]:
    """Bodies by size and value inside the widened limits; those outside are named, those not judged hollow.

    points : funnel_points rows with `name`, in order of `size`.
    """
    factor = 100 if style.kind == "fraction" else 1
    drawn = [row for row in points if row["value"] is not None and row["size"]]
    edges = [
        _edge(drawn, end, dash, factor)
        for end, dash in (("lo_95", "dash"), ("hi_95", "dash"), ("lo_998", "solid"), ("hi_998", "solid"))
    ]
    groups = [
        _cloud([row for row in drawn if row["body_id"] != you and row["flag"] == flag], *look, factor)
        for flag, look in LOOKS.items()
    ]
    own = _cloud([row for row in drawn if row["body_id"] == you], YOU, "diamond", factor, 14)
    named = [row for row in drawn if row["body_id"] == you or row["flag"] in ("low", "high")]
    return {
        "data": [*edges, *groups, own],
        "layout": layout(
            420,
            margin={"l": 8, "r": 60, "t": 8, "b": 8},
            annotations=[*_names(named, you, factor), *_limit_labels(drawn, factor)],
            xaxis=axis(title={"text": size_words}, rangemode="tozero"),
            yaxis=axis(**units(style)),
        ),
    }


def _edge(rows: Sequence[Row], column: str, dash: str, factor: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [row["size"] for row in rows],
        "y": [None if row[column] is None else row[column] * factor for row in rows],
        "line": {"color": REF, "dash": dash, "width": 1.2},
        "hoverinfo": "skip",
    }


def _cloud(rows: Sequence[Row], colour: str, shape: str, factor: float, size: int = 8) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["size"] for row in rows],
        "y": [row["value"] * factor for row in rows],
        "marker": {"color": colour, "symbol": shape, "size": size},
        "hoverinfo": "skip",
    }


def _names(rows: Sequence[Row], you: str, factor: float) -> list[dict[str, Any]]:
    """Names beside marks that stand apart: the body in view and at most eight others, the farthest out."""
    others = sorted((row for row in rows if row["body_id"] != you), key=lambda row: -abs(row["z_widened"] or 0))
    kept = with_room([row for row in rows if row["body_id"] == you] + others)[:9]
    return [
        {
            "text": two_lines(row["name"], bold=row["body_id"] == you),
            "x": row["size"],
            "y": row["value"] * factor,
            "xanchor": "left",
            "xshift": 8,
            "showarrow": False,
            "font": {"color": YOU if row["body_id"] == you else INK, "size": 14},
        }
        for row in kept
    ]


def with_room(rows: Sequence[Row]) -> list[Row]:
    """Rows whose names do not fall on those before them."""
    if not rows:
        return []
    width = max(row["size"] for row in rows) or 1.0
    height = max(row["value"] for row in rows) - min(row["value"] for row in rows) or 1.0
    kept: list[Row] = []
    for row in rows:
        near = (
            abs(row["size"] - other["size"]) / width < 0.5 and abs(row["value"] - other["value"]) / height < 0.08
            for other in kept
        )
        if not any(near):
            kept.append(row)
    return kept


def _limit_labels(rows: Sequence[Row], factor: float) -> list[dict[str, Any]]:
    if not rows:
        return []
    last = rows[-1]
    every = [row[end] for row in rows for end in ("value", "lo_998", "hi_998") if row.get(end) is not None]
    near = None not in (last["hi_95"], last["hi_998"]) and (
        last["hi_998"] - last["hi_95"] < 0.08 * (max(every) - min(every))
    )
    return [
        {
            "text": words,
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "y": last[end] * factor,
            "yshift": (9 if end == "hi_998" else -9) if near else 0,
            "showarrow": False,
            "font": {"color": REF, "size": 14},
        }
        for words, end in (("95%", "hi_95"), ("99.8%", "hi_998"))
        if last[end] is not None
    ]
