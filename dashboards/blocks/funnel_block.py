"""Is a share or a rate unusual, even allowing for chance and for differences that nobody can explain?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.funnel_plot import funnel
from dashboards.components.numbers import Style, period_words, plural
from dashboards.components.sheet import Head, Sheet
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


def funnel_block(book: Book, address: Address, body: Body, service: str) -> tuple[Any, Sheet] | None:
    """The funnel of the service's first indicator that has a count behind it and this body in it; else None."""
    for indicator in book.indicators_of(service):
        id = indicator["indicator_id"]
        own = next(iter(book.rows("funnel_points", body_id=body.id, indicator_id=id, period=book.newest(id))), None)
        if own and own["value"] is not None and own["hi_998"] is not None:
            return drawn(book, address, body, own)
    return None


def drawn(book: Book, address: Address, body: Body, own: Row) -> tuple[Any, Sheet]:
    id, period = own["indicator_id"], own["period"]
    rows = book.rows("funnel_points", indicator_id=id, period=period, field=own["field"])
    points = sorted(({**row, "name": book.name(row["body_id"])} for row in rows), key=lambda row: row["size"] or 0)
    limits = next(iter(book.rows("funnels", indicator_id=id, period=period, field=own["field"])), None)
    style = book.style(id)
    sheet = listing(points, style, book)
    label = book.indicators[id]["label"]
    told = [f"{period_words(period)}: {body.name} {SAID[own['flag']]}. ", *caution(book, points, limits)]
    origin = block.Origin(("of", "funnel_points", body.id, id, period))
    figure = funnel(points, style, body.id, size_words(book, id))
    return block.figure_block(f"{label}: is it unusual?", told, figure, sheet, origin, address), sheet


def caution(book: Book, points: Sequence[Row], limits: Row | None) -> list[str]:
    """How many stand out where chance alone gives how many, and the method's own reservation."""
    out = sum(row["flag"] in ("low", "high") for row in points)
    parts = [f"{plural(out, book.noun, book.nouns)} of {len(points)} stand out. "]
    if limits and limits["expected"] is not None:
        parts.append(f"Chance alone would give about {limits['expected']:.1f}. ")
    return [*parts, *([f"{words.capital(limits['note'])}."] if limits and limits["note"] else [])]


def size_words(book: Book, indicator: str) -> str:
    below = book.indicators[indicator]["denominator"]
    return str(book.measures[below]["label"]) if below else "Size"


def listing(points: Sequence[Row], style: Style, book: Book) -> Sheet:
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
        Head("Size", True),
        Head("Widened 99.8% limits", True),
        Head("Reading"),
    )
    return Sheet("funnel", "Funnel", heads, cells, FIELDS, rows, words.letters_used(rows))
