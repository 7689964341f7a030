"""An absence is said and never scored: a body whose figures are old, or that nobody can be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.components.numbers import period_words
from dashboards.data import Body, Book

Row = dict[str, Any]


def own_newest(book: Book, rows: Sequence[Row]) -> list[Row]:
    """The newest row with a figure of each indicator."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: str(book.ends.get(row["period"], row["period"]))):
        if row["value"] is not None:
            newest = period_words(book.newest(row["indicator_id"]))
            found[row["indicator_id"]] = {**row, "reason": row["reason"] or f"it has no figure of {newest}"}
    return list(found.values())


def out_of_date(book: Book, rows: Sequence[Row]) -> str:
    """'No figures for 2024; the newest are of 2022. ' of a body whose every row is older than others'; else empty."""
    shown = [row for row in rows if row["value"] is not None]
    if not shown or any(row["period"] == book.newest(row["indicator_id"]) for row in shown):
        return ""
    newest = period_words(latest(book, [book.newest(row["indicator_id"]) for row in shown]))
    own = period_words(latest(book, [row["period"] for row in shown]))
    return f"No figures for {newest}; the newest are of {own}. "


def latest(book: Book, periods: Sequence[str]) -> str:
    """The period that ends last."""
    return max(periods, key=lambda each: book.ends.get(each, each))


def uncompared(body: Body, rows: Sequence[Row]) -> str:
    """That no figure could be compared, or that there is none; empty where any has a verdict."""
    if any(row["verdict"] != "withheld" for row in rows):
        return ""
    if not any(row["value"] is not None for row in rows):
        return f"This release has no figure of {body.name} that could be shown."
    return f"No first measure of {body.name} can be compared with peers; the table shows what there is and says why."


def claim_of(row: Row, model: str) -> tuple[str, ...]:
    """Parts of the claim of a figure: its position under the peer model, or its value alone where it has none."""
    parts = (str(row["body_id"]), str(row["indicator_id"]), str(row["period"]))
    placed = row.get("placed", row["n_peers"] is not None)
    return (*parts, model) if placed else parts
