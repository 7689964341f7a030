"""The bar on every page that takes a set of peers of a reader's own choice."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.components.numbers import plural
from dashboards.data import Body, Book
from dashboards.own_peers import Chosen


def own_bar(book: Book, address: Address, body: Body, found: Chosen) -> html.P:
    """Says that the peers are of the reader's own choice, and leads back. Shown on every page that takes a set."""
    many = plural(len(found.members), book.noun, book.nouns)
    said = f"Compared with peers of your own choice ({many}), not the published ones. "
    none = (
        "The release holds no claim for such a comparison: a value opens its own, beside the published peers. "
        "Delivery chain, potential, targets and settlement stay with the published peers. "
    )
    edit = html.A("Change the set", href=address.to("body", body.id, "peers", **found.query))
    back = html.A("Back to the published peers", href=address.here(add=None, **dict.fromkeys(found.query)))
    parts: list[Any] = [html.B(said), none]
    parts += [] if address.parts[2:] == ("peers",) else [edit, " · ", back]
    return html.P(parts, className="aside")
