"""A table taken away: CSV or workbook, each figure with interval, status and caveat, from the rows that the page shows.

The same address and release give the same bytes: a workbook's dates are those of its release, never of a clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash.development.base_component import Component
from flask import Response

from dashboards import routes
from dashboards.address import Address, Refused
from dashboards.components import words
from dashboards.components.block import View
from dashboards.components.markup import text
from dashboards.components.numbers import day
from dashboards.components.sheet import Sheet, as_csv
from dashboards.components.workbook import as_xlsx
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages.releases import citation
from pipelines.contracts import STATUS_LETTER

Row = Mapping[str, Any]
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FIGURE = re.compile(r"(value|gap|ratio|score|index|total_factor)(_|$)")
"""Fields that hold figures; what stands beside counts, names and features needs no interval."""
INTERVAL = re.compile(r"(^|_)lo(_|$)")
NOT_ALIKE = "not like for like: another body pays part of the service"


def download(library: Library, target: str, found: View) -> Response | None:
    """The table that an address asks for as a file; None where it asks for none. Raises Refused."""
    try:
        book, address = routes.opened(library, target)
    except Refused:
        return None
    asked = [kind for kind in KINDS if kind in address.query]
    if not asked or found.status != 200:
        return None
    if len(asked) > 1:
        raise Refused(400, "Ask for one kind of file at a time.")
    kind = asked[0]
    sheet = next((sheet for sheet in found.sheets if sheet.id == address.query[kind]), None)
    if sheet is None:
        raise Refused(404, "This page has no such table.")
    whole = complete(sheet, book)
    content = as_csv(whole).encode() if kind == "csv" else as_xlsx(whole, facts(book, address, found, whole), book.date)
    name = f"{address.stem(sheet.id)}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=KINDS[kind], headers=headers)


def complete(sheet: Sheet, book: Book) -> Sheet:
    """The table with interval, status and caveat columns, where it holds figures and lacks any of them."""
    fields = list(sheet.fields)
    if not any(FIGURE.match(name) for name in fields):
        return sheet
    fields += [] if any(INTERVAL.search(name) for name in fields) else ["lo", "hi"]
    fields += [name for name in ("status", "caveat") if name not in fields]
    known = Statuses(book)
    rows = []
    for row in sheet.raw:
        status = row.get("status") or known.of(row)
        rows.append({**row, "status": status, "caveat": caveat({**row, "status": status}, book)})
    return replace(sheet, fields=tuple(fields), raw=rows)


class Statuses:
    """Statuses of the figures that a table repeats without theirs, such as exemplars' costs."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._found: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, row: Row) -> str | None:
        """The status of the figure that a row names by body, indicator and period; None where it names none."""
        key = (str(row.get("indicator_id") or ""), str(row.get("period") or ""))
        if not all(key):
            return None
        if key not in self._found:
            rows = self.book.rows("indicator_values", indicator_id=key[0], period=key[1])
            self._found[key] = {each["body_id"]: each["status"] for each in rows}
        return self._found[key].get(str(row.get("exemplar_id") or row.get("body_id")))


def caveat(row: Row, book: Book) -> str:
    """What a reader of one figure must know, in words; empty for a sound one."""
    indicator: Row = book.indicators.get(str(row.get("indicator_id") or ""), {})
    proxy = words.proxy(indicator) if indicator else ""
    found = [
        words.SPOKEN.get(str(row["status"]), ""),
        NOT_ALIKE if row.get("like_for_like") is False else "",
        f"to be confirmed: {row['to_confirm']}" if row.get("to_confirm") else "",
        f"a proxy: {proxy}" if proxy else "",
        str(indicator.get("caveat") or "").rstrip("."),
        str(row.get("reason") or ""),
    ]
    return "; ".join(dict.fromkeys(part for part in found if part))


def facts(book: Book, address: Address, found: View, sheet: Sheet) -> list[tuple[str, str]]:
    """What stands on the sheet "Read me": title, sentence, release, citation, licence, letters, caveats."""
    seen = {str(row.get("status")) for row in sheet.raw}
    letters = [f"{STATUS_LETTER[name]}: {said}" for name, said in words.SPOKEN.items() if name in seen]
    caveats = dict.fromkeys(str(row["caveat"]) for row in sheet.raw if row.get("caveat"))
    listed = [
        ("Title", sheet.title),
        ("What it shows", sentence_of(found.content, sheet.id)),
        ("Page", f"{found.title}: {address.permanent()}"),
        ("Release", f"{book.title}, {book.id}, {day(book.date)}"),
        ("Cite as", citation(book)),
        ("Licence", str(book.facts.get("licence_note") or "as each source on the quality page says")),
        ("Intervals", "95% unless a column or the sentence above says otherwise; lo and hi are its two ends"),
        *(("Letter", letter) for letter in letters),
        *(("Caveat", words.capital(each)) for each in caveats),
        ("Reading", "Where intervals overlap, do not order bodies. No row order here is an order of merit."),
    ]
    return [(name, said) for name, said in listed if said]


def sentence_of(content: Any, id: str) -> str:
    """The words under a block's heading, found by the block's id; empty where it has none."""
    for node in nodes(content):
        if getattr(node, "id", None) == f"sentence-{id}":
            return text(node)
    return ""


def nodes(node: Any) -> list[Component]:
    """Every component below a node, in order."""
    if isinstance(node, Component):
        return [node, *nodes(getattr(node, "children", None))]
    return [found for child in node for found in nodes(child)] if isinstance(node, list | tuple) else []
