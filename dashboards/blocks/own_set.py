"""The controls of a set of peers: model, number, region, weights, a name to add; all of it by address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboards.address import Address
from dashboards.components import block
from dashboards.components.markup import attrs, island
from dashboards.components.sliders import number_input
from dashboards.data import Book
from dashboards.own_asked import FEWEST, HEAVIEST, MOST, NOBODY, Asked, regions, theme_name
from dashboards.own_peers import Chosen


def kept(address: Address) -> dict[str, str | None]:
    """What stays in the address when the set changes: the measure looked at."""
    return {"measure": address.query.get("measure")}


def link(address: Address, asked: Asked) -> str:
    """This page with another set."""
    return address.to(*address.parts, **asked.query, **kept(address))


def controls(
    book: Book, address: Address, found: Chosen, measures: Sequence[tuple[str, str]], measure: str
) -> html.Section:
    """Model, number, region, weights and measure in one form; the name to add in another."""
    asked = found.asked
    models = [(id, str(row["label"])) for id, row in book.models.items()]
    models.append((NOBODY, "Nobody: only those I add by name"))
    parts: list[Any] = [block.control("model", "Start from", models, asked.model, book.headline)]
    if asked.model != NOBODY:
        parts.append(number_of(book, found))
        if regions(book):
            noun = str(book.facts.get("region_noun") or "region")
            places = [("", f"Any {noun}"), ("same", f"The same {noun} only")]
            parts.append(block.control("region", "From", places, "same" if asked.region else "", ""))
    parts.append(block.control("measure", "Look closely at", measures, measure, measures[0][0]) if measures else None)
    parts += [hidden(name, value) for name, value in asked.query.items() if name in ("with", "without") and value]
    form = block.controls(address, *parts, weights(book, found))
    content = [form, add_form(book, address, found)]
    back = html.P(html.A("Back to the published peers", href=address.to(*address.parts, **kept(address))), id="back")
    return block.panel(
        "Choose the peers", island(html.Div([*content, back if asked.own else None])), id="choose", wash=True
    )


def number_of(book: Book, found: Chosen) -> html.Div:
    """How many peers, at most."""
    usual = int(book.models[found.asked.model]["k"])
    field = number_input(
        "number", "control-count", str(found.wanted), (FEWEST, MOST, 1), name="count", className="typed"
    )
    return html.Div(
        [html.Label(f"At most how many ({FEWEST} to {MOST})", htmlFor="control-count"), field],
        className="control",
        **attrs(data_slider="count", data_offered=str(usual)),
    )


def weights(book: Book, found: Chosen) -> Any:
    """One slider per theme of the model; none for a list that states no distances."""
    if found.place is None or not book.models.get(found.asked.model, {}).get("variables"):
        return None
    sliders = [weight(theme, found.asked.weights.get(theme, 1.0)) for theme in found.place.themes]
    told = f"How much each theme counts: 0 leaves it out, 1 is as published, {HEAVIEST:g} counts it so many times."
    return html.Fieldset([html.Legend(told), html.Div(sliders, className="weights")], className="weighing")


def weight(theme: str, factor: float) -> html.Div:
    name, shown = theme_name(theme), f"{factor:g}"
    mark = html.Span("your own; published 1", className="mark trial") if factor != 1.0 else None
    return html.Div(
        [
            html.Label([theme, " ", html.B(shown), " ", mark], htmlFor=f"slider-{name}"),
            number_input("range", f"slider-{name}", shown, (0, HEAVIEST, 0.25), name=name, className="range"),
        ],
        className="slider",
        **attrs(data_slider=name, data_offered="1", data_unit=""),
    )


def add_form(book: Book, address: Address, found: Chosen) -> html.Form:
    """A text box that knows every name, as the search does; works without a script."""
    query = {**found.asked.query, **kept(address)}
    field = dcc.Input(type="text", id="add", name="add", list="names", maxLength=200, autoComplete="off")
    return html.Form(
        [
            html.Div([html.Label("Add by name or code", htmlFor="add"), field], className="control"),
            *(hidden(name, value) for name, value in query.items() if value),
            html.Button("Add", type="submit"),
        ],
        action=address.to(*address.parts),
        method="get",
        className="controls adding",
    )


def hidden(name: str, value: str) -> Any:
    """A part of the address that a form carries along."""
    return dcc.Input(type="hidden", name=name, value=value)
