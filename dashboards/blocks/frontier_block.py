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
    "interval_lo",
    "interval_hi",
    "score_uncorrected",
    "free_disposal_score",
    "order_m",
    "dominators",
    "exemplar_id",
    "scale",
    "returns",
    "outlier",
    "status",
    "reason",
)
NAMED = {"interval_lo": "lo", "interval_hi": "hi", "score_uncorrected": "score", "free_disposal_score": "fdh"}
"""Columns of the CSV, named for what they are, by the release's names."""


def frontier_block(book: Book, address: Address, body: Body) -> tuple[Any, Sheet] | None:
    """Every frontier that the body is on or under, newest period; None where the release has none of it."""
    rows = newest(book, book.rows("efficiency", body_id=body.id))
    if not rows:
        return None
    cells = [cells_of(book, address, body, row) for row in rows]
    heads = (
        Head("Frontier"),
        Head("Inputs that best practice would need (95% interval)", True),
        Head("Against real bodies alone", True),
        Head("Measured against"),
    )
    raw = [{**row, **{name: row[column] for name, column in NAMED.items()}} for row in rows]
    sheet = Sheet("frontiers", f"Efficiency of {body.name}", heads, cells, FIELDS, raw, words.letters_used(rows))
    told = (
        "The share of its inputs with which best practice would do as much: the range it lies in, allowing for better "
        "practice than any that was seen. It assumes data without error, so no target or amount of money rests on it."
    )
    return block.table_block("Efficiency frontiers", told, sheet, address, below=uncorrected(book, rows)), sheet


def uncorrected(book: Book, rows: list[Row]) -> Any:
    """The scores as computed, and why they may lie above the intervals: folded away."""
    found = [html.Li(f"{label_of(book, row)}: {percent_of(row['score'])}") for row in rows if row["score"] is not None]
    why = (
        "A score as computed is measured against the best of the bodies at hand, so it is too high wherever better "
        "practice exists that none of them shows. The interval corrects for that, and so may lie wholly below it."
    )
    return block.help_block("Scores as computed, uncorrected", html.P(why), html.Ul(found)) if found else None


def label_of(book: Book, row: Row) -> str:
    return str(book.frontier(row["frontier_id"]).get("label", row["frontier_id"]))


def newest(book: Book, rows: list[Row]) -> list[Row]:
    """The newest row of each frontier."""
    last: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: book.ends.get(str(row["period"]), "")):
        last[row["frontier_id"]] = row
    return [last[id] for id in sorted(last)]


def cells_of(book: Book, address: Address, body: Body, row: Row) -> list[Any]:
    label = label_of(book, row)
    name = [
        html.Span(label, className="strong"),
        block.note(f"{period_words(row['period'])}; {plural(row['n'], book.noun, book.nouns)}"),
    ]
    if row["score"] is None:
        return [name, "–", "–", words.capital(str(row["reason"] or words.SPOKEN.get(row["status"], "")))]
    parts = ("of", "efficiency", body.id, row["frontier_id"], row["period"])
    interval = "no interval" if row["lo"] is None else f"{percent_of(row['lo'])} to {percent_of(row['hi'])}"
    opens = block.claim_link(interval, parts, address, f"claim-frontier-{row['frontier_id']}", label)
    fdh = "–" if row["fdh"] is None else percent_of(row["fdh"])
    return [name, opens, fdh, against(book, address, body, row)]


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
