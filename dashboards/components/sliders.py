"""Native sliders whose state is the address: the value beside the label, offered and trial marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboards.components.markup import attrs


def slider(
    name: str, label: str, note: str, value: str, offered: str, span: tuple[float, float, float], *, moved: bool
) -> html.Div:
    """One range input. value, offered : numbers in per cent as text.   span : lowest, highest, step."""
    mark = html.Span(f"trial; offered {offered}%" if moved else "offered", className="mark trial" if moved else "mark")
    return html.Div(
        [
            html.Label([label, " ", html.B(f"{value}%"), " ", mark], htmlFor=f"slider-{name}"),
            number_input("range", f"slider-{name}", value, span, name=name, className="range"),
            html.Span(note, className="note", id=f"note-{name}"),
        ],
        className="slider",
        **attrs(data_slider=name, data_offered=offered),
    )


def typed(sliders: Sequence[tuple[str, str, str, tuple[float, float, float]]]) -> html.Details:
    """The same numbers to type: (name, label, value, span) of each slider. Without a name no form sends them."""
    rows = []
    for name, label, value, span in sliders:
        field = number_input("number", f"typed-{name}", value, span, className="typed")
        rows.append(html.Div([html.Label(f"{label}, %", htmlFor=f"typed-{name}"), field], className="control"))
    return html.Details(
        [html.Summary("Type the numbers instead"), html.Div(rows, className="inside")], className="help"
    )


def number_input(kind: Any, id: str, value: str, span: tuple[float, float, float], **more: Any) -> Any:
    """A native control for a number within a span."""
    low, high, step = span
    return dcc.Input(type=kind, id=id, value=value, min=low, max=high, step=step, **more)
