"""One service of one body: is the gap real, and where does it arise?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, choice, only
from dashboards.blocks.already_there import already_there
from dashboards.blocks.among_peers import among_peers, firmness
from dashboards.blocks.body_header import known, not_compared
from dashboards.blocks.chain_gap import chain_gap, chain_rows, told_parts, unlike
from dashboards.blocks.funnel_block import funnel_block
from dashboards.blocks.over_years import productivity, trend
from dashboards.blocks.own_bar import own_bar
from dashboards.blocks.own_set import hidden
from dashboards.blocks.peer_sets import robustness_strip
from dashboards.blocks.reply import right_of_reply
from dashboards.blocks.what_next import asked_here
from dashboards.components import block, words
from dashboards.components.markup import island
from dashboards.components.numbers import period_words
from dashboards.components.sheet import Sheet
from dashboards.data import Body, Book
from dashboards.own_asked import names as set_names
from dashboards.own_peers import Chosen
from dashboards.own_peers import chosen as chosen_peers
from dashboards.own_verdicts import rejudged
from dashboards.pages.body import newest_rows

Row = dict[str, Any]
Made = tuple[Any, Sheet] | None


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/service/<id>`: one measure, its newest period, every block."""
    only(address, "measure", *set_names(book))
    body, service = known(book, address.parts[1]), address.parts[3]
    if service not in book.services:
        raise Refused(404, f"This release has no service called “{service}”.")
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    found = chosen_peers(book, address, body)
    rows = rows_of(book, body, service, found)
    if not rows:
        return nothing(book, address, body, service)
    first = next(row["indicator_id"] for row in rows.values() if row["first"])
    row = rows[choice(address, "measure", rows, first)]
    made = blocks(book, address, body, row, service, found)
    label = book.services[service]["label"]
    title = f"{label}, {period_words(row['period'])}"
    return block.View(
        f"{title}: {body.name}",
        [
            block.heading(title, address, kicker=crumbs(address, body, label), section="services"),
            own_bar(book, address, body, found) if found.own else None,
            block.lede(*lede(book, body, row, found)),
            controls(book, address, rows, row, first, found),
            asked_here(book, address, body, row["indicator_id"]),
            *arranged(made, firmness(book, address, body, row)),
            about(book, service, row),
            right_of_reply(book, address, body, service),
        ],
        "services",
        tuple(each[1] for each in made.values() if each),
    )


def rows_of(book: Book, body: Body, service: str, found: Chosen) -> dict[str, Row]:
    """The service's measures by indicator, against the published peers or a set of one's own."""
    rows = [row for row in newest_rows(book, body, found.model) if row["service_id"] == service]
    told = rejudged(book, body, found.members, rows) if found.own else rows
    return {row["indicator_id"]: row for row in told}


def blocks(book: Book, address: Address, body: Body, row: Row, service: str, found: Chosen) -> dict[str, Made]:
    """Every block by name, None where the release has nothing for it."""
    compared = row["value"] is not None
    return {
        "peers": among_peers(book, address, body, row, found) if compared else None,
        "chain": chain_gap(book, address, body, service, row["period"], row["indicator_id"]),
        "sets": robustness_strip(book, address, body, row),
        "exemplars": already_there(book, address, body, service),
        "trend": trend(book, address, body, row, found),
        "productivity": productivity(book, address, body, service),
        "funnel": funnel_block(book, address, body, service),
    }


def arranged(made: dict[str, Made], firm: Any) -> list[Any]:
    """The blocks two by two, in the order of the questions that they answer."""
    shown = [each[0] for each in made.values() if each]
    rows = [html.Div(shown[place : place + 2], className="two") for place in range(0, len(shown), 2)]
    return [*rows[:1], firm, *rows[1:]]


def nothing(book: Book, address: Address, body: Body, service: str) -> block.View:
    """A service of which the release has no figure of the body."""
    label = book.services[service]["label"]
    said = f"This release has no figure of {body.name} for {words.uncapital(label)}."
    return block.View(
        f"{label}: {body.name}",
        [block.heading(label, address, kicker=crumbs(address, body, label), section="services"), block.lede(said)],
        "services",
    )


def crumbs(address: Address, body: Body, label: str) -> list[Any]:
    return [html.A(body.name, href=address.to("body", body.id)), " › ", label]


def lede(book: Book, body: Body, row: Row, found: Chosen) -> list[Any]:
    """Value, interval, peers; the verdict; where most of the gap arises; how many peer sets agree."""
    style = book.style(row["indicator_id"])
    parts: list[Any] = [f"{row['label']}. ", words.position_sentence(row, body.name, style), " "]
    if row["verdict"] == "withheld":
        return parts
    verdict = {
        "higher": "The difference is more than chance. ",
        "lower": "The difference is more than chance. ",
        "same": "It cannot be told apart from its peers. ",
    }[row["verdict"]]
    parts.append(html.B(verdict))
    if row["first"] and row["verdict"] != "same" and not found.own:
        parts.append(arises(book, body, row))
    same, tried = (0, 0) if found.own else book.agreement(row)
    if tried > 1:
        parts.append(f"{same} of {tried} fair peer sets give the same verdict. ")
    parts.append(words.to_confirm(row, book.noun))
    return parts


def arises(book: Book, body: Body, row: Row) -> str:
    """Every stage's part of the chain's difference, in money; empty where the chain ends in another measure.

    There the page's own measure is one of the stages, and would be called the cause of itself.
    """
    rows = chain_rows(book, body, row["service_id"], row["period"])
    whole = next((each for each in rows if not each["stage"]), None)
    if whole is None or unlike(book, whole, row["indicator_id"]) or not (parts := told_parts(book, rows)):
        return ""
    return f"In money: {parts}. "


def controls(
    book: Book, address: Address, rows: dict[str, Row], row: Row, first: str, found: Chosen
) -> html.Form | html.Div:
    """Measure and peers; a set of one's own is carried along and changed on the page of peers."""
    measures = [(id, str(each["label"])) for id, each in sorted(rows.items(), key=lambda pair: pair[0] != first)]
    parts = [block.control("measure", "Measure", measures, row["indicator_id"], first)]
    if found.own:
        parts += [hidden(name, value) for name, value in found.query.items() if value]
        carried: html.Div = island(html.Div(block.controls(address, *parts)))
        return carried
    if len(book.models) > 1:
        models = [(id, str(each["label"])) for id, each in book.models.items()]
        parts.append(block.control("model", "Compare with", models, found.model, book.headline))
    return block.controls(address, *parts)


def about(book: Book, service: str, row: Row) -> html.Section:
    """What the service and the measure cover and leave out."""
    indicator = book.indicators[row["indicator_id"]]
    proxy = words.proxy(indicator)
    notes: Sequence[Any] = [
        book.services[service]["note"],
        indicator["caveat"],
        f"A proxy: {proxy}." if proxy else None,
        f"{words.capital(words.reason(row))}." if row["verdict"] == "withheld" else None,
    ]
    told = [html.P(note) for note in notes if note]
    return block.panel("What this covers", *(told or [html.P("The pack states nothing more about it.")]), id="about")
