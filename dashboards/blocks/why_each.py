"""The table of peers: how alike each is, what the distance is made of, how long it has been one, the way out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks import own_names
from dashboards.components import block, words
from dashboards.components.numbers import percent_of, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import part_bar
from dashboards.data import Body, Book
from dashboards.library import Library
from dashboards.own_peers import Chosen
from dashboards.pages import why_peers
from dashboards.retained import held

Row = dict[str, Any]


def listing(
    library: Library, book: Book, address: Address, body: Body, found: Chosen, features: dict[str, list[Row]]
) -> Sheet:
    """Every peer, the most alike first, with what sets it apart and the way to leave it out."""
    stated = {row["peer_id"]: row for row in book.rows("peers", model_id=found.model, body_id=body.id)}
    times_held = held(library.home, book.pack, book.id, found.model, body.id)
    cells, raw = [], []
    for code in found.members:
        rows = features.get(code, [])
        pair, top = why_peers.likeness(rows), top_themes(rows)
        away, rebased = distances(found, code, stated.get(code))
        times = sum(code in peers for peers in times_held)
        cells.append(
            [
                html.A(book.name(code), href=address.to("body", code), className="strong"),
                standing(found, code, stated.get(code)),
                percent_of(rebased) if rebased is not None else "–",
                themes(book, rows),
                alike(book, pair, 0),
                alike(book, pair, 1),
                f"{times} of {plural(len(times_held), 'release', 'releases')}",
                own_names.out_link(address, found.asked, code, book.name(code)),
            ]
        )
        raw.append(
            {
                "peer_id": code,
                "name": book.name(code),
                "added": code in found.asked.added,
                "published": code in stated,
                "distance": away,
                "distance_rebased": rebased,
                "retention": stated.get(code, {}).get("retention"),
                "core": stated.get(code, {}).get("core"),
                **{f"theme_{place}": theme for place, (theme, _) in enumerate(top, start=1)},
                **{f"theme_{place}_share": share for place, (_, share) in enumerate(top, start=1)},
                "most_alike": pair[0]["label"] if pair else None,
                "least_alike": pair[1]["label"] if pair else None,
                "in_releases": times,
                "of_releases": len(times_held),
            }
        )
    title = f"Peers of {body.name} by your own choice, and why" if found.own else f"Peers of {body.name}, and why"
    heads = (
        Head(words.capital(book.noun)),
        Head("Peer"),
        Head("Distance", True),
        Head("What the distance is made of"),
        Head("Most alike in"),
        Head("Least alike in"),
        Head("In its published list in"),
        Head("Leave out"),
    )
    return Sheet("why", title, heads, cells, LISTED, raw)


LISTED = (
    "peer_id",
    "name",
    "added",
    "published",
    "distance",
    "distance_rebased",
    "retention",
    "core",
    "theme_1",
    "theme_1_share",
    "theme_2",
    "theme_2_share",
    "most_alike",
    "least_alike",
    "in_releases",
    "of_releases",
)


def distances(found: Chosen, code: str, stated: Row | None) -> tuple[float | None, float | None]:
    """Distance and its share of the farthest allowed: as published, or measured anew for a set of one's own."""
    if not found.own or found.found is None or found.place is None:
        return (stated["distance"], stated["distance_rebased"]) if stated else (None, None)
    place = found.place.roster.place.get(code)
    if place is None or found.found.distance[place] != found.found.distance[place]:
        return None, None
    return float(found.found.distance[place]), float(found.found.rebased[place])


def standing(found: Chosen, code: str, stated: Row | None) -> Any:
    """Core or marginal as published; added by name; or found by the settings."""
    if code in found.asked.added:
        return "Added by you"
    return why_peers.standing(stated) if stated else "By your settings"


def listing_block(book: Book, address: Address, body: Body, found: Chosen, sheet: Sheet) -> Any:
    if not sheet.cells:
        said = "Your set holds nobody." if found.own else why_peers.none_said(book, body, found.asked.model)
        return block.panel("Peers", html.P(said), id="title-why")
    said = (
        f"{short_words(found)}The most alike first{', then those you added' if found.asked.added else ''}: an order of "
        "likeness, not of merit. Distance is a share of the farthest allowed; "
        f"0% would be the same on every feature. {why_peers.marks_said(book, body, found.model)}"
    )
    return block.table_block("Why each is a peer", said, sheet, address)


def short_words(found: Chosen) -> str:
    """That fewer are alike enough than the number asked for, where that is so."""
    alike = len(found.found.peers) if found.found else 0
    if found.found is None or not found.asked.count or alike >= found.asked.count:
        return ""
    return f"Only {alike} of the {found.asked.count} asked for are alike enough; the list is never filled up. "


def top_themes(rows: Sequence[Row]) -> list[tuple[str, float]]:
    """The two themes that make up most of a distance, with their shares."""
    shares: dict[str, float] = {}
    for row in rows:
        if row["share"] is not None:
            shares[row["theme"]] = shares.get(row["theme"], 0.0) + row["share"]
    return sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:2]


def themes(book: Book, rows: Sequence[Row]) -> Any:
    """The two themes that make up most of the distance: a bar, the share, and both values of its weightiest feature."""
    top = top_themes(rows)
    if not top:
        return "The publisher does not say"
    parts: list[Any] = []
    for theme, share in top:
        parts.append(html.Div([part_bar(share), f"{theme} {percent_of(share)}"], className="theme"))
        told = [row for row in rows if row["theme"] == theme and row["share"] is not None]
        row = max(told, key=lambda each: each["share"])
        parts.append(html.Span(pair_words(book, row), className="note"))
    return parts


def pair_words(book: Book, row: Row) -> str:
    """A feature with both values: 'weekly pay: 548 and 546'."""
    mine, theirs = (why_peers.value(book, row["unit"], row[end]) for end in ("body_value", "peer_value"))
    return f"{row['label']}: {mine} and {theirs}"


def alike(book: Book, pair: tuple[Row, Row] | None, which: int) -> str:
    """The most or the least alike feature with both values."""
    return "–" if pair is None else pair_words(book, pair[which])
