"""Right of reply on other pages: the mark of a disputed figure, a body's block, a service's, a figure's own section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.numbers import day, period_words, plural
from dashboards.data import Body, Book
from pipelines.releases.read import Claim, Dispute, Note

Row = Mapping[str, Any]
OUTCOME = {
    "upheld": "Upheld",
    "partly-upheld": "Partly upheld",
    "not-upheld": "Not upheld",
    "withdrawn": "Withdrawn by the body",
}


def about(book: Book, row: Row) -> tuple[Dispute, ...]:
    """Disputes of the very figure of a row."""
    return book.replies.about(row["body_id"], row["indicator_id"], row["period"])


def disputed(book: Book, address: Address, row: Row) -> html.Span | None:
    """A short mark with a link, for a figure under open dispute; nothing for others."""
    found = next((each for each in about(book, row) if each.is_open), None)
    if found is None:
        return None
    label = book.indicators[row["indicator_id"]]["label"]
    link = html.A(["disputed", html.Span(f": {label}", className="unseen")], href=address.to("dispute", found.id))
    return html.Span(link, className="note disputed")


def right_of_reply(book: Book, address: Address, body: Body, service: str) -> html.Section:
    """A body's notes, its disputes and what was decided on one service; or that nothing was said, and how to."""
    notes = [note for note in book.replies.notes if (note.body, note.service) == (body.id, service)]
    disputes = [each for each in book.replies.disputes if each.body == body.id and service_of(book, each) == service]
    return block.panel(
        "Right of reply",
        *noted(book, notes),
        html.Ul([html.Li(listed(book, address, each)) for each in disputes]) if disputes else None,
        None if notes or disputes else html.P(f"{body.name} has said nothing of these figures, and disputes none."),
        how_to_reply(book, body, service),
        id="reply",
    )


def noted(book: Book, notes: Sequence[Note]) -> list[Any]:
    """The newest note on each thing in full; earlier ones, which it supersedes, folded away."""
    standing = {(note.indicator, note.period): note for note in notes}
    earlier = [note for note in notes if note not in standing.values()]
    parts: list[Any] = [html.Div(note_in_full(book, note)) for note in standing.values()]
    if earlier:
        items = [html.Div(note_in_full(book, note)) for note in reversed(earlier)]
        count = plural(len(earlier), "earlier note", "earlier notes")
        parts.append(html.Details([html.Summary(f"Show {count}, superseded"), *items]))
    return parts


def note_in_full(book: Book, note: Note) -> list[Any]:
    """Who said it and when, on which figure, in the body's own words."""
    on = f" on {words.uncapital(label_of(book, note.indicator))}, {period_words(note.period)}" if note.indicator else ""
    return [html.P([html.Bdi(note.who), f"{on}, {day(note.when[:10])}:"], className="sub"), quoted(note.text)]


def quoted(said: str) -> html.Blockquote:
    """Somebody's own words, each paragraph in the direction of its own letters."""
    parts = [part for part in said.split("\n\n") if part.strip()]
    return html.Blockquote([html.P(part.strip(), dir="auto") for part in parts])


def listed(book: Book, address: Address, dispute: Dispute) -> list[Any]:
    """One dispute in a line: the figure with its link, and how it stands."""
    link = html.A(
        f"{label_of(book, dispute.indicator)}, {period_words(dispute.period)}", href=address.to("dispute", dispute.id)
    )
    return [link, f": disputed on {day(dispute.when[:10])}. ", *stands(dispute)]


def stands(dispute: Dispute) -> list[Any]:
    """That nothing is decided and when an answer is due; or what was decided, when and by whom."""
    ruling = dispute.ruling
    if ruling is None:
        return [html.B("No decision yet"), f"; an answer is due by {day(dispute.deadline)}."]
    return [html.B(OUTCOME[ruling.outcome]), f" on {day(ruling.when[:10])} by ", html.Bdi(ruling.who), "."]


def how_to_reply(book: Book, body: Body, service: str) -> html.P:
    """What to do, in one sentence with a command."""
    command = f"evenhand disputes note {book.pack} {body.id} {service} --by NAME --text TEXT"
    return html.P(
        [
            f"To reply, {body.name} writes to whoever runs this site{reached(book)}, who records its words with ",
            html.Code(command),
            ". To dispute one figure, open it: its claim says how.",
        ],
        className="sub",
    )


def reached(book: Book) -> str:
    """How to reach whoever runs this site, in brackets, where the pack declares it."""
    declared = str(book.facts.get("contact") or "").strip()
    return f" ({declared})" if declared else ""


def replies_on(book: Book, address: Address, service: str) -> html.Section:
    """How many figures of a service are under dispute, with each open one."""
    found = [each for each in book.replies.disputes if service_of(book, each) == service]
    open_ones = [each for each in book.replies.open if each in found]
    count = plural(len(open_ones), "figure of this service is", "figures of this service are")
    said = f"{count if open_ones else 'No figure of this service is'} under open dispute"
    decided = len(found) - len(open_ones)
    more = f"; {plural(decided, 'dispute was', 'disputes were')} decided" if decided else ""
    link = html.A("See every dispute", href=address.to("disputes", service=service))
    items = [html.Li([f"{book.name(each.body)}: ", *listed(book, address, each)]) for each in open_ones]
    return block.panel(
        "Right of reply", html.P([f"{said}{more}. ", link]), html.Ul(items) if items else None, id="reply"
    )


def how_to_dispute(book: Book, address: Address, claim: Claim) -> list[Any]:
    """Disputes of this very figure, whom to tell, and the command that puts a dispute on record."""
    found = book.replies.about(claim.body, claim.figure, claim.period)
    command = (
        f"evenhand disputes raise {book.pack} {claim.body} {claim.figure} {claim.period} --by NAME --statement TEXT"
    )
    return [
        html.Ul([html.Li(listed(book, address, each)) for each in found]) if found else None,
        html.P(
            [
                "Tell the publisher named in the row above, quoting its edition and cell, and tell whoever runs this "
                f"site{reached(book)}, quoting release {claim.release}. They put it on record, for everybody to see: ",
                html.Code(command),
                ". With ",
                html.Code("--numerator"),
                " or ",
                html.Code("--denominator"),
                " the figure is recomputed for this body alone.",
            ]
        ),
    ]


def label_of(book: Book, indicator: str) -> str:
    """An indicator's label; its identifier where this release has none of it."""
    return str(book.indicators[indicator]["label"]) if indicator in book.indicators else indicator


def service_of(book: Book, dispute: Dispute) -> str:
    """The service of a disputed figure; empty where this release has no such indicator."""
    return str(book.indicators[dispute.indicator]["service_id"]) if dispute.indicator in book.indicators else ""
