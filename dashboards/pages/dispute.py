"""One dispute: what does a body say is wrong, what was decided, and what would the figure be?"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.address import Address, Refused, only
from dashboards.blocks.recomputed import again, amount, arithmetic, measure_label, recomputed
from dashboards.blocks.reply import OUTCOME, label_of, quoted, service_of
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import day, moment, period_words
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages.disputes import now
from pipelines.releases.read import Dispute


def layout(library: Library, book: Book, address: Address) -> block.View:
    """The page `/dispute/<id>`: the figure, the body's statement, the decision, the figure again, every event."""
    only(address)
    dispute = book.replies.dispute(address.parts[1])
    if dispute is None:
        raise Refused(404, f"There is no dispute “{address.parts[1]}” of a figure of {book.title}.")
    source = shelved(library, book.pack, dispute)
    made = again(source, dispute) if source else None
    label = words.uncapital(label_of(book, dispute.indicator))
    title = f"{book.name(dispute.body)} disputes: {label}, {period_words(dispute.period)}"
    content = [
        block.heading(title, address, kicker=crumbs(book, address, dispute), section="releases"),
        block.lede(*lede(dispute, now(library, book))),
        says(book, dispute),
        decision(book, dispute),
        recomputed(address, source, dispute, made),
        arithmetic(made),
        figure(book, address, source, dispute),
        events(dispute),
    ]
    return block.View(title, [part for part in content if part is not None], "releases", (made[1],) if made else ())


def shelved(library: Library, pack: str, dispute: Dispute) -> Book | None:
    """The release that the dispute is about, where it still stands on the shelf."""
    try:
        return library.book(pack, dispute.release)
    except KeyError:
        return None


def crumbs(book: Book, address: Address, dispute: Dispute) -> list[Any]:
    """To the list, and to the body's page of the service."""
    service = service_of(book, dispute)
    parts: list[Any] = [html.A("Right of reply", href=address.to("disputes")), " › "]
    if service and dispute.body in book.bodies:
        page = address.to("body", dispute.body, "service", service)
        return [*parts, html.A(f"{book.name(dispute.body)}, {book.services[service]['label']}", href=page)]
    return [*parts, book.name(dispute.body)]


def lede(dispute: Dispute, until: str) -> list[Any]:
    """How the dispute stands; for an open one the day an answer is due, and whether the records go beyond it."""
    ruling = dispute.ruling
    if ruling is not None:
        return [html.B(f"{OUTCOME[ruling.outcome]} on {day(ruling.when[:10])}"), " by ", html.Bdi(ruling.who), "."]
    passed = "has passed" if dispute.deadline < until else "has not passed"
    return [
        html.B("No decision yet."),
        f" An answer is due by {day(dispute.deadline)}. By the newest record here, of {day(until)}, that day {passed}.",
    ]


def says(book: Book, dispute: Dispute) -> html.Section:
    """The body's statement, and the inputs that it says are right."""
    stated = [
        html.Li([f"{measure_label(book, dispute, part)}: ", html.B(amount(book, dispute, part, value))])
        for part, value in (("numerator", dispute.numerator), ("denominator", dispute.denominator))
        if value is not None
    ]
    return block.panel(
        f"What {book.name(dispute.body)} says",
        html.P(["Raised by ", html.Bdi(dispute.who), f" on {day(dispute.when[:10])}:"], className="sub"),
        quoted(dispute.statement),
        html.P("It says the publisher should have stated:") if stated else None,
        html.Ul(stated) if stated else None,
        id="statement",
    )


def decision(book: Book, dispute: Dispute) -> html.Section:
    """What was decided and why; or that nothing is, and how to."""
    ruling = dispute.ruling
    if ruling is None:
        command = f"evenhand disputes decide {book.pack} {dispute.id} --outcome OUTCOME --by NAME --note WHY"
        parts: list[Any] = [
            html.P("No decision yet."),
            html.P(["Whoever publishes decides with ", html.Code(command)], className="sub"),
        ]
    else:
        said = f"{OUTCOME[ruling.outcome]}, {day(ruling.when[:10])}, by "
        parts = [html.P([html.B(said), html.Bdi(ruling.who), ":"], className="sub"), quoted(ruling.reason)]
    return block.panel("What was decided", *parts, id="decision")


def figure(book: Book, address: Address, source: Book | None, dispute: Dispute) -> html.Section:
    """Where the figure stands: its claim in the release it is about, and in the one in view."""
    parts = ("claim", *dispute.figure)
    raised: list[Any] = ["Raised on release ", html.Code(dispute.release[:12]), ". "]
    if source:
        pinned = Address(book.pack, source.id[:12], ()).to(*parts, source.headline)
        raised += [html.A("Its claim in that release", href=pinned, **attrs(data_full="")), "."]
    items = [html.Li(raised)]
    if book.id != dispute.release and book.standing(book.headline, **key_of(dispute)):
        items.append(html.Li(html.A("The same figure in the release in view", href=address.to(*parts, book.headline))))
    return block.panel("The figure", html.Ul(items), id="figure")


def key_of(dispute: Dispute) -> dict[str, str]:
    """Columns of a figure."""
    return dict(zip(("body_id", "indicator_id", "period"), dispute.figure, strict=True))


def events(dispute: Dispute) -> html.Section:
    """Everything that happened, in order."""
    said: list[Any] = [html.Li([f"{moment(dispute.when)}: raised by ", html.Bdi(dispute.who), "."])]
    for ruling in dispute.rulings:
        outcome = words.uncapital(OUTCOME[ruling.outcome])
        said.append(html.Li([f"{moment(ruling.when)}: {outcome}, says ", html.Bdi(ruling.who), "."]))
    note = (
        f"An answer was asked for by {day(dispute.deadline)}. Unless another day is agreed that is 20 working days: "
        "weekends are left out, public holidays are not. Nothing here is ever edited; a later event supersedes."
    )
    return block.panel("What happened", html.Ol(said), html.P(note, className="sub"), id="events")
