"""The body among its peers: one row each, with its interval; and how firm the body's own figure is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.address import Address
from dashboards.blocks.absence import claim_of
from dashboards.components import block, words
from dashboards.components.numbers import Style, percent_of, period_words, plural
from dashboards.components.plots import dot_plot
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book
from dashboards.own_peers import Chosen
from dashboards.pages.rows import FIELDS

Row = dict[str, Any]
MOST = 30
"""Rows of a dot plot; beyond, the nearest peers and the body."""


def among_peers(book: Book, address: Address, body: Body, row: Row, found: Chosen) -> tuple[Any, Sheet]:
    """The dot plot of a body's figure and its like-for-like peers' figures, with the table behind it."""
    style = book.style(row["indicator_id"])
    rows = figures_of(book, body, row, found)
    drawn = sorted(
        (each for each in rows if each["value"] is not None), key=lambda each: (-each["value"], each["name"])
    )
    sheet = listing(rows, style, row)
    told = [
        "Each line is the range the true level is likely to lie in (95%). ",
        "" if row["peer_q25"] is None else "Shaded: middle half of peers. ",
        "Where lines overlap, do not order them.",
        *left_out(row),
        *alike(len(found.members), row),
        words.hollow(drawn),
    ]
    origin = None if found.own else block.Origin(claim_of(row, found.model))
    title = f"{body.name} and its peers"
    return block.figure_block(title, told, dot_plot(drawn, style, row), sheet, origin, address), sheet


def figures_of(book: Book, body: Body, row: Row, found: Chosen) -> list[Row]:
    """The body's row first, then its peers' rows of the same indicator and period, nearest first."""
    order = {code: place for place, code in enumerate(found.members)}
    same = book.standing(found.model, indicator_id=row["indicator_id"], period=row["period"])
    peers = [each for each in same if each["body_id"] in order and each["like_for_like"]]
    peers = sorted(peers, key=lambda each: order[each["body_id"]])[: MOST - 1]
    own = next((each for each in same if each["body_id"] == body.id), row)
    return [{**each, "name": book.name(each["body_id"]), "you": each is own} for each in (own, *peers)]


def listing(rows: Sequence[Row], style: Style, row: Row) -> Sheet:
    """The table behind the plot: value, interval and status of each, the body first, then peers by likeness."""
    cells = [
        [
            each["name"],
            words.shown(each, style),
            interval(each, style),
            words.SPOKEN.get(each["status"], "as published"),
        ]
        for each in rows
    ]
    heads = (Head("Name"), Head(words.capital(style.unit), True), Head("95% interval", True), Head("Status"))
    title = f"{row['label']}, {period_words(row['period'])}"
    return Sheet("among-peers", title, heads, cells, FIELDS, rows, words.letters_used(rows), frozenset({0}))


def interval(row: Row, style: Style) -> str:
    if row["value"] is None:
        return "–"
    return "no interval" if row["lo"] is None else style.interval(row["lo"], row["hi"], row["value"])


def left_out(row: Row) -> list[str]:
    """That peers were left out, counted."""
    if not row["n_left_out"]:
        return []
    return [f" {plural(row['n_left_out'], 'peer is', 'peers are')} left out as not like for like."]


def alike(peers: int, row: Row) -> list[str]:
    """How many of the body's peers have a like figure, where not all of them have one."""
    if row["n_peers"] is None or row["n_peers"] >= peers:
        return []
    return [f" {row['n_peers']} of its {peers} peers have a like figure."]


def firmness(book: Book, address: Address, body: Body, row: Row) -> Any:
    """How much of the difference is not chance, and between which places the body may stand. None without either."""
    key = {"body_id": body.id, "indicator_id": row["indicator_id"], "period": row["period"]}
    parts = [*reliability(book, address, key, body), *places(book, address, key, body)]
    return block.panel("How firm is this figure?", *parts, id="firm") if parts else None


def reliability(book: Book, address: Address, key: Row, body: Body) -> list[Any]:
    found = book.rows("reliability", **key)
    if not found or found[0]["reliability"] is None or found[0]["value"] is None:
        return []
    row, style = found[0], book.style(key["indicator_id"])
    use = {
        "individual": f"firm enough to say something of one {book.noun}",
        "grouped": "to be read over several years or in groups only",
        "none": f"not firm enough to say anything of one {book.noun}",
    }[row["use"]]
    parts = ("of", "reliability", body.id, key["indicator_id"], key["period"])
    share = block.claim_link(percent_of(row["reliability"]), parts, address, "claim-reliability", "reliability")
    moved = f" With chance taken out it is {style.write(row['value'])} ({style.interval(row['lo'], row['hi'])})."
    return [
        block.sentence(
            share,
            f" of how it differs from the other {row['n'] - 1} {book.nouns} with this figure is not chance: {use}.",
            moved,
        )
    ]


def places(book: Book, address: Address, key: Row, body: Body) -> list[Any]:
    found = book.rows("places", **key)
    if not found or found[0]["place_lo"] is None:
        return []
    row = found[0]
    parts = ("of", "places", body.id, key["indicator_id"], key["period"])
    ends = f"between place {row['place_lo']} and place {row['place_hi']}"
    opens = block.claim_link(ends, parts, address, "claim-places", "places")
    neutral = book.indicators[key["indicator_id"]]["polarity"] == "neutral"
    first = "the lowest figure" if neutral else "the figure nearest to what is wanted"
    why = f"Chance alone moves places about, so none is given: counted from {first}, it stands (90% interval) "
    told = (
        f" of the {row['n']} with this figure, and differs for sure from {row['told_apart_from']} of them one by one. "
        "The verdict compares it with the middle of its own peers, which is another question."
    )
    return [block.help_block("Where it may stand among all who have this figure", block.sentence(why, opens, told))]
