"""Who already does it, in a few lines on a body's first page: named peers of the services that it may look at first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.exemplar_table import since_when, told_apart
from dashboards.components import block, words
from dashboards.data import Body, Book

Row = dict[str, Any]
MOST = 3
"""Services that the panel names, and peers that it names of each kind."""


def who_panel(book: Book, address: Address, body: Body, rows: Sequence[Row], model: str | None) -> html.Section | None:
    """Named peers below the median without being worse on quality, service by service; None where there are none.

    rows : the body's first measures in the order of its table. Where the body itself is lower than its peers, nobody is
    named: there is nothing to look at.
    """
    named: dict[tuple[str, str, str], list[Row]] = {}
    for each in book.rows("exemplars", body_id=body.id):
        named.setdefault((each["service_id"], each["indicator_id"], each["period"]), []).append(each)
    lines: list[Any] = []
    for row in rows:
        found = named.get((row["service_id"], row["indicator_id"], row["period"]))
        if found and row["verdict"] in ("higher", "same"):
            page = address.to("body", body.id, "service", row["service_id"], model=model)
            lines.append(html.Li([html.A(row["service"], href=page), ": ", peers(book, body, row, found)]))
    if not lines:
        return None
    said = "Peers whose cost has stayed below the peers’ median, and that are not worse on quality."
    return block.panel("Who already does it", block.sentence(said), html.Ul(lines[:MOST]), id="title-who")


def peers(book: Book, body: Body, row: Row, exemplars: Sequence[Row]) -> str:
    """Those whose cost is lower than the body's for sure, then those that cannot be told apart from it."""
    near = sorted(exemplars, key=lambda each: each["closeness_order"])
    lower = [each for each in near if told_apart(row, each)]
    others = [each for each in near if not told_apart(row, each)]
    parts = [listed(book, lower, f"lower than {body.name} by more than chance")] if lower else []
    parts += [listed(book, others, f"not to be told apart from {body.name}")] if others else []
    return f"{'; '.join(parts)}."


def listed(book: Book, exemplars: Sequence[Row], kind: str) -> str:
    """'Walsall (since 2021-22) and two more, lower than Sunderland by more than chance'."""
    names = [f"{book.name(each['exemplar_id'])} (since {since_when(book, each)})" for each in exemplars[:MOST]]
    left = len(exemplars) - len(names)
    return f"{words.listed([*names, *([f'{words.number_word(left)} more'] if left else [])])}, {kind}"
