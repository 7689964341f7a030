"""Figures kept that moved by more than is usual: each body is to confirm its own."""

from __future__ import annotations

from dash import html

from dashboards.address import Address
from dashboards.components import words
from dashboards.components.numbers import period_words
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book

MOST = 50
"""Rows of a long table that the page of quality shows; its CSV has them all."""


def moved(book: Book, address: Address) -> Sheet:
    """Figures kept that moved by more than is usual, the newest first; the page shows the first 50, the CSV all."""
    labels = {id: str(row["label"]) for id, row in book.measures.items()}
    listed = [
        {**row, "name": book.name(row["body_id"]), "label": labels[row["measure_id"]]} for row in book.rows("flagged")
    ]
    listed.sort(key=lambda row: (row["label"], row["name"].casefold(), row["body_id"]))
    listed.sort(key=lambda row: book.ends.get(row["period"], row["period"]), reverse=True)
    cells = [
        [
            html.A(row["name"], href=address.to("body", row["body_id"]), className="strong"),
            row["label"],
            period_words(row["period"]),
            words.capital(row["reason"]),
        ]
        for row in listed[:MOST]
    ]
    heads = (Head(words.capital(book.noun)), Head("Figure"), Head("Period"), Head("What it did"))
    fields = ("body_id", "name", "measure_id", "label", "period", "rule", "reason")
    return Sheet("to-confirm", "To be confirmed", heads, cells, fields, listed)


def moved_said(book: Book, sheet: Sheet) -> str:
    """How many there are, and why they are kept."""
    total = len(sheet.raw)
    first = f"The first {MOST} of {total:,}, the newest first; the CSV holds all. " if total > MOST else ""
    return (
        f"{first}Figures that moved from one year to the next by more than is usual for the measure. "
        f"Kept and shown, for real change happens; each {book.noun} is to confirm its own."
    )
