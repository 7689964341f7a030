"""Why each peer is one: the features that two bodies share, with their actual values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book

Row = dict[str, Any]
LONG = 18
"""Letters of a name beyond which two features fit beside it instead of three."""


def features(book: Book, body: Body, model: str) -> dict[str, list[Row]]:
    """Context variables that the body has, of each peer, by peer; empty for a published list, which states none."""
    found: dict[str, list[Row]] = {}
    for row in book.rows("peer_features", model_id=model, body_id=body.id):
        if row["body_value"] is None:
            continue
        found.setdefault(row["peer_id"], []).append(row)
    return found


def telling(found: dict[str, list[Row]], most: int = 3) -> list[Row]:
    """The variables that set these peers apart most, one row each: by their mean share of the distance."""
    shares: dict[str, list[Row]] = {}
    for rows in found.values():
        for row in rows:
            shares.setdefault(row["variable_id"], []).append(row)
    ranked = sorted(shares.values(), key=lambda rows: (-_mean(rows), rows[0]["label"]))
    return [rows[0] for rows in ranked[:most]]


def described(book: Book, body: Body, model: str) -> tuple[dict[str, list[Row]], str]:
    """Features of the peers, from this model or, for a published list, from another that covers the same peers."""
    own = features(book, body, model)
    if own:
        return own, model
    for other in book.models:
        found = features(book, body, other)
        if found:
            return found, other
    return {}, model


def sheet(book: Book, address: Address, body: Body, model: str, most: int) -> Sheet:
    """Own row first, then the closest peers: core or marginal, and three features with actual values."""
    peers = book.rows("peers", model_id=model, body_id=body.id)
    peers = sorted(peers, key=lambda row: row["closeness_order"])[:most]
    found, source = described(book, body, model)
    known = book.context(source)
    long = any(len(book.name(peer["peer_id"])) > LONG for peer in peers)
    chosen = telling(found, 2 if long else 3)
    own = [value(book, row["unit"], row["body_value"]) for row in chosen]
    cells: list[list[Any]] = [[html.Span(body.name, className="strong"), f"This {book.noun}", *own]]
    raw: list[Row] = [{"body_id": body.id, "name": body.name, **{r["variable_id"]: r["body_value"] for r in chosen}}]
    for peer in peers:
        values = [known.get((peer["peer_id"], row["variable_id"])) for row in chosen]
        link = html.A(book.name(peer["peer_id"]), href=address.to("body", peer["peer_id"]), className="strong")
        cells.append([link, standing(peer), *(value(book, r["unit"], v) for r, v in zip(chosen, values, strict=True))])
        raw.append(
            {
                "body_id": peer["peer_id"],
                "name": book.name(peer["peer_id"]),
                "distance": peer["distance"],
                "core": peer["core"],
                **{r["variable_id"]: v for r, v in zip(chosen, values, strict=True)},
            }
        )
    heads = (Head(words.capital(book.noun)), Head("Peer"), *(Head(heading_of(book, row), True) for row in chosen))
    fields = ("body_id", "name", "distance", "core", *(row["variable_id"] for row in chosen))
    return Sheet("peers", f"Peers of {body.name}", heads, cells, fields, raw, marked=frozenset({0}))


def short_block(book: Book, address: Address, body: Body, model: str, sheet: Sheet) -> html.Section:
    """The closest six on the body's first page."""
    total = len(book.rows("peers", model_id=model, body_id=body.id))
    shown = len(sheet.cells) - 1
    if not shown:
        return block.panel("Peers, and why each is one", html.P(none_said(book, body, model)), id="title-peers")
    many = f"{words.capital(words.number_word(shown))} of {total} shown, the most alike first."
    said = f"{many} {marks_said(book, body, model)}"
    chosen = None if model == book.headline else model
    every = html.A("All peers, and why", href=address.to("body", body.id, "peers", model=chosen))
    return block.table_block("Peers, and why each is one", said, sheet, address, foot=[every])


def none_said(book: Book, body: Body, model: str) -> str:
    """Why a body has no peers, in the release's words."""
    groups = book.rows("peer_groups", body_id=body.id, model_id=model)
    note = groups[0]["note"] if groups and groups[0]["note"] else ""
    return f"Too few comparable bodies ({groups[0]['n_peers'] if groups else 0}) to compare. {note}".strip()


def marks_said(book: Book, body: Body, model: str) -> str:
    """What ● and ○ mean, where the model tells core peers from marginal ones."""
    peers = book.rows("peers", model_id=model, body_id=body.id)
    if all(peer["core"] is None for peer in peers):
        return ""
    return "Core (●) peers stay peers under other weights; marginal (○) ones may not."


def standing(peer: Row) -> Any:
    """Core, marginal, or simply a peer where nobody has tried other weights."""
    if peer["core"] is None:
        return "Peer"
    mark, word = ("●", "Core") if peer["core"] else ("○", "Marginal")
    return [html.Span(f"{mark} ", className="you", **attrs(aria_hidden="true")), word]


def value(book: Book, unit: str, number: float | None) -> str:
    """A feature's value in its unit; x where it is missing."""
    return "x" if number is None else book.measure_style(unit).write(number)


def likeness(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """The most and the least similar feature of a pair: smallest and largest share of the distance."""
    told = [row for row in rows if row["share"] is not None and row["peer_value"] is not None]
    if len(told) < 2:
        return None
    return min(told, key=lambda row: (row["share"], row["label"])), max(
        told, key=lambda row: (row["share"], row["label"])
    )


def _mean(rows: Sequence[Row]) -> float:
    return sum(row["share"] or 0.0 for row in rows) / len(rows)


def heading_of(book: Book, row: Row) -> str:
    spoken = book.measure_style(row["unit"]).spoken
    return f"{row['label']}, {spoken}" if spoken and spoken not in row["label"].lower() else row["label"]
