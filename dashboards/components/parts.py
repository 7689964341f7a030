"""A stacked bar of the parts of a change: those that raise to the right of zero, those that lower to the left.

HTML and CSS; each part stands beside it with its name and figure, so the bar itself is not spoken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboards.components.markup import attrs
from dashboards.components.numbers import points

Parts = Sequence[tuple[str, str, float]]
"""(kind, name in words, percentage points) of each part, in the order in which they are stacked."""
VISIBLE = 0.05
"""Points below which a part is written as nought, and left out."""


def parts(found: Parts, reach: float) -> html.Div:
    """The bar, on a scale that ends at `reach` points either way, and its parts in words; empty parts are left out."""
    seen = [part for part in found if abs(part[2]) >= VISIBLE]
    labels = [
        html.Li([html.Span(className=f"sample {kind}", **attrs(aria_hidden="true")), f"{name} {points(value)}"])
        for kind, name, value in seen
    ]
    if not labels:
        return html.Div("less than 0.1 points", className="note")
    return html.Div([bar(seen, reach), html.Ul(labels, className="labels")], className="causes")


def bar(found: Parts, reach: float) -> html.Div:
    """The parts as spans of their size, from zero outwards."""
    ends = {True: 0.0, False: 0.0}
    marks = [html.Span(className="zero")]
    for kind, _, value in found:
        start = ends[value > 0]
        ends[value > 0] = start + abs(value)
        marks.append(html.Span(className=f"piece {kind}", style=_place(start, abs(value), value > 0, reach or 1.0)))
    return html.Div(marks, className="stack", **attrs(aria_hidden="true"))


def extent(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> float:
    """The longest that any row's bar reaches to either side."""
    sides = ([max(0.0, sign * row[name]) for name in names] for row in rows for sign in (1, -1))
    return max((sum(side) for side in sides), default=0.0)


def _place(start: float, length: float, rises: bool, reach: float) -> dict[str, str]:
    left = 50 + start / reach * 50 if rises else 50 - (start + length) / reach * 50
    return {"left": f"{left:.1f}%", "width": f"{length / reach * 50:.2f}%"}
