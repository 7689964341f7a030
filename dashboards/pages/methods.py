"""Methods: how is each figure made, and by which version of what?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, only
from dashboards.components import block
from dashboards.components.numbers import plural, whole
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book
from pipelines.releases.read import Method, cards, claims


def layout(book: Book, address: Address) -> block.View:
    """The page `/methods`: every method card by number, and how many figures of this release it made."""
    only(address)
    sheet = listing(book, address)
    title = "Methods"
    used = sum(1 for id in cards() if id in book.used)
    return block.View(
        title,
        [
            block.heading(title, address, kicker=book.title),
            block.lede(
                f"{plural(len(sheet.cells), 'method', 'methods')}, each with its claim, formula, limits and source; ",
                f"{used:,} of them made figures of this release.",
            ),
            block.table_block(
                "Every method", "Open one to read it whole, with its defaults and edge cases.", sheet, address
            ),
        ],
        sheets=(sheet,),
    )


def one(book: Book, address: Address) -> block.View:
    """The page `/methods/<id>`. Raises Refused (404) where there is no card and no figure of that name."""
    only(address)
    id = address.parts[1]
    card = cards().get(id)
    if card is None and id not in book.used:
        raise Refused(404, "There is no method of that number; the page Methods lists every one.")
    sheet = tables(book, id, address)
    title = f"{id} {card.title}" if card else id
    return block.View(
        title,
        [
            block.heading(title, address, kicker=html.A("Methods", href=address.to("methods"))),
            block.lede(lede(id, card)),
            *(described(book, card) if card else ()),
            block.table_block("Where this release used it", said(sheet), sheet, address),
        ],
        sheets=(sheet,),
    )


def lede(id: str, card: Method | None) -> str:
    """What the method claims."""
    if card is None:
        return "This release names this method; the program at hand no longer has its card."
    return f"{claims().get(id, card.title)}."


def described(book: Book, card: Method) -> list[Any]:
    """Formula, limits, defaults, version and source, as the card has them; other versions in the release said first."""
    known = sorted({str(row["method_version"]) for row in book.used.get(card.id, ())} - {card.version})
    other = f"This release used version {', '.join(known)}; what stands here is version {card.version}."
    rows: list[tuple[str, Any]] = [
        ("Formula", html.Code(card.formula)),
        ("Limits and edge cases", sentence(card.edge_cases)),
        ("Version", card.version),
        ("Source", sentence(card.source)),
    ]
    terms = html.Dl([html.Div([html.Dt(name), html.Dd(text)]) for name, text in rows], className="terms")
    return [
        html.P(other, className="alarm") if known else None,
        block.panel("How it works", terms, id="how"),
        block.panel("Defaults", *defaults(card.defaults), id="defaults"),
    ]


def defaults(found: Mapping[str, object]) -> list[Any]:
    """Each parameter with the value that holds unless a pack says otherwise."""
    if not found:
        return [html.P("The method has no parameters.")]
    rows = [
        html.Div(
            [html.Dt(name.replace("_", " ")), html.Dd(html.Code(json.dumps(value, ensure_ascii=False, default=str)))]
        )
        for name, value in found.items()
    ]
    return [html.P("These hold unless the pack says otherwise.", className="sub"), html.Dl(rows, className="terms")]


def said(sheet: Sheet) -> str:
    """How many figures of this release it made."""
    total = sum(row["rows"] for row in sheet.raw)
    if not total:
        return "No table of this release rests on it."
    return f"{plural(total, 'row', 'rows')}. The hash names the parameters; one that differs is another setting."


def tables(book: Book, id: str, address: Address) -> Sheet:
    """Tables of the release that the method made rows of."""
    rows = book.used.get(id, ())
    cells = [
        [
            html.A(row["table"], href=address.to("dictionary", row["table"]), className="strong"),
            whole(row["rows"]),
            row["method_version"],
            html.Code(row["params_hash"]),
        ]
        for row in rows
    ]
    heads = (Head("Table"), Head("Figures", True), Head("Version"), Head("Parameters"))
    fields = ("table", "method_id", "method_version", "params_hash", "rows")
    return Sheet("used-in", "Where this release used it", heads, cells, fields, rows)


def listing(book: Book, address: Address) -> Sheet:
    """Every card, by number."""
    cells, raw = [], []
    for card in sorted(cards().values(), key=lambda card: in_order(card.id)):
        rows = book.used.get(card.id, ())
        made = sum(row["rows"] for row in rows)
        link = html.A([html.B(card.id), f" {card.title}"], href=address.to("methods", card.id))
        cells.append([link, claims().get(card.id, ""), card.version, whole(made) if made else "–"])
        raw.append(record(card, made, rows))
    heads = (Head("Method"), Head("What it claims"), Head("Version"), Head("Figures here", True))
    return Sheet("methods", "Every method", heads, cells, tuple(raw[0]), raw)


def record(card: Method, made: int, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A card as it is written to a file."""
    return {
        "id": card.id,
        "title": card.title,
        "claim": claims().get(card.id, ""),
        "version": card.version,
        "formula": card.formula,
        "defaults": json.dumps(dict(card.defaults), ensure_ascii=False, default=str),
        "edge_cases": card.edge_cases,
        "source": card.source,
        "figures": made,
        "tables": " ".join(sorted({str(row["table"]) for row in rows})),
    }


def in_order(id: str) -> tuple[list[int], str]:
    """M3.2 before M3.10, M3.16 before M3.16e, and what has no number last."""
    return [int(part) for part in re.findall(r"\d+", id)] or [1000], id


def sentence(text: str) -> str:
    """A card's words as a sentence."""
    said = text.strip()
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", ")")) else ".")
