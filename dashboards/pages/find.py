"""Find: a name or code typed by a reader, answered by a body, a list, or the nearest spellings."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboards.address import Address, only
from dashboards.components import block
from dashboards.components.numbers import day, period_words
from dashboards.components.words import article
from dashboards.data import Body, Book
from dashboards.pages.body import STALE


def layout(book: Book, address: Address) -> block.View:
    """The page `/find?q=`. One hit leads to the body itself."""
    only(address, "q")
    asked = address.query.get("q", "").strip()
    found = book.index.search(asked)
    if len(found.bodies) == 1:
        return answer(book, address, "One body found", found.bodies, address.to("body", found.bodies[0]))
    if found.bodies:
        return answer(book, address, f"{len(found.bodies)} bodies match “{asked}”", found.bodies)
    if not asked:
        return answer(book, address, f"Find {article(book.noun)} {book.noun}", ())
    title = f"No {book.noun} is called “{asked}”"
    return answer(book, address, title, found.near)


def answer(book: Book, address: Address, title: str, bodies: Sequence[str], leads_to: str = "") -> block.View:
    """The list of an answer, with the way on where it is empty."""
    everything = html.A(f"the list of all {book.nouns}", href=address.to("bodies"))
    said = (
        "Choose one." if bodies else ["Type a name, a former name or an official code above, or open ", everything, "."]
    )
    if bodies and title.startswith("No "):
        said = "These are the nearest spellings."
    return block.View(
        title,
        [
            block.heading(title, address, kicker=book.title, section="bodies"),
            block.lede(*said) if isinstance(said, list) else block.lede(said),
            html.Ul([entry(book, address, body) for body in bodies], className="hits") if bodies else None,
        ],
        "bodies",
        leads_to=leads_to,
    )


def entry(book: Book, address: Address, body: str) -> html.Li:
    """A body with its kind and code; an ended one says when it ended, one without newer figures how old they are."""
    found = book.bodies[body]
    ended = f", ended {day(found.valid_to)}" if found.valid_to else ""
    where = f" · {found.region}" if found.region else ""
    return html.Li(
        [
            html.A(found.name, href=address.to("body", body), className="strong"),
            f" {found.kind}{where} · {body}{ended}{age(book, found)}",
        ]
    )


def age(book: Book, body: Body) -> str:
    """That a body has no figure, or none of the last two years; empty for others and for bodies of no comparison."""
    if body.valid_to or not body.benchmarked:
        return ""
    last = book.last_periods.get(body.id)
    if last is None:
        return ", no figures"
    return f", newest figures of {period_words(last)}" if book.age(last) >= STALE else ""
