"""One service of one body: is the gap real, and where does it arise?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, choice, only
from dashboards.blocks.already_there import already_there
from dashboards.blocks.among_peers import among_peers, firmness
from dashboards.blocks.chain_gap import chain_gap, chain_rows, largest
from dashboards.blocks.funnel_block import funnel_block
from dashboards.blocks.over_years import productivity, trend
from dashboards.blocks.peer_sets import robustness_strip
from dashboards.components import block, words
from dashboards.components.numbers import period_words
from dashboards.components.sheet import Sheet
from dashboards.data import Body, Book
from dashboards.pages.body import known, newest_rows, not_compared

Row = dict[str, Any]
Made = tuple[Any, Sheet] | None


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/service/<id>`: one measure, its newest period, every block."""
    only(address, "measure", "model")
    body, service = known(book, address.parts[1]), address.parts[3]
    if service not in book.services:
        raise Refused(404, f"This release has no service called “{service}”.")
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    model = choice(address, "model", book.models, book.headline)
    rows = {row["indicator_id"]: row for row in newest_rows(book, body, model) if row["service_id"] == service}
    if not rows:
        return nothing(book, address, body, service)
    first = next(row["indicator_id"] for row in rows.values() if row["first"])
    row = rows[choice(address, "measure", rows, first)]
    made = blocks(book, address, body, row, service, model)
    label = book.services[service]["label"]
    title = f"{label}, {period_words(row['period'])}"
    return block.View(
        f"{title}: {body.name}",
        [
            block.heading(title, address, kicker=crumbs(address, body, label), section="services"),
            block.lede(*lede(book, body, row)),
            controls(book, address, rows, row, first, model),
            *arranged(made, firmness(book, address, body, row)),
            about(book, service, row),
        ],
        "services",
        tuple(each[1] for each in made.values() if each),
    )


def blocks(book: Book, address: Address, body: Body, row: Row, service: str, model: str) -> dict[str, Made]:
    """Every block by name, None where the release has nothing for it."""
    compared = row["value"] is not None
    return {
        "peers": among_peers(book, address, body, row, model) if compared else None,
        "chain": chain_gap(book, address, body, service, row["period"]),
        "sets": robustness_strip(book, address, body, row),
        "exemplars": already_there(book, address, body, service),
        "trend": trend(book, address, body, row, model),
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


def lede(book: Book, body: Body, row: Row) -> list[Any]:
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
    found = largest(chain_rows(book, body, row["service_id"], row["period"])) if row["first"] else None
    if found and row["verdict"] != "same":
        parts += ["Most of it is ", html.B(words.uncapital(found["label"])), ". "]
    same, tried = book.agreement(row)
    if tried > 1:
        parts.append(f"{same} of {tried} fair peer sets give the same verdict.")
    return parts


def controls(book: Book, address: Address, rows: dict[str, Row], row: Row, first: str, model: str) -> html.Form:
    """Measure and peers."""
    measures = [(id, str(each["label"])) for id, each in sorted(rows.items(), key=lambda pair: pair[0] != first)]
    parts = [block.control("measure", "Measure", measures, row["indicator_id"], first)]
    if len(book.models) > 1:
        models = [(id, str(each["label"])) for id, each in book.models.items()]
        parts.append(block.control("model", "Compare with", models, model, book.headline))
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
