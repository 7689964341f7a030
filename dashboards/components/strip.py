"""A strip: middle half of peers, their median, the body with its interval, all on one line from zero.

HTML and CSS; the table beside it says the same in figures, so it is not spoken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboards.components.markup import attrs

Row = Mapping[str, Any]


def strip(row: Row) -> html.Div:
    """One row's strip; empty where the body has no figure and its peers have none."""
    numbers = [row[name] for name in ("lo", "hi", "value", "peer_q25", "peer_q75", "peer_median")]
    present = [number for number in numbers if number is not None]
    if not present:
        return html.Div(className="strip", **attrs(aria_hidden="true"))
    left, right = min(0.0, *present), max(0.0, *present) * 1.06
    scale = _scale(left, right or 1.0)
    marks = [html.Span(className="line")]
    if row["peer_q25"] is not None:
        marks.append(html.Span(className="half", style=_span(scale(row["peer_q25"]), scale(row["peer_q75"]))))
    if row["peer_median"] is not None:
        marks.append(html.Span(className="median", style={"left": f"{scale(row['peer_median']):.1f}%"}))
    if row["value"] is not None:
        if row["lo"] is not None and row["hi"] is not None:
            reach = "reach hatched" if row["status"] == "small" else "reach"
            marks.append(html.Span(className=reach, style=_span(scale(row["lo"]), scale(row["hi"]))))
        dot = "dot hollow" if row["status"] in ("provisional", "imputed", "break") else "dot"
        marks.append(html.Span(className=dot, style={"left": f"{scale(row['value']):.1f}%"}))
    return html.Div(marks, className="strip", **attrs(aria_hidden="true"))


def share_bar(lower: int, same: int, higher: int) -> html.Div:
    """Three parts of one bar by count, parted by a white gap; the counts stand beside it."""
    total = max(1, lower + same + higher)
    parts = [("lower", lower), ("same", same), ("higher", higher)]
    spans = [html.Span(className=kind, style={"flexGrow": f"{count / total:.4f}"}) for kind, count in parts if count]
    return html.Div(spans, className="shares", **attrs(aria_hidden="true"))


def range_bar(lo: float, hi: float, middle: float, whole: float) -> html.Div:
    """A range with its middle, on a line from zero to twice its upper end or to the whole; figures stand beside it."""
    scale = _scale(0.0, max(min(whole, 2 * hi), hi, 1e-9) * 1.02)
    marks = [html.Span(className="line"), html.Span(className="reach", style=_span(scale(lo), scale(hi)))]
    marks.append(html.Span(className="dot", style={"left": f"{scale(middle):.1f}%"}))
    return html.Div(marks, className="strip", **attrs(aria_hidden="true"))


def part_bar(fraction: float) -> html.Div:
    """One bar of a fraction of one; the figure stands beside it."""
    return html.Div(
        html.Span(style={"width": f"{max(0.0, min(1.0, fraction)) * 100:.0f}%"}),
        className="part",
        **attrs(aria_hidden="true"),
    )


def explain_strip(name: str) -> html.P:
    """What the marks of a strip are."""
    return html.P(
        [
            html.Span([html.Span(className="sample half"), "middle half of peers"]),
            html.Span([html.Span(className="sample median"), "peers’ median"]),
            html.Span([html.Span(className="sample you"), f"{name}, with 95% interval"]),
        ],
        className="legend",
        **attrs(aria_hidden="true"),
    )


def _scale(left: float, right: float) -> Any:
    return lambda value: (value - left) / (right - left) * 100


def _span(start: float, end: float) -> dict[str, str]:
    return {"left": f"{start:.1f}%", "width": f"{max(0.4, end - start):.1f}%"}
