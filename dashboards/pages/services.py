"""Services: what does this release measure, and what not?"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.address import Address, only
from dashboards.components import block, words
from dashboards.components.numbers import period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book


def layout(book: Book, address: Address) -> block.View:
    """The page `/services`: every service with its measures, in the pack's order."""
    only(address)
    sheet = listing(book, address)
    title = "Services"
    count = plural(len(book.services), "service", "services")
    measures = plural(len(book.indicators), "measure", "measures")
    return block.View(
        title,
        [
            block.heading(title, address, kicker=book.title, section="services"),
            block.lede(
                f"This release compares {book.nouns} on {count} with {measures}. Open one to see every {book.noun}."
            ),
            block.table_block(
                "What each service covers",
                "Each service’s first measure is the one that lists and the overview show.",
                sheet,
                address,
            ),
        ],
        "services",
        (sheet,),
    )


def listing(book: Book, address: Address) -> Sheet:
    cells: list[list[Any]] = []
    raw = []
    for id, row in book.services.items():
        measures = book.indicators_of(id)
        link = html.A(row["label"], href=address.to("service", id), className="strong")
        first = measures[0]
        shown = [first["label"], proxy(first)]
        others = words.listed([words.uncapital(each["label"]) for each in measures[1:]]) or "–"
        cells.append(
            [link, shown, words.capital(others), period_words(book.newest(row["headline"])), row["note"] or "–"]
        )
        raw += [{"service_id": id, "service": row["label"], "note": row["note"], **each} for each in measures]
    heads = (Head("Service"), Head("First measure"), Head("Others"), Head("Newest"), Head("Note"))
    fields = (
        "service_id",
        "service",
        "indicator_id",
        "label",
        "unit",
        "polarity",
        "stage",
        "numerator",
        "denominator",
        "multiplier",
        "real_terms",
        "interval",
        "proxy",
        "caveat",
        "note",
    )
    return Sheet("services", "What each service covers", heads, cells, fields, raw)


def proxy(indicator: Any) -> Any:
    """That a measure is a proxy, and for what."""
    if not indicator["proxy"]:
        return None
    return html.Span([html.B("Proxy: "), words.proxy(indicator), "."], className="note proxy")
