"""Efficiency frontiers: the score with its interval, and the real bodies that it is measured against."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.numbers import percent_of, period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book

Row = dict[str, Any]
MOST = 4
FIELDS = (
    "frontier_id",
    "body_id",
    "period",
    "n",
    "score",
    "lo",
    "hi",
    "fdh",
    "order_m",
    "dominators",
    "exemplar_id",
    "scale",
    "returns",
    "outlier",
    "status",
    "reason",
)


def frontier_block(book: Book, address: Address, body: Body) -> tuple[Any, Sheet] | None:
    """Every frontier that the body is on or under, newest period; None where the release has none of it."""
    rows = newest(book, book.rows("efficiency", body_id=body.id))
    if not rows:
        return None
    cells = [cells_of(book, address, body, row) for row in rows]
    heads = (
        Head("Frontier"),
        Head("Score", True),
        Head("95% interval", True),
        Head("Against real bodies alone", True),
        Head("Measured against"),
    )
    sheet = Sheet("frontiers", f"Efficiency of {body.name}", heads, cells, FIELDS, rows, words.letters_used(rows))
    told = (
        "The share of its inputs with which the best observed practice does as much. The interval assumes data without "
        "error, so no target or amount of money rests on it."
    )
    return block.table_block("Efficiency frontiers", told, sheet, address), sheet


def newest(book: Book, rows: list[Row]) -> list[Row]:
    """The newest row of each frontier."""
    last: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: book.ends.get(str(row["period"]), "")):
        last[row["frontier_id"]] = row
    return [last[id] for id in sorted(last)]


def cells_of(book: Book, address: Address, body: Body, row: Row) -> list[Any]:
    label = str(book.frontier(row["frontier_id"]).get("label", row["frontier_id"]))
    name = [
        html.Span(label, className="strong"),
        block.note(f"{period_words(row['period'])}; {plural(row['n'], book.noun, book.nouns)}"),
    ]
    if row["score"] is None:
        return [name, "–", "–", "–", words.capital(str(row["reason"] or words.SPOKEN.get(row["status"], "")))]
    parts = ("of", "efficiency", body.id, row["frontier_id"], row["period"])
    opens = block.claim_link(percent_of(row["score"]), parts, address, f"claim-frontier-{row['frontier_id']}", label)
    interval = "–" if row["lo"] is None else f"{percent_of(row['lo'])} to {percent_of(row['hi'])}"
    fdh = "–" if row["fdh"] is None else percent_of(row["fdh"])
    return [name, opens, interval, fdh, against(book, address, body, row)]


def against(book: Book, address: Address, body: Body, row: Row) -> list[Any]:
    """The frontier peers by weight; whether the data of the body are to be checked first."""
    key = {"frontier_id": row["frontier_id"], "body_id": body.id, "period": row["period"]}
    peers = sorted(book.rows("efficiency_peers", **key), key=lambda each: (-each["weight"], each["peer_id"]))
    others = [each for each in peers if each["peer_id"] != body.id][:MOST]
    parts: list[Any] = []
    for place, each in enumerate(others):
        parts += [", "] if place else []
        parts.append(html.A(book.name(each["peer_id"]), href=address.to("body", each["peer_id"])))
    parts = parts or ["Nobody: it is on the frontier"]
    return [*parts, block.note("Its figures are to be checked first: nobody is like it.")] if row["outlier"] else parts
