"""Charts of a page as data: each with its name, its figure and the table behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboards.components.block import View
from dashboards.components.sheet import Sheet

Chart = tuple[str, dict[str, Any], Sheet]


def charts_of(view: View) -> list[Chart]:
    """Name, figure and sheet of every chart of a page."""
    sheets = {sheet.id: sheet for sheet in view.sheets}
    drawn = ((str(graph.id).removeprefix("chart-"), graph.figure) for graph in graphs(list(view.content)))
    return [(name, figure, sheets[name]) for name, figure in drawn]


def graphs(node: Any) -> Iterator[Any]:
    """Every chart below a component, in the order of the page."""
    if isinstance(node, dcc.Graph):
        yield node
    elif isinstance(node, Component):
        yield from graphs(getattr(node, "children", None))
    elif isinstance(node, list | tuple):
        for child in node:
            yield from graphs(child)
