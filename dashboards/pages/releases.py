"""Releases: what can I cite?"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.address import Address, only
from dashboards.components import block
from dashboards.components.markup import attrs
from dashboards.components.numbers import day, plural, whole
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book
from dashboards.library import Library


def layout(library: Library, book: Book, address: Address) -> block.View:
    """The page `/releases`: every release of the pack that stands on the shelf; the current one is marked."""
    only(address)
    sheet = listing(library, book, address)
    title = "Releases"
    count = plural(len(sheet.cells), "release stands", "releases stand")
    return block.View(
        title,
        [
            block.heading(title, address, kicker=book.title, section="releases"),
            block.lede(f"{count} on the shelf. A release never changes: its name is made from its content."),
            block.table_block(
                "Every release", "Dates are those of the newest edition read, since no clock is read.", sheet, address
            ),
            block.panel(
                "Verify and cite",
                html.P(
                    [
                        "To check that a release is what its name says: ",
                        html.Code(f"evenhand releases verify {book.pack} {book.id}"),
                    ]
                ),
                html.P(
                    [
                        "What bodies say of their figures, and what was decided: ",
                        html.A("Right of reply", href=address.to("disputes")),
                    ]
                ),
                html.P(["To cite the release in view: ", html.Cite(citation(book))]),
                id="cite",
            ),
        ],
        "releases",
        (sheet,),
    )


def citation(book: Book) -> str:
    """Title, date and name of a release, as one line."""
    return f"Evenhand, {book.title}, release {book.id[:12]} of {day(book.date)}."


def compare_links(library: Library, book: Book, address: Address) -> list[Any]:
    """What changed against the release before, and, for one that is not current, what the current one changed."""
    now, before = library.book(book.pack).id, library.earlier(book.pack, book.id)
    pairs = [(f"Since {before[:12]}", before, book.id)] if before else []
    pairs += [("Until the current one", book.id, now)] if now not in (book.id, "") else []
    return [
        html.A(said, href=address.to("releases", f"{old[:12]}..{new[:12]}")) for said, old, new in pairs if old != new
    ]


def listing(library: Library, book: Book, address: Address) -> Sheet:
    now = dict(library.current()).get(book.pack, "")
    books = [library.book(book.pack, id) for id in library.releases(book.pack)]
    books.sort(key=lambda each: (each.date, each.id == now, each.id), reverse=True)
    cells, raw = [], []
    for each in books:
        number = each.facts["counts"]
        first = Address(book.pack, each.id[:12], ())
        mark = "Current" if each.id == now else "Older" if each.date <= library.book(book.pack).date else "Not current"
        cells.append(
            [
                [
                    html.A(html.Code(each.id[:12]), href=address.to("releases", each.id[:12]), className="strong"),
                    html.Span(html.A("its pages", href=first.to(), **attrs(data_full="")), className="note"),
                ],
                day(each.date),
                mark,
                whole(number["bodies"]),
                whole(number["values"]),
                whole(number["quarantined"]),
                f"{number['checks_passed']:,} passed, {number['checks_warned']:,} warned",
                [[link, html.Br()] for link in compare_links(library, each, address)] or "–",
            ]
        )
        raw.append({"release": each.id, "date": each.date, "state": mark, **number})
    heads = (
        Head("Release"),
        Head("Date"),
        Head("State"),
        Head("Bodies", True),
        Head("Figures", True),
        Head("Quarantined", True),
        Head("Checks"),
        Head("What changed"),
    )
    fields = (
        "release",
        "date",
        "state",
        "bodies",
        "values",
        "quarantined",
        "checks_passed",
        "checks_warned",
        "checks_failed",
        "checks_not_evaluated",
    )
    return Sheet("releases", "Every release", heads, cells, fields, raw)
