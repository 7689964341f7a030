"""Bodies joined to a set or left out of it by name: what was typed, who comes next, the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.own_set import link
from dashboards.components import words
from dashboards.components.numbers import day, percent_of
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book
from dashboards.own_asked import MOST, Asked
from dashboards.own_peers import Chosen

Row = dict[str, Any]
NEAR = 8
"""Bodies offered for adding, at most."""


@dataclass(frozen=True)
class Typed:
    """What became of a name typed for adding: the set with it, or words and the bodies that may have been meant."""

    asked: Asked
    said: str = ""
    meant: tuple[str, ...] = ()


def typed(book: Book, address: Address, body: Body, asked: Asked) -> Typed:
    """The set with the body that was typed, found as the search finds it."""
    text = address.query.get("add", "").strip()
    if not text:
        return Typed(asked)
    found = book.index.search(text)
    fit = tuple(code for code in found.bodies if may_be_added(book, body, code))
    if len(found.bodies) == 1 and not fit:
        return Typed(asked, refused(book, body, found.bodies[0]))
    if len(fit) != 1:
        near = fit or tuple(code for code in found.near if may_be_added(book, body, code))
        told = f"{len(fit)} {book.nouns} match “{text}”." if fit else f"No {book.noun} is called “{text}”."
        return Typed(asked, told, tuple(code for code in near if code not in asked.added)[:NEAR])
    if fit[0] in asked.added:
        return Typed(asked, f"{book.name(fit[0])} is in your set already.")
    if len(asked.added) >= MOST:
        return Typed(asked, f"A set holds at most {MOST} peers. Leave one out first.")
    return Typed(asked.adding(fit[0]))


def may_be_added(book: Book, body: Body, code: str) -> bool:
    """Whether a body can be a peer: another one, alive, and compared in this release."""
    found = book.bodies[code]
    return code != body.id and not found.valid_to and found.benchmarked


def refused(book: Book, body: Body, code: str) -> str:
    """Why a body cannot be added."""
    found = book.bodies[code]
    if code == body.id:
        return f"{body.name} cannot be its own peer."
    if found.valid_to:
        return f"{found.name} ended on {day(found.valid_to)}, so it cannot be a peer."
    return f"{found.name} is not compared with others in this release, so it cannot be a peer."


def answer(book: Book, address: Address, told: Typed) -> Any:
    """What became of a typed name, where it did not simply join the set."""
    if not told.said:
        return None
    meant = [
        html.Li(
            [
                html.A(["Add ", book.name(code)], href=link(address, told.asked.adding(code))),
                f" · {book.bodies[code].kind}",
            ]
        )
        for code in told.meant
    ]
    lead = " Did you mean one of these?" if meant else ""
    return html.Div([html.P([told.said, lead]), html.Ul(meant) if meant else None], className="aside", role="status")


def left_out(book: Book, address: Address, asked: Asked) -> Any:
    """Who was left out by hand, each with the way back."""
    if not asked.without:
        return None
    items = [
        html.Li(
            [
                book.name(code),
                " · ",
                html.A(["Bring back", _unseen(book.name(code))], href=link(address, asked.adding(code))),
            ]
        )
        for code in asked.without
    ]
    return html.Div([html.P("Left out by you:"), html.Ul(items)], className="aside")


def near_sheet(
    book: Book, address: Address, found: Chosen, codes: Sequence[str], alike: dict[str, tuple[str, str]]
) -> Sheet:
    """The bodies just outside the set, the most alike first, each with a link that adds it."""
    cells, raw = [], []
    full = len(found.members) >= MOST
    for code in codes:
        place = found.place.roster.place.get(code) if found.place else None
        away = float(found.found.rebased[place]) if found.found is not None and place is not None else None
        away = None if away is None or away != away else away
        body = book.bodies[code]
        add: Any = "The set is full"
        if not full:
            add = html.A(["Add", _unseen(body.name)], href=link(address, found.asked.adding(code)))
        most, least = alike.get(code, ("–", "–"))
        where = " · ".join(part for part in (body.kind, body.region) if part)
        cells.append(
            [
                html.A(body.name, href=address.to("body", code), className="strong"),
                where,
                "–" if away is None else percent_of(away),
                most,
                least,
                add,
            ]
        )
        raw.append({"body_id": code, "name": body.name, "distance_rebased": away})
    heads = (
        Head(words.capital(book.noun)),
        Head("Kind"),
        Head("Distance", True),
        Head("Most alike in"),
        Head("Least alike in"),
        Head("Add"),
    )
    return Sheet("next", "Next most alike", heads, cells, ("body_id", "name", "distance_rebased"), raw)


def out_link(address: Address, asked: Asked, code: str, name: str) -> html.A:
    """A link that leaves one peer out."""
    return html.A(["Leave out", _unseen(name)], href=link(address, asked.leaving_out(code)))


def _unseen(name: str) -> html.Span:
    return html.Span(f" {name}", className="unseen")
