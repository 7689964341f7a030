"""What two releases were made from and hold: counts side by side, editions and tables that only one of them has."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.changes import Changes
from dashboards.components import block, words
from dashboards.components.numbers import whole
from dashboards.data import Book

COUNTS = {
    "bodies": "Bodies",
    "values": "Figures",
    "quarantined": "Set aside",
    "checks_passed": "Checks passed",
    "checks_warned": "Checks that warned",
    "checks_not_evaluated": "Checks that could not be evaluated",
}


def what_went_in(found: Changes) -> html.Section:
    """The panel with counts of both releases and a list of what only one of them has."""
    rows = [html.Div([html.Dt(said), html.Dd(side_by_side(found, name))]) for name, said in COUNTS.items()]
    items = [html.Li([html.B(f"{what}: "), words.listed(names)]) for what, names in differences(found) if names]
    nothing = html.P("Both were made from the same editions and hold the same tables and measures.")
    content: list[Any] = [html.Dl(rows, className="facts"), html.Ul(items) if items else nothing]
    return block.panel("What went in", *content, id="went-in", wash=True)


def side_by_side(found: Changes, name: str) -> str:
    """A count of both releases; once where they agree."""
    old, new = (int(book.facts["counts"].get(name, 0)) for book in (found.before, found.after))
    return whole(new) if old == new else f"{whole(old)}, now {whole(new)}"


def differences(found: Changes) -> list[tuple[str, list[str]]]:
    """What only the newer, and only the older release has."""
    listed = []
    for what, parts in (("editions", editions), ("tables", tables), ("measures", measures)):
        old, new = parts(found.before), parts(found.after)
        listed += [(f"New {what}", sorted(new - old)), (f"{words.capital(what)} no longer read", sorted(old - new))]
    return listed


def editions(book: Book) -> set[str]:
    return {f"{row['title']}, {row['edition']}" for row in book.rows("editions")}


def tables(book: Book) -> set[str]:
    return {str(entry["name"]) for entry in book.tables}


def measures(book: Book) -> set[str]:
    return {str(row["label"]) for row in book.indicators.values()}
