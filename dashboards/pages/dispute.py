"""One dispute: what does a body say is wrong, what was decided, and what would the figure be?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import html

from dashboards.address import Address, Refused, only
from dashboards.blocks.reply import OUTCOME, label_of, quoted, service_of
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import day, moment, period_words
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book, Library
from dashboards.pages.claim import step_item
from dashboards.pages.disputes import now
from pipelines.errors import BadInput
from pipelines.releases.read import Dispute, Recomputed, recompute

ALONE = (
    "Recomputed for this body alone, by the release’s own method and against the same peers, whose figures stay as "
    "published. The release stays as it is; the publisher’s next edition rules."
)
FIELDS = (
    *("figure", "body_id", "indicator_id", "period", "numerator", "denominator", "value", "lo", "hi", "status"),
    *("like_for_like", "n_peers", "peer_median", "ratio", "ratio_lo", "ratio_hi", "verdict", "reason"),
)
Made = tuple[Recomputed, Sheet]


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


def measure_label(book: Book, dispute: Dispute, part: str) -> str:
    """The name of a disputed figure's numerator or denominator."""
    measure = book.indicators.get(dispute.indicator, {}).get(part) or part
    return str(book.measures[measure]["label"]) if measure in book.measures else words.capital(measure)


def amount(book: Book, dispute: Dispute, part: str, value: float | None) -> str:
    """An input with its unit; money as spent."""
    if value is None:
        return "–"
    measure = book.indicators.get(dispute.indicator, {}).get(part) or part
    style = book.measure_style(str(book.measures.get(measure, {}).get("unit", "count")))
    return style.sentence(value)


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


def again(source: Book, dispute: Dispute) -> Made | None:
    """The figure recomputed, and its table; None where no input is named or no such figure stands there."""
    try:
        found = recompute(source.release, dispute)
    except BadInput:
        return None
    return found, sheet(source, dispute, found)


def sheet(source: Book, dispute: Dispute, found: Recomputed) -> Sheet:
    """As published and recomputed, one row each."""
    style = source.style(dispute.indicator)
    sides = (("As published", found.published), ("Recomputed with the body’s inputs", found.own))
    cells, raw = [], []
    for name, side in sides:
        row = {**side, "verdict": side["verdict"] or "withheld"}
        money = row["numerator_nominal"] if found.indicator["real_terms"] else row["numerator"]
        interval = style.interval(row["lo"], row["hi"], row["value"]) if row["lo"] is not None else "–"
        inputs = [amount(source, dispute, "numerator", money)]
        inputs += [amount(source, dispute, "denominator", row["denominator"])] if found.indicator["denominator"] else []
        cells.append(
            [name, *inputs, words.shown(row, style), interval, words.difference(row) or "–", verdict(row, found)]
        )
        raw.append({"figure": name, **{part: row.get(part) for part in FIELDS[1:]}, "numerator": money})
    labels = [measure_label(source, dispute, part) for part in ("numerator", "denominator")]
    heads = (
        Head("Figure"),
        *(Head(label, True) for label in labels[: 2 if found.indicator["denominator"] else 1]),
        Head(words.capital(style.unit), True),
        Head("95% interval", True),
        Head("Against the peers’ median"),
        Head("Verdict"),
    )
    title = f"Published and recomputed: {label_of(source, dispute.indicator)}, {period_words(dispute.period)}"
    return Sheet("recomputed", title, heads, cells, FIELDS, raw, words.letters_used(raw))


def verdict(row: dict[str, Any], found: Recomputed) -> html.Span:
    """The verdict of a side in words."""
    return words.verdict(row, found.indicator["polarity"])


def recomputed(address: Address, source: Book | None, dispute: Dispute, made: Made | None) -> html.Section:
    """The table; or why there is none."""
    if made:
        return block.table_block("Published and recomputed", ALONE, made[1], address)
    why = "The release that it is about no longer stands on the shelf, so it cannot be recomputed."
    if source:
        why = "The body names no other input, so there is nothing to recompute."
    if source and dispute.corrects:
        why = f"Release {source.id[:12]} has no such figure, so it cannot be recomputed."
    return block.panel("Published and recomputed", html.P(why), id="title-recomputed")


def arithmetic(made: Made | None) -> html.Section | None:
    """Each step of the recomputed figure, with its numbers."""
    if made is None:
        return None
    # Nothing of it was published, so no step can be said to reproduce what was.
    steps = html.Ol([step_item(replace(step, reproduced=None)) for step in made[0].steps], className="steps")
    return block.panel("How it is recomputed", html.Div(steps, className="claim"), id="steps")


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
