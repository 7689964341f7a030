"""Is a share or a rate unusual, even allowing for chance and for differences that nobody can explain?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.funnel_plot import funnel
from dashboards.components.numbers import Style, period_words, plural
from dashboards.components.sheet import Head, Sheet, as_table
from dashboards.data import Body, Book

Row = dict[str, Any]
FIELDS = (
    "body_id",
    "name",
    "indicator_id",
    "period",
    "size",
    "value",
    "z",
    "z_widened",
    "lo_95",
    "hi_95",
    "lo_998",
    "hi_998",
    "plain_lo_95",
    "plain_hi_95",
    "flag",
    "discovery",
    "status",
)
SAID = {
    "low": "lies below the widened limits: unusual even allowing for unexplained variation",
    "high": "lies above the widened limits: unusual even allowing for unexplained variation",
    "within": "lies within what is usual",
    "withheld": "is not judged",
}
UNJUDGED = (
    "no chart is drawn. Most of the difference between bodies is neither chance nor explained by the circumstances "
    "that this release knows, so calling any of them unusual would mislead."
)


def funnel_block(book: Book, address: Address, body: Body, service: str) -> tuple[Any, Sheet] | None:
    """The funnel of the service's first indicator whose field is judged and has this body in it; else None.

    Where a field has a funnel and nothing in it is judged, a sentence that says why stands in place of the chart.
    """
    unjudged = None
    for indicator in book.indicators_of(service):
        id = indicator["indicator_id"]
        own = next(iter(book.rows("funnel_points", body_id=body.id, indicator_id=id, period=book.newest(id))), None)
        if own and own["value"] is not None and own["hi_998"] is not None:
            if own["flag"] != "withheld":
                return drawn(book, address, body, own)
            unjudged = unjudged or own
    return told_only(book, address, body, unjudged) if unjudged else None


def field_of(book: Book, own: Row) -> tuple[list[Row], Row | None]:
    """Every point of the body's field by size, with names; the field's limits."""
    key = {"indicator_id": own["indicator_id"], "period": own["period"], "field": own["field"]}
    points = [{**row, "name": book.name(row["body_id"])} for row in book.rows("funnel_points", **key)]
    return sorted(points, key=lambda row: row["size"] or 0), next(iter(book.rows("funnels", **key)), None)


def drawn(book: Book, address: Address, body: Body, own: Row) -> tuple[Any, Sheet]:
    """The chart with its table."""
    id, period = own["indicator_id"], own["period"]
    points, limits = field_of(book, own)
    style = book.style(id)
    size = size_words(book, id, limits)
    sheet = listing(points, style, book, size)
    label = book.indicators[id]["label"]
    told = [f"{period_words(period)}: {body.name} {SAID[own['flag']]}. ", *caution(book, points, limits)]
    origin = block.Origin(("of", "funnel_points", body.id, id, period))
    figure = funnel(points, style, body.id, size)
    return block.figure_block(f"{label}: is it unusual?", told, figure, sheet, origin, address), sheet


def told_only(book: Book, address: Address, body: Body, own: Row) -> tuple[Any, Sheet]:
    """Why nobody of the field is judged, with the figures folded away."""
    id, period = own["indicator_id"], own["period"]
    points, limits = field_of(book, own)
    sheet = listing(points, book.style(id), book, size_words(book, id, limits))
    origin = block.Origin(("of", "funnel_points", body.id, id, period))
    content = block.panel(
        f"{book.indicators[id]['label']}: is it unusual?",
        html.P(f"{period_words(period)}: {UNJUDGED}", className="sub"),
        html.Details([html.Summary("Show as table"), as_table(sheet)]),
        html.Div(block.feet(sheet, origin, address), className="foot"),
        id=f"title-{sheet.id}",
    )
    return content, sheet


def caution(book: Book, points: Sequence[Row], limits: Row | None) -> list[str]:
    """How many stand out where chance alone gives how many."""
    out = sum(row["flag"] in ("low", "high") for row in points)
    parts = [f"{plural(out, book.noun, book.nouns)} of {len(points)} stand out. "]
    if limits and limits["expected"] is not None:
        parts.append(f"Chance alone would give about {limits['expected']:.1f}. ")
    return parts


def size_words(book: Book, indicator: str, limits: Row | None) -> str:
    """What the width of the funnel is: the cases a share is of, or the number of events that would be usual."""
    row = book.indicators[indicator]
    if not limits or limits["kind"] == "proportion":
        return str(book.measures[row["denominator"]]["label"]) if row["denominator"] else "Size"
    return f"Number expected, were the rate as everywhere: {words.uncapital(book.measures[row['numerator']]['label'])}"


def listing(points: Sequence[Row], style: Style, book: Book, size: str) -> Sheet:
    """The table behind the funnel, alphabetically."""
    rows = sorted(points, key=lambda row: row["name"].casefold())
    cells = [
        [
            row["name"],
            words.shown(row, style),
            "–" if row["size"] is None else f"{row['size']:,.0f}",
            "–" if row["lo_998"] is None else style.interval(row["lo_998"], row["hi_998"]),
            words.capital(SAID[row["flag"]].split(":")[0]),
        ]
        for row in rows
    ]
    heads = (
        Head(words.capital(book.noun)),
        Head(words.capital(style.unit), True),
        Head(size, True),
        Head("Widened 99.8% limits", True),
        Head("Reading"),
    )
    return Sheet("funnel", "Funnel", heads, cells, FIELDS, rows, words.letters_used(rows))
