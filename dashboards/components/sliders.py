"""Native sliders whose state is the address: the value beside the label, offered and trial marked."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboards.components.markup import attrs


def slider(
    name: str, label: str, note: str, value: str, offered: str, span: tuple[float, float, float], *, moved: bool
) -> html.Div:
    """One range input. value, offered : numbers in per cent as text.   span : lowest, highest, step."""
    low, high, step = span
    mark = html.Span(f"trial; offered {offered}%" if moved else "offered", className="mark trial" if moved else "mark")
    return html.Div(
        [
            html.Label([label, " ", html.B(f"{value}%"), " ", mark], htmlFor=f"slider-{name}"),
            range_input(name, value, low, high, step),
            html.Span(note, className="note", id=f"note-{name}"),
        ],
        className="slider",
        **attrs(data_slider=name, data_offered=offered),
    )


def range_input(name: str, value: str, low: float, high: float, step: float) -> Any:
    """The control itself, known to the form by its name."""
    return dcc.Input(
        type="range", id=f"slider-{name}", name=name, value=value, min=low, max=high, step=step, className="range"
    )
