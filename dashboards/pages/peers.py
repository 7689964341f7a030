"""Peers: why is each a peer?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, choice, only
from dashboards.components import block, words
from dashboards.components.numbers import percent_of, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import part_bar
from dashboards.data import Body, Book
from dashboards.pages import why_peers
from dashboards.pages.body import header, known, not_compared

Row = dict[str, Any]


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/peers`: every peer with its closeness, its themes, and its likest and unlikest feature."""
    only(address, "model")
    body = known(book, address.parts[1])
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    model = choice(address, "model", book.models, book.headline)
    title = f"{body.name}: peers"
    sheet = listing(book, address, body, model)
    values = values_sheet(book, address, body, model)
    return block.View(
        title,
        [
            *header(book, address, body, model, "peers"),
            block.lede(*lede(book, body, model)),
            listing_block(book, address, body, model, sheet),
            values_block(book, address, values),
            html.Div(about(book, body, model)),
        ],
        "bodies",
        (sheet, *([values] if values else [])),
    )


def lede(book: Book, body: Body, model: str) -> list[Any]:
    """How many peers, by which model, and in how many other lists this body stands."""
    groups = book.rows("peer_groups", body_id=body.id, model_id=model)
    if not groups or groups[0]["state"] == "none":
        return [why_peers.none_said(book, body, model)]
    group = groups[0]
    many = plural(group["n_peers"], book.noun, book.nouns)
    lists = plural(group["appears_in"], "other list", "other lists")
    parts: list[Any] = [
        f"{body.name} is compared with ",
        html.B(f"the {many} most like it"),
        f". It stands in {lists} of peers itself. ",
    ]
    if group["state"] == "few":
        parts.append("The group is small, so that differences are harder to tell from chance. ")
    if group["note"]:
        parts.append(f"{group['note'].rstrip('.')}.")
    return parts


def listing(book: Book, address: Address, body: Body, model: str) -> Sheet:
    """Every peer, the most alike first."""
    found, _ = why_peers.described(book, body, model)
    peers = sorted(book.rows("peers", model_id=model, body_id=body.id), key=lambda row: row["closeness_order"])
    cells, raw = [], []
    for peer in peers:
        rows = found.get(peer["peer_id"], [])
        pair = why_peers.likeness(rows)
        link = html.A(book.name(peer["peer_id"]), href=address.to("body", peer["peer_id"]), className="strong")
        cells.append(
            [link, why_peers.standing(peer), closeness(peer), themes(rows), alike(book, pair, 0), alike(book, pair, 1)]
        )
        raw.append(
            {
                "peer_id": peer["peer_id"],
                "name": book.name(peer["peer_id"]),
                "distance": peer["distance"],
                "distance_rebased": peer["distance_rebased"],
                "retention": peer["retention"],
                "core": peer["core"],
                "most_alike": pair[0]["label"] if pair else None,
                "least_alike": pair[1]["label"] if pair else None,
            }
        )
    heads = (
        Head(words.capital(book.noun)),
        Head("Peer"),
        Head("Distance", True),
        Head("What the distance is made of"),
        Head("Most alike in"),
        Head("Least alike in"),
    )
    fields = ("peer_id", "name", "distance", "distance_rebased", "retention", "core", "most_alike", "least_alike")
    return Sheet("why", f"Peers of {body.name}, and why", heads, cells, fields, raw)


def listing_block(book: Book, address: Address, body: Body, model: str, sheet: Sheet) -> Any:
    if not sheet.cells:
        return block.panel("Peers", html.P(why_peers.none_said(book, body, model)), id="title-why")
    said = (
        "The most alike first: an order of likeness, not of merit. Distance is a share of the farthest allowed; "
        f"0% would be the same on every feature. {why_peers.marks_said(book, body, model)}"
    )
    return block.table_block("Why each is a peer", said, sheet, address)


def closeness(peer: Row) -> str:
    return percent_of(peer["distance_rebased"]) if peer["distance_rebased"] is not None else "–"


def themes(rows: Sequence[Row]) -> Any:
    """The two themes that make up most of the distance, as bars with their shares."""
    shares: dict[str, float] = {}
    for row in rows:
        shares[row["theme"]] = shares.get(row["theme"], 0.0) + (row["share"] or 0.0)
    top = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:2]
    if not top:
        return "The publisher does not say"
    return [html.Div([part_bar(share), f"{theme} {percent_of(share)}"], className="theme") for theme, share in top]


def alike(book: Book, pair: tuple[Row, Row] | None, which: int) -> str:
    """A feature with both values: 'weekly pay: 548 and 546'."""
    if pair is None:
        return "–"
    row = pair[which]
    mine, theirs = (why_peers.value(book, row["unit"], row[end]) for end in ("body_value", "peer_value"))
    return f"{row['label']}: {mine} and {theirs}"


def values_sheet(book: Book, address: Address, body: Body, model: str) -> Sheet | None:
    """Every feature of every peer side by side; None where the release states none."""
    found, source = why_peers.described(book, body, model)
    if not found:
        return None
    known_values = book.context(source)
    peers = sorted(book.rows("peers", model_id=model, body_id=body.id), key=lambda row: row["closeness_order"])
    first = next(iter(found.values()))
    own = [why_peers.value(book, row["unit"], row["body_value"]) for row in first]
    cells: list[list[Any]] = [[html.Span(body.name, className="strong"), *own]]
    raw: list[Row] = [
        {"body_id": body.id, "name": body.name, **{row["variable_id"]: row["body_value"] for row in first}}
    ]
    for peer in peers:
        values = [known_values.get((peer["peer_id"], row["variable_id"])) for row in first]
        link = html.A(book.name(peer["peer_id"]), href=address.to("body", peer["peer_id"]), className="strong")
        cells.append([link, *(why_peers.value(book, r["unit"], v) for r, v in zip(first, values, strict=True))])
        raw.append(
            {
                "body_id": peer["peer_id"],
                "name": book.name(peer["peer_id"]),
                **{r["variable_id"]: v for r, v in zip(first, values, strict=True)},
            }
        )
    heads = (Head(words.capital(book.noun)), *(Head(why_peers.heading_of(book, row), True) for row in first))
    fields = ("body_id", "name", *(row["variable_id"] for row in first))
    title = f"Features of {body.name} and its peers ({book.models[source]['label']})"
    return Sheet("features", title, heads, cells, fields, raw, marked=frozenset({0}))


def values_block(book: Book, address: Address, sheet: Sheet | None) -> Any:
    if sheet is None:
        return None
    return block.table_block("The features, side by side", "Actual values, as published.", sheet, address)


def about(book: Book, body: Body, model: str) -> html.Details:
    """How likeness is measured, in words."""
    kind = str(book.models.get(model, {}).get("kind", ""))
    told = (
        "The publisher states who is alike and in which order, and not how far apart two bodies are."
        if kind == "published"
        else "Features outside a body’s control are put on one scale and weighted; squared differences are added up. "
        "A share of the squared distance says how much of the difference one theme makes."
    )
    return block.help_block(
        "How likeness is measured",
        html.P(told),
        html.P("No measure of cost, performance or quality takes part in choosing peers."),
    )
