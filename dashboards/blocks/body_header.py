"""The head of every page of one body: its name, with whom it is compared, and its tabs; and who has no such page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, choice
from dashboards.blocks.own_bar import own_bar
from dashboards.components import block
from dashboards.components.markup import attrs
from dashboards.components.numbers import day
from dashboards.data import Body, Book
from dashboards.own_asked import NOBODY
from dashboards.own_peers import Chosen


def header(book: Book, address: Address, body: Body, model: str, tab: str, found: Chosen | None = None) -> list[Any]:
    """Kind, name, the peers compared with, and the tabs, which are links; `found` where a set may be one's own."""
    groups = book.rows("peer_groups", body_id=body.id, model_id=model)
    count = groups[0]["n_peers"] if groups else 0
    label = str(book.models.get(model, {}).get("label", model))
    own = found is not None and found.own
    asked = choice(address, "model", (*book.models, NOBODY), book.headline)
    chosen = None if asked == book.headline else asked
    keeps: dict[str, str | None] = found.query if found else {"model": chosen}
    with_whom: list[Any] = [f"This release finds it no similar {book.noun} ({label}), so it is compared with nobody."]
    if count:
        with_whom = [
            "Compared with ",
            html.B(f"{count} similar {book.nouns}" if count != 1 else f"1 similar {book.noun}"),
            f" ({label}) · ",
            html.A("See why each", href=address.to("body", body.id, "peers", model=chosen)),
            only_these(book, asked) if asked != model and asked in book.models else None,
        ]
    compared: Any = html.P(with_whom, className="compared")
    if found and own:
        compared = own_bar(book, address, body, found)
    tabs = [
        ("stand", "Where we stand", ()),
        ("peers", "Peers", ("peers",)),
        ("chain", "Delivery chain", ("chain",)),
        ("potential", "Potential", ("potential",)),
        ("targets", "Targets", ("targets",)),
        ("settlement", "Settlement", ("settlement",)),
    ]
    items = []
    for id, words_of, parts in tabs:
        current = attrs(aria_current="page") if id == tab else {}
        kept = keeps if id in ("stand", "peers") else {"model": chosen if asked in book.models else None}
        items.append(html.Li(html.A(words_of, href=address.to("body", body.id, *parts, **kept), **current)))
    where = " · ".join(part for part in (body.kind, body.region) if part)
    return [
        block.heading(body.name, address, kicker=where, section="bodies", actions=actions(address, body)),
        compared,
        html.Nav(html.Ul(items), className="tabs", **attrs(aria_label=body.name)),
        models_form(book, address, model) if tab == "stand" and not own else None,
    ]


def only_these(book: Book, asked: str) -> html.Span:
    """That a tab without a choice of peers does not follow the one made elsewhere."""
    label = str(book.models[asked]["label"])
    return block.note(
        f"This tab is worked out with these peers only. Your choice, {label}, holds on the tabs that offer it."
    )


def actions(address: Address, body: Body) -> list[Any]:
    """What one can take away or try, beside the permanent link."""
    report = html.A("Board report", href=address.to("body", body.id, "report"))
    return [" · ", report, " · ", html.A("Try your own figures", href=address.to("body", body.id, "try"))]


def models_form(book: Book, address: Address, model: str) -> html.Form | None:
    if len(book.models) < 2:
        return None
    listed = [(id, str(row["label"])) for id, row in book.models.items()]
    return block.controls(address, block.control("model", "Compare with", listed, model, book.headline))


def known(book: Book, code: str) -> Body:
    """The body with this code. Raises Refused (404) where the release has none."""
    if code not in book.bodies:
        raise Refused(404, f"This release has no {book.noun} with the code “{code}”.")
    return book.bodies[code]


def not_compared(book: Book, address: Address, body: Body) -> block.View:
    """An ended body, which leads to its successors; or one that this release compares with no other."""
    said: list[Any] = [f"{body.name} is not compared with other bodies in this release."]
    if body.valid_to:
        said = [f"{body.name} ended on {day(body.valid_to)}. "]
        after = [
            html.A(book.name(row["to_id"]), href=address.to("body", row["to_id"])) for row in book.successors(body.id)
        ]
        said += ["Its work passed to ", *_between(after), "."] if after else ["This release names no successor."]
    where = " · ".join(part for part in (body.kind, body.region) if part)
    return block.View(
        body.name, [block.heading(body.name, address, kicker=where, section="bodies"), block.lede(*said)], "bodies"
    )


def _between(links: Sequence[Any]) -> list[Any]:
    out: list[Any] = []
    for place, link in enumerate(links):
        out += [" and " if place == len(links) - 1 else ", "] if place else []
        out.append(link)
    return out
