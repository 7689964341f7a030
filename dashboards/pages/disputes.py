"""Disputes: which figures do bodies dispute, what was decided, and what do bodies say?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, choice, only
from dashboards.blocks.reply import OUTCOME, label_of, quoted, service_of
from dashboards.components import block, words
from dashboards.components.numbers import day, period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book, Library
from dashboards.pages.operate import today
from dashboards.runs import records
from pipelines.releases.read import Dispute, Note

FIELDS = (
    *("id", "state", "body_id", "name", "indicator_id", "period", "release", "raised", "raised_by", "statement"),
    *("numerator", "denominator", "deadline", "decided", "decided_by", "reason"),
)
NOTE_FIELDS = ("id", "body_id", "name", "service_id", "indicator_id", "period", "release", "noted", "noted_by", "text")
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


def listing(book: Book, address: Address, found: Sequence[Dispute], until: str) -> Sheet:
    """One row per dispute."""
    cells = [
        [
            [
                html.A(
                    f"{book.name(each.body)}: {words.uncapital(label_of(book, each.indicator))}",
                    href=address.to("dispute", each.id),
                    className="strong",
                ),
                block.note(f"{period_words(each.period)}; dispute {each.id}"),
            ],
            [day(each.when[:10]), block.note(html.Bdi(each.who))],
            due(each, until),
            decided(each),
        ]
        for each in found
    ]
    heads = (Head("Disputed figure"), Head("Raised"), Head("Answer due"), Head("Decision"))
    return Sheet("disputes", "Disputed figures", heads, cells, FIELDS, [raw(book, each) for each in found])


def due(dispute: Dispute, until: str) -> str:
    """The day an answer is due, and whether the records here go beyond it."""
    late = dispute.is_open and dispute.deadline < until
    return f"{day(dispute.deadline)}{', which has passed' if late else ''}"


def decided(dispute: Dispute) -> Any:
    """What was decided, when and by whom."""
    ruling = dispute.ruling
    if ruling is None:
        return "No decision yet"
    return [OUTCOME[ruling.outcome], block.note(f"{day(ruling.when[:10])}, ", html.Bdi(ruling.who))]


def raw(book: Book, dispute: Dispute) -> dict[str, Any]:
    """A dispute as a row of a file."""
    ruling = dispute.ruling
    return {
        "id": dispute.id,
        "state": ruling.outcome if ruling else "open",
        "body_id": dispute.body,
        "name": book.name(dispute.body),
        "indicator_id": dispute.indicator,
        "period": dispute.period,
        "release": dispute.release,
        "raised": dispute.when,
        "raised_by": dispute.who,
        "statement": dispute.statement,
        "numerator": dispute.numerator,
        "denominator": dispute.denominator,
        "deadline": dispute.deadline,
        "decided": ruling.when if ruling else None,
        "decided_by": ruling.who if ruling else None,
        "reason": ruling.reason if ruling else None,
    }


def noted(book: Book, address: Address, notes: Sequence[Note]) -> Sheet:
    """One row per note."""
    cells, rows = [], []
    for note in notes:
        known = note.service in book.services
        label = str(book.services[note.service]["label"]) if known else note.service
        on = f"{label_of(book, note.indicator)}, {period_words(note.period)}" if note.indicator else ""
        page = html.A(book.name(note.body), href=address.to("body", note.body, "service", note.service))
        cells.append(
            [
                [page if known else book.name(note.body), block.note(label), block.note(on) if on else None],
                [day(note.when[:10]), block.note(html.Bdi(note.who))],
                quoted(note.text),
            ]
        )
        row = (note.id, note.body, book.name(note.body), note.service, note.indicator, note.period, note.release)
        rows.append(dict(zip(NOTE_FIELDS, (*row, note.when, note.who, note.text), strict=True)))
    heads = (Head("On"), Head("Said"), Head("In its own words"))
    return Sheet("notes", "Notes of bodies", heads, cells, NOTE_FIELDS, rows)


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
