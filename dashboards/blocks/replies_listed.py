"""Disputes and notes as tables, a row each: for reading, and to the letter for taking away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.reply import OUTCOME, label_of, quoted
from dashboards.components import block, words
from dashboards.components.numbers import day, period_words
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book
from pipelines.releases.read import Dispute, Note

FIELDS = (
    *("id", "state", "body_id", "name", "indicator_id", "period", "release", "raised", "raised_by", "statement"),
    *("numerator", "denominator", "deadline", "decided", "decided_by", "reason"),
)
NOTE_FIELDS = ("id", "body_id", "name", "service_id", "indicator_id", "period", "release", "noted", "noted_by", "text")


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
