"""Service across the sector: every body with its value, interval and verdict, alphabetically. No order of merit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import html

from dashboards.address import Address, Refused, choice, only, page_number
from dashboards.blocks.reply import disputed, replies_on
from dashboards.components import block, words
from dashboards.components.numbers import period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import explain_strip
from dashboards.data import Book
from dashboards.pages.bodies import pager
from dashboards.pages.body import STALE, figures
from dashboards.pages.rows import FIELDS, counts, first_measure, kinds, named
from dashboards.pages.services import proxy

PAGE = 50
Row = dict[str, Any]


def layout(book: Book, address: Address) -> block.View:
    """The page `/service/<id>`: one measure of the service, one period, 50 bodies to a page."""
    only(address, "measure", "period", "model", "kind", "page")
    service = address.parts[1]
    if service not in book.services:
        raise Refused(404, f"This release has no service called “{service}”.")
    measures = {row["indicator_id"]: row for row in book.indicators_of(service)}
    model = choice(address, "model", book.models, book.headline)
    kind = choice(address, "kind", kinds(book), "")
    first = first_measure(book, service, model, kind)
    indicator = choice(address, "measure", measures, first)
    periods = book.periods_of(indicator)
    period = choice(address, "period", periods, book.newest(indicator))
    rows = with_words(book, named(book, book.standing(model, indicator_id=indicator, period=period), kind), indicator)
    pages = -(-len(rows) // PAGE)
    page = page_number(address, pages)
    label = book.services[service]["label"]
    title = f"{label}, {period_words(period)}" if period else label
    form = block.controls(
        address,
        block.control("measure", "Measure", [(id, row["label"]) for id, row in measures.items()], indicator, first),
        block.control(
            "period",
            "Period",
            [(each, period_words(each)) for each in reversed(periods)],
            period,
            book.newest(indicator),
        ),
        block.control("model", "Peers", [(id, str(r["label"])) for id, r in book.models.items()], model, book.headline),
        *kind_control(book, kind),
    )
    part = listing(book, address, indicator, model, rows[(page - 1) * PAGE : page * PAGE])
    return block.View(
        title,
        [
            block.heading(title, address, kicker=crumbs(address, label), section="services"),
            block.lede(*lede(book, indicator, rows)),
            form,
            table(book, address, indicator, period, model, part, len(rows)),
            pager(address, page, pages),
            about(book, service, indicator, rows),
            replies_on(book, address, service),
        ],
        "services",
        (replace(part, raw=rows, key=words.letters_used(rows)),),
    )


def crumbs(address: Address, label: str) -> list[Any]:
    return [html.A("Services", href=address.to("services")), " › ", label]


def kind_control(book: Book, kind: str) -> list[Any]:
    if len(kinds(book)) < 2:
        return []
    return [block.control("kind", "Kind", [("", f"All {book.nouns}"), *kinds(book).items()], kind, "")]


def with_words(book: Book, rows: Sequence[Row], indicator: str) -> list[Row]:
    """Rows with what the shared cells need besides figures."""
    found = book.indicators[indicator]
    more = {"label": found["label"], "proxy": found["proxy"], "polarity": found["polarity"], "agreement": (0, 0)}
    return [{**row, **more} for row in rows]


def lede(book: Book, indicator: str, rows: Sequence[Row]) -> list[Any]:
    """How many can be compared, and how they stand; who is left out."""
    found, row = counts(rows), book.indicators[indicator]
    parts: list[Any] = [
        f"{row['label']}: ",
        html.B(f"{found['same']:,} of {found['compared']:,} {book.nouns} cannot be told apart from their own peers"),
        f"; {found['higher']:,} higher, {found['lower']:,} lower. ",
    ]
    if not found["compared"]:
        parts = [f"{row['label']}: no {book.noun} has a verdict in this period. "]
    if found["apart"]:
        parts.append(f"{plural(found['apart'], book.noun, book.nouns)} left out as not like for like. ")
    return parts


def listing(book: Book, address: Address, indicator: str, model: str, rows: Sequence[Row]) -> Sheet:
    """One row per body, alphabetically."""
    cells = []
    for row in rows:
        name = html.A(row["name"], href=address.to("body", row["body_id"]), className="strong")
        confirm = words.to_confirm(row, book.noun)
        link = [name, block.note(confirm) if confirm else None, disputed(book, address, row)]
        value, *others = figures(book, address, row, model)
        value.id = f"claim-{row['body_id']}"
        cells.append([link, value, *others])
    style = book.style(indicator)
    heads = (
        Head(words.capital(book.noun)),
        Head(words.capital(style.unit), True),
        Head("95% interval", True),
        Head("Middle half of peers", True),
        Head(["Position", html.Br(), "(each row from zero)"]),
        Head("Against its own peers"),
    )
    title = book.indicators[indicator]["label"]
    return Sheet("sector", title, heads, cells, FIELDS, rows, words.letters_used(rows))


def table(book: Book, address: Address, indicator: str, period: str, model: str, sheet: Sheet, total: int) -> Any:
    shown = f"{len(sheet.cells)} of {total} shown. " if len(sheet.cells) < total else ""
    said = [
        f"Alphabetically, with the range each is likely to lie in (95%). {shown}Where lines overlap, do not order them."
    ]
    age = book.age(period)
    said += (
        [f" {period_words(period)} is {plural(age, 'year', 'years')} older than the newest figures at hand."]
        if age >= STALE
        else []
    )
    note = proxy(book.indicators[indicator])
    return block.table_block(
        book.indicators[indicator]["label"],
        [*said, " ", note] if note else said,
        sheet,
        address,
        block.Origin((indicator, period, model)),
        above=explain_strip(f"the {book.noun}"),
    )


def about(book: Book, service: str, indicator: str, rows: Sequence[Row]) -> html.Section:
    """What the service covers, what to know of the measure, and who is left out, with the source of each flag."""
    notes = [book.services[service]["note"], book.indicators[indicator]["caveat"]]
    content: list[Any] = [html.P(note) for note in notes if note]
    flags = {row["body_id"]: row for row in book.rows("scope_flags", service_id=service)}
    apart = [row for row in rows if not row["like_for_like"]]
    if apart:
        items = [html.Li([html.B(row["name"]), f": {reason_of(flags.get(row['body_id']))}"]) for row in apart]
        content.append(block.help_block(f"Left out as not like for like: {len(apart)}", html.Ul(items)))
    content = content or [html.P("The pack states nothing more about this service.")]
    return block.panel("What this covers", *content, id="about")


def reason_of(flag: Row | None) -> str:
    return f"{flag['reason']} (source: {flag['source']})." if flag else "another body pays part of the service."
