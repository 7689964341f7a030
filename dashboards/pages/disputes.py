"""Disputes: which figures do bodies dispute, what was decided, and what do bodies say?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, choice, only
from dashboards.blocks.replies_listed import listing, noted
from dashboards.blocks.reply import service_of
from dashboards.components import block, words
from dashboards.components.numbers import plural
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages.operate import today
from dashboards.runs import records
from pipelines.releases.read import Dispute

ORDER = "Open ones first, in the order in which an answer is due; then decided ones, the newest decision first."


def layout(library: Library, book: Book, address: Address) -> block.View:
    """The page `/disputes`: every dispute and every note of the pack, of one service where it is named."""
    only(address, "service")
    service = choice(address, "service", book.services, "")
    found = [each for each in ordered(book) if service in ("", service_of(book, each))]
    notes = [each for each in reversed(book.replies.notes) if service in ("", each.service)]
    sheet, said = listing(book, address, found, now(library, book)), noted(book, address, notes)
    title = "Right of reply"
    content = [
        block.heading(title, address, kicker=book.title, section="releases"),
        block.lede(*lede(found)),
        form(book, address, service),
        block.table_block("Disputed figures", ORDER, sheet, address) if found else None,
        block.table_block("Notes of bodies", "In each body’s own words, the newest first.", said, address)
        if notes
        else None,
        how(book),
        unread(book),
    ]
    return block.View(title, [part for part in content if part is not None], "releases", (sheet, said))


def ordered(book: Book) -> list[Dispute]:
    """Open disputes by the day an answer is due, then decided ones, the newest decision first."""
    decided = [each for each in book.replies.disputes if each.ruling]
    return [*book.replies.open, *sorted(decided, key=lambda each: each.rulings[-1].when, reverse=True)]


def now(library: Library, book: Book) -> str:
    """The day of the newest record here, a run or a reply. No clock is read."""
    said = book.replies
    events = [each.when for each in said.disputes] + [each.when for each in said.notes]
    events += [ruling.when for each in said.disputes for ruling in each.rulings]
    return max([today(book, records(library.home)), *(when[:10] for when in events)])


def lede(found: Sequence[Dispute]) -> list[Any]:
    """How many are open, how many were decided."""
    if not found:
        return [html.B("No figure is disputed."), " Each body may dispute any figure of its own; this page shows it."]
    waiting = sum(each.is_open for each in found)
    count = plural(waiting, "dispute waits", "disputes wait") if waiting else "No dispute waits"
    return [html.B(f"{count} for a decision"), f"; {words.number_word(len(found) - waiting)} decided."]


def form(book: Book, address: Address, service: str) -> html.Form:
    """One service or all."""
    listed = [("", "All services"), *((id, str(row["label"])) for id, row in book.services.items())]
    return block.controls(address, block.control("service", "Service", listed, service, ""))


def how(book: Book) -> html.Section:
    """How a body is heard, and what a decision does and does not do."""
    return block.panel(
        "How to dispute a figure",
        html.P("Open the figure: the end of its claim names the publisher, the cell and the command."),
        html.P(
            "A decision changes no release. Where it is upheld, the publisher’s next edition brings the other figure, "
            "and the next release is made from that."
        ),
        html.P(["The same from a terminal: ", html.Code(f"evenhand disputes list {book.pack}")]),
        id="how",
    )


def unread(book: Book) -> html.Section | None:
    """Lines of the log that cannot be used, each with the reason."""
    lines = book.replies.unread
    if not lines:
        return None
    items = [html.Li(line, dir="auto") for line in lines[:30]]
    return block.panel(f"Lines of the log that are left out: {len(lines):,}", html.Ul(items), id="unread")
