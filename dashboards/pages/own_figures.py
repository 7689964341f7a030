"""Try your own figures: what would this year's unpublished figures say? Computed in the tab, never sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards import files
from dashboards.address import Address, Refused, only
from dashboards.blocks.body_header import known, not_compared
from dashboards.blocks.own_settlement import about, settlement
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import period_words, plural
from dashboards.data import Body, Book
from dashboards.pages.body import newest_rows
from dashboards.trial import Data, trial

Row = dict[str, Any]
STAYS = "Your figures stay in this tab"


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/try`: figures to fill in beside published ones, service by service, and what they say."""
    only(address, "service")
    body = known(book, address.parts[1])
    if address.query.get("service", "") not in ("", *book.services):
        raise Refused(400, f"This release has no service called “{address.query['service']}”.")
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    data = trial(book, body, book.headline)
    title = f"Try your own figures: {body.name}"
    crumbs = [html.A(body.name, href=address.to("body", body.id)), " › ", "Try your own figures"]
    top = [block.heading(title, address, kicker=crumbs, section="bodies"), block.lede(*lede(book, body, data))]
    return block.View(title, [*top, room(book, address, body, data) if data["measures"] else None], "bodies")


def lede(book: Book, body: Body, data: Data) -> list[Any]:
    """What the page is for, in one or two sentences."""
    if not data["measures"]:
        return [
            f"This release has no figure of {body.name} in its newest period, so there is nothing to set beside it."
        ]
    return [
        f"Give figures of {body.name} that are not published yet and see at once where they would place it among its "
        f"peers, what potential they would show, and what it would keep. Every result is a ",
        html.B("trial"),
        ".",
    ]


def room(book: Book, address: Address, body: Body, data: Data) -> html.Article:
    """Everything that the script fills. An element of a kind that no other page has, so none inherits its marks.

    The tables are made by the script: as components of Dash's they took the browser ten times as long to draw.
    """
    services = list(dict.fromkeys(measure["service"] for measure in data["measures"]))
    opened = address.query.get("service") or services[0]
    listed = [{"id": id, "label": book.services[id]["label"], "open": id == opened} for id in services]
    told = {**data, "services": listed, "measures": said(book, body, data["measures"])}
    return html.Article(
        [
            stays(),
            bring(data),
            html.P(id="own-summary", className="own-summary", role="status", **attrs(aria_live="polite")),
            html.Div(id="own-services", className="folds"),
            settlement(book, data),
            about(book),
            html.Div(json.dumps(told, ensure_ascii=False, allow_nan=False), id="own-data", hidden=True),
        ],
        id="own",
        className="own-figures",
        **attrs(data_needs=files.address("own-figures.js"), aria_label="Your own figures"),
    )


def said(book: Book, body: Body, measures: Sequence[Data]) -> list[Data]:
    """Measures with their published words: the figure, its verdict, the middle half of its peers, what it measures."""
    rows = {row["indicator_id"]: row for row in newest_rows(book, body, book.headline)}
    out = []
    for each in measures:
        row, style = rows[each["id"]], book.style(each["id"])
        flag = f"{words.SPOKEN[row['status']]}. " if row["status"] in words.SPOKEN else ""
        out.append(
            {
                **each,
                "published": "–" if row["value"] is None else style.write(row["value"]),
                "said": f"{flag}{words.verdict_text(row, row['polarity'])}",
                "half": words.half(row, style),
                "note": ", ".join(
                    [*([words.capital(style.spoken)] if style.spoken else []), period_words(row["period"])]
                ),
            }
        )
    return out


def stays() -> html.P:
    """The promise, and what it means."""
    rest = ". They are not sent, not stored and not put in the address; closing or reloading the tab forgets them."
    return html.P([html.B(STAYS), rest], className="stays")


def bring(data: Data) -> html.Section:
    """Where a CSV is dropped, chosen or pasted; the script adds the controls."""
    lines = ["measure,value,period"]
    lines += [f"{each['id']},{plain(each['value'])},{each['period']}" for each in data["figures"]]
    count = plural(len(data["figures"]), "line", "lines")
    return block.panel(
        "Bring a CSV, or type below",
        html.P("One line a figure: measure,value or measure,value,period. A measure goes by its name or its code."),
        html.P(
            "This page computes in the browser: with scripts off it shows published figures only.",
            className="unscripted",
        ),
        html.Div(id="own-bring", className="scripted"),
        html.Div(id="own-errors"),
        html.Details(
            [html.Summary(f"A CSV to start from: the published figures, {count}"), html.Pre("\n".join(lines))]
        ),
        id="title-bring",
    )


def plain(value: float | None) -> str:
    """A number as a CSV has it: no commas, no unit, no trailing zeros; nothing for an absent one."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")
