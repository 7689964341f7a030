"""A waterfall as a narrow table: label, bar and amount on each line. HTML and CSS, so that paper needs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboards.components.markup import attrs
from dashboards.components.numbers import headline_money

Row = Mapping[str, Any]


def chain_bars(steps: Sequence[Row], currency: str, title: str) -> html.Table:
    """From the peers' total to the body's own, each step from where the one before it ended.

    steps : `label`, `kind` (reference, step or you) and `amount`, as `blocks.chain_gap.steps` gives them.
    """
    spans = reaches(steps)
    low, high = min(0.0, *(min(span) for span in spans)), max(0.0, *(max(span) for span in spans))
    width = (high - low) or 1.0
    lines = [
        html.Tr(
            [
                html.Th(step["label"], scope="row"),
                html.Td(bar((min(span) - low) / width, abs(span[1] - span[0]) / width, colour(step))),
                html.Td(told(step, currency), className="number"),
            ]
        )
        for step, span in zip(steps, spans, strict=True)
    ]
    return html.Table([html.Caption(title, className="unseen"), html.Tbody(lines)], className="bars-table")


def reaches(steps: Sequence[Row]) -> list[tuple[float, float]]:
    """(start, end) of each bar: totals from zero, steps from where the one before ended."""
    found, level = [], 0.0
    for step in steps:
        start = level if step["kind"] == "step" else 0.0
        level = start + step["amount"]
        found.append((start, level))
    return found


def bar(start: float, width: float, kind: str) -> html.Div:
    """One bar, as fractions of the line; never thinner than can be seen."""
    style = {"left": f"{start * 100:.1f}%", "width": f"{max(0.006, width) * 100:.1f}%"}
    return html.Div(html.Span(className=kind, style=style), className="bar-line", **attrs(aria_hidden="true"))


def colour(step: Row) -> str:
    if step["kind"] == "step":
        return "is-higher" if step["amount"] > 0 else "is-lower"
    return "is-you" if step["kind"] == "you" else "is-reference"


def told(step: Row, currency: str) -> str:
    """The amount; a step says plus or minus."""
    sign = "" if step["kind"] != "step" else "+" if step["amount"] >= 0 else "−"
    return f"{sign}{headline_money(abs(step['amount']), currency=currency)}"
