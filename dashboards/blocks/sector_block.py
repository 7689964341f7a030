"""A settlement seen over the sector: three facts, and what each body is asked for with its range, in three groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.scheme_block import CAUTIOUS
from dashboards.components import block, words
from dashboards.components.asked_plot import asked_plot
from dashboards.components.numbers import headline_money, percent_of
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book

Row = dict[str, Any]
MOST = 130
"""Bodies that bars can show by name; beyond, the table alone."""
ORDER = ("gain_share", "benchmark", "menu")
"""Ways that ask bodies differently: the first of them that the release compares is shown."""
VERDICT = {"less": "Less than under equal cuts", "more": "More than under equal cuts"}


def facts(book: Book, address: Address, scheme: str, rows: Sequence[Row], when: str) -> html.Section:
    """The total kept, how the burden lies against deprivation, and the largest loss.

    rows : `body_id`, `name`, `kept`, in the currency.   when : what the sums cover.
    """
    total = sum(row["kept"] for row in rows)
    lowest = min(rows, key=lambda row: row["kept"], default=None)
    found = way_of(book, scheme)
    pairs: list[tuple[str, Any]] = [
        ("Kept by all" if total >= 0 else "Paid by all, net", told(book, abs(total))),
        ("Burden on the deprived", burden(address, found)),
    ]
    if lowest is None or lowest["kept"] >= 0:
        pairs.append(("Largest loss", f"no {book.noun} would pay"))
    else:
        link = html.A(lowest["name"], href=address.to("body", lowest["body_id"], "settlement"))
        pairs.append(("Largest loss", [told(book, lowest["kept"]), ": ", link]))
    listed = html.Dl([html.Div([html.Dt(name), html.Dd(said)]) for name, said in pairs], className="facts")
    note = block.note(when, " Large bodies have large amounts: this says nothing of how they do.")
    return block.panel("Three facts", listed, note, id="title-facts", wash=True)


def told(book: Book, amount: float) -> str:
    """An amount with a true minus sign."""
    return f"{'−' if amount < 0 else ''}{headline_money(abs(amount), currency=book.currency)}"


def way_of(book: Book, scheme: str) -> Row | None:
    """The way of finding the total that asks bodies differently; None where the release compares none."""
    ways = {row["way"]: row for row in book.rows("schemes", scheme_id=scheme)}
    return next((ways[way] for way in ORDER if way in ways), None)


def burden(address: Address, row: Row | None) -> Any:
    """The concentration of what is asked against deprivation, in words, which opens its claim."""
    if row is None or row["burden"] is None:
        return "not in this release"
    figure = f"{row['burden']:+.2f}".replace("-", "−")
    side = (
        "the deprived carry more" if row["burden"] > 0 else "the deprived carry less" if row["burden"] < 0 else "even"
    )
    return [block.claim_link(figure, claim_parts(row), address, "burden", "Burden"), f": {side}"]


def claim_parts(row: Row, body: str = "") -> tuple[str, ...]:
    """The address of the claim behind one way, or behind what it asks of one body."""
    return ("of", "scheme_bodies" if body else "schemes", body or "all", row["scheme_id"], "total", row["way"])


def asked_block(book: Book, address: Address, scheme: str, kind: str) -> tuple[Any, Sheet | None]:
    """Bars of what each is asked for against equal cuts; a sentence where there are none, or too many to name."""
    row = way_of(book, scheme)
    equal = next(iter(book.rows("schemes", scheme_id=scheme, way="equal_cut")), None)
    title = f"What each {book.noun} is asked for"
    if row is None or equal is None or equal["required"] is None:
        said = "This release compares no ways of finding one total under this scheme, so it has no ranges to show."
        return block.panel(title, html.P(said), id="title-asked-each"), None
    rows = [each for each in asked_rows(book, scheme, row["way"]) if kind in ("", each["class_id"])]
    sheet = listing(book, address, rows, row)
    about = sentence(book, row, equal["required"])
    origin = block.Origin(claim_parts(row))
    if not rows or len(rows) > MOST:
        many = f" {len(rows):,} {book.nouns} are too many for bars with names: choose a kind to see them."
        return block.table_block(title, [about, many if rows else ""], sheet, address, origin), sheet
    figure = asked_plot(rows, equal["required"], f"Equal cut {percent_of(equal['required'])}")
    return block.figure_block(title, about, figure, sheet, origin, address), sheet


def asked_rows(book: Book, scheme: str, way: str) -> list[Row]:
    """What a way asks of each living body, alphabetically."""
    found = [
        {**row, "name": book.name(row["body_id"]), "class_id": book.bodies[row["body_id"]].class_id}
        for row in book.rows("scheme_bodies", scheme_id=scheme, way=way)
        if row["body_id"] in book.bodies and row["cut"] is not None
    ]
    return sorted(found, key=lambda row: (str(row["name"]).casefold(), row["body_id"]))


def sentence(book: Book, row: Row, equal: float) -> str:
    """What is shown, over what, and that the order is no merit."""
    return (
        f"{row['label']}: the share of its cost that each is asked for, against "
        f"{percent_of(equal)} under equal cuts. {CAUTIOUS} As offered. This release ties no residents or other volume "
        "to a settlement, so amounts are shares of cost. Sorted so that ranges can be compared: no order of merit."
    )


def listing(book: Book, address: Address, rows: Sequence[Row], way: Row) -> Sheet:
    """The table behind the bars, alphabetically."""
    cells = [
        [
            html.A(row["name"], href=address.to("body", row["body_id"], "settlement"), className="strong"),
            block.claim_link(
                percent_of(row["cut"]),
                claim_parts(row, row["body_id"]),
                address,
                f"asked-{row['body_id']}",
                row["name"],
            ),
            f"{percent_of(row['cut_lo'])} to {percent_of(row['cut_hi'])}",
            VERDICT.get(row["verdict"], "Cannot be told apart"),
        ]
        for row in rows
    ]
    heads = (
        Head(words.capital(book.noun)),
        Head("Asked of its cost", True),
        Head("90% range", True),
        Head("Against equal cuts"),
    )
    fields = ("body_id", "name", "way", "cut", "cut_lo", "cut_hi", "verdict")
    return Sheet("asked", "What each is asked for", heads, cells, fields, rows)
